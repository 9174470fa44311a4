"""Three ways to damage a save: flip one bit, cut a file short, delete a file. Places are drawn by a seed."""

import pathlib
import random
import typing

FLIP, CUT, DELETE = "a bit flipped", "a file cut", "a file deleted"
KINDS = [FLIP, CUT, DELETE]


class Damage(typing.NamedTuple):
    """One damage: `file` is the path inside the save ("" if it is a single file), `byte` counts from 0.

    A flip inverts bit `bit` (0 to 7) of that byte; a cut keeps what stands before it.
    """

    kind: str
    file: str
    byte: int = 0
    bit: int = 0


def draw(save: pathlib.Path, kind: str, number: int) -> Damage:
    """A place for a flip or a cut: any byte of any file is equally likely, and `number` decides which.

    Raises:
        ValueError: the save has no bytes.
    """
    chance = random.Random(f"{kind} {number}")
    sizes = {name: (save / name).stat().st_size for name in files(save)}
    byte = chance.randrange(sum(sizes.values()))
    for name, size in sizes.items():
        if byte < size:
            return Damage(kind, name, byte, chance.randrange(8))
        byte -= size
    raise AssertionError("a byte lies in one of the files")


def deletions(save: pathlib.Path) -> list[Damage]:
    """One deletion for each file of a save."""
    return [Damage(DELETE, name) for name in files(save)]


def files(save: pathlib.Path) -> list[str]:
    """The files of a save by their path inside it, in order; [""] if it is a single file."""
    if save.is_file():
        return [""]
    return sorted(path.relative_to(save).as_posix() for path in save.rglob("*") if path.is_file())


def apply(save: pathlib.Path, damage: Damage) -> None:
    """Damage a save on the disk."""
    path = save / damage.file
    if damage.kind == DELETE:
        path.unlink()
        return
    content = bytearray(path.read_bytes())
    if damage.kind == FLIP:
        content[damage.byte] ^= 1 << damage.bit
    else:
        del content[damage.byte :]
    path.write_bytes(content)
