"""The side-car version.json: what a model file does not say about itself, kept beside it.

It is sealed by version.json.sha256 in the form of `sha256sum`, so `sha256sum -c` can check it too. A seal
tells damage and an edit from what was published; it is no signature against somebody who means harm.
"""

import hashlib
import json
import os
import pathlib

from helpers.versions import disk, errors, values

NAME = "version.json"
SEAL = "version.json.sha256"


def write(folder: pathlib.Path, facts: dict[str, object]) -> None:
    """Write the side-car and its seal.

    Raises:
        errors.VersionsError: a text in it cannot be written.
        OSError: the files cannot be written.
    """
    content = disk.as_json(facts)
    disk.write(folder / NAME, content)
    disk.write(folder / SEAL, _seal(content))


def read(folder: pathlib.Path) -> dict:
    """The side-car of a version.

    Raises:
        errors.Refused: it is missing, damaged, edited, or another version's.
        OSError: it cannot be read.
    """
    for name in (NAME, SEAL):
        if not os.path.isfile(folder / name):
            raise errors.refusal(
                folder.name,
                f"{name} is missing. versions.publish writes it; take the version from a backup, "
                "or publish it again.",
            )
    content = (folder / NAME).read_bytes()
    if (folder / SEAL).read_bytes() != _seal(content):
        raise errors.refusal(
            folder.name, f"{NAME} is not what was published: its sha256 does not stand in {SEAL}."
        )
    try:
        facts = json.loads(content)
        sound = _is_sound(facts)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError, errors.VersionsError):
        sound = False
    if not sound:
        raise errors.refusal(folder.name, f"{NAME} does not have the form that versions.publish writes.")
    if str(facts["number"]) != folder.name:
        raise errors.refusal(
            folder.name,
            f"it was published as version {facts['number']}; its folder was renamed or copied.",
        )
    return facts


def _seal(content: bytes) -> bytes:
    return f"{hashlib.sha256(content).hexdigest()}  {NAME}\n".encode()


def _is_sound(facts: dict) -> bool:
    """Whether everything that is read later has its form. May raise, as odd content does."""
    values.whole(facts["number"], "The number")
    values.metrics(facts["metrics"])
    files = facts["files"].values()
    golden = facts["golden"] or {"tolerance": 0, "imports": []}
    values.tolerance(golden["tolerance"])
    texts = [facts["created"], *golden["imports"], *(file["sha256"] for file in files)]
    return (
        isinstance(facts["metrics"], dict)
        and isinstance(golden["imports"], list)
        and all(isinstance(text, str) for text in texts)
        and all(type(file["size"]) is int for file in files)
    )
