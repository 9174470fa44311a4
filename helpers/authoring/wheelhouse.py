"""What a folder of wheels holds, and what it lacks."""

import contextlib
import hashlib
import pathlib
import typing

from helpers.authoring import pinned, target
import packaging.tags
import packaging.utils


class Wheel(typing.NamedTuple):
    """One wheel: its name and version, the machines it runs on, and its hash as pip's option."""

    name: str
    version: str
    tags: frozenset[packaging.tags.Tag]
    hash_option: str


def missing(folder: pathlib.Path, requirements: str, wanted: target.Target) -> list[str]:
    """Return the pins that no sound wheel in the folder meets on such a machine."""
    return lacking(inventory(folder), requirements, wanted)


def inventory(folder: pathlib.Path) -> list[Wheel]:
    """Return every wheel in a folder; a file whose name is not a wheel's is left out."""
    found = []
    for path in sorted(folder.glob("*.whl")):
        with contextlib.suppress(packaging.utils.InvalidWheelFilename), path.open("rb") as file:
            name, version, _, tags = packaging.utils.parse_wheel_filename(path.name)
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            found.append(Wheel(name, str(version), tags, f"--hash=sha256:{digest}"))
    return found


def lacking(wheels: list[Wheel], requirements: str, wanted: target.Target) -> list[str]:
    """Return the pins that none of these wheels meets on such a machine."""
    runs_here = wanted.tags()
    sound = {(name, version, value) for name, version, tags, value in wheels if tags & runs_here}
    hashes, pins = pinned.hashes(requirements), pinned.parse(requirements)
    needed = {pinned.text(pin): pin for release in wanted.releases() for pin in wanted.needed(pins, release)}
    return [
        text
        for text, pin in needed.items()
        if not any((pinned.name(pin), pinned.version(pin), value) in sound for value in hashes[text])
    ]
