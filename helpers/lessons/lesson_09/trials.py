"""What one trial is, which formats there are, and where a save of each lies."""

import pathlib
import random
import shutil
import typing

from helpers.core import files
import numpy

KINDS = [".keras", ".h5", ".weights.h5", "export", "checkpoint"]
WITHOUT_SETTINGS = {".weights.h5", "checkpoint"}  # these hold numbers; the rest comes from code


class Trial(typing.NamedTuple):
    """One trial: what was done, to which way of saving, in which format, and what became of the model.

    `outcome` is empty while the trial is only planned. `detail` says where a damage was, or which error
    was seen.
    """

    experiment: str
    way: str
    kind: str
    number: int
    outcome: str = ""
    detail: str = ""


def label(name: str) -> str:
    """The short name of a way of saving or loading: "sealed" for "guards:sealed"."""
    return name.replace(":", ".").rpartition(".")[2]


def path(folder: pathlib.Path, kind: str) -> pathlib.Path:
    """Where the save of a kind lies: `model.keras`, `model.weights.h5`, or the folder `export`."""
    return folder / (f"model{kind}" if kind.startswith(".") else kind)


def copy(save: pathlib.Path, place: pathlib.Path) -> None:
    """Copy a file or a folder, in place of what may be there."""
    remove(place)
    place.parent.mkdir(parents=True, exist_ok=True)
    (shutil.copytree if save.is_dir() else shutil.copyfile)(save, place)


def remove(place: pathlib.Path) -> None:
    """Remove a file or a folder, if there is one."""
    shutil.rmtree(place) if place.is_dir() else place.unlink(missing_ok=True)


def in_order(found: list[Trial]) -> list[Trial]:
    """Trials by experiment as they began, then by format and number, whoever was ready first."""
    experiments = list(dict.fromkeys(trial.experiment for trial in found))
    return sorted(
        found, key=lambda trial: (experiments.index(trial.experiment), KINDS.index(trial.kind), trial.number)
    )


# What became of a model: the five outcomes of damage, and the four of a save that was interrupted.


ERROR = "clean error"
WRONG = "wrong answers"
OTHER = "other change"
UNHARMED = "no effect"
CRASH = "crash or hang"
OF_DAMAGE = [ERROR, WRONG, OTHER, UNHARMED, CRASH]
SILENT = {WRONG, OTHER}

OLD = "the old model"
NEW = "the new model"
MIXED = "a mixture"
LOST = "nothing loads"
OF_A_SAVE = [OLD, NEW, MIXED, LOST]
LOSSES = {MIXED, LOST}

TOLERANCE = 1e-6  # by how much an answer may move and still count as the same

State = dict[str, object]  # "answers": array; "weights" and "optimizer": lists of arrays; "settings": text


def of_damage(good: State, seen: State) -> str:
    """What a damaged save that loaded has changed, compared with the undamaged one."""
    if not _close(good["answers"], seen["answers"]):
        return WRONG
    arrays = all(_equal(good[part], seen[part]) for part in ("weights", "optimizer"))
    if not arrays or good["settings"] != seen["settings"] or not _equal([good["answers"]], [seen["answers"]]):
        return OTHER
    return UNHARMED


def of_a_save(old: list[numpy.ndarray], new: list[numpy.ndarray], seen: list[numpy.ndarray]) -> str:
    """Whose weights these are."""
    if _equal(old, seen):
        return OLD
    return NEW if _equal(new, seen) else MIXED


def _close(left: numpy.ndarray, right: numpy.ndarray) -> bool:
    return left.shape == right.shape and bool(
        numpy.allclose(left, right, rtol=0, atol=TOLERANCE, equal_nan=True)
    )


def _equal(left: list[numpy.ndarray], right: list[numpy.ndarray]) -> bool:
    return len(left) == len(right) and all(
        numpy.array_equal(one, other, equal_nan=True) for one, other in zip(left, right, strict=True)
    )


# Three ways to damage a save: flip one bit, cut a file short, delete a file. Places are drawn by a seed.


FLIP, CUT, DELETE = "a bit flipped", "a file cut", "a file deleted"
DAMAGE_KINDS = [FLIP, CUT, DELETE]


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
    sizes = {name: (save / name).stat().st_size for name in names(save)}
    byte = chance.randrange(sum(sizes.values()))
    for name, size in sizes.items():
        if byte < size:
            return Damage(kind, name, byte, chance.randrange(8))
        byte -= size
    raise AssertionError("a byte lies in one of the files")


def deletions(save: pathlib.Path) -> list[Damage]:
    """One deletion for each file of a save."""
    return [Damage(DELETE, name) for name in names(save)]


def names(save: pathlib.Path) -> list[str]:
    """The files of a save by their path inside it, in order; [""] if it is a single file."""
    return [""] if save.is_file() else list(files.inside(save))


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
