"""The side-car version.json: what a model file does not say about itself, kept beside it.

It is sealed by version.json.sha256 in the form of `sha256sum`, so `sha256sum -c` can check it too. A seal
tells damage and an edit from what was published; it is no signature against somebody who means harm.
"""

import collections.abc
import hashlib
import importlib.metadata
import json
import os
import pathlib
import platform
import subprocess

from helpers.core import files, processes
from helpers.tools.versions import arguments, disk, errors
import numpy

NAME = "version.json"
SEAL = "version.json.sha256"


def write(folder: pathlib.Path, facts: dict[str, object]) -> None:
    """Write the side-car and its seal.

    Raises:
        errors.VersionsError: a text in it cannot be written.
        OSError: the files cannot be written.
    """
    content = disk.as_json(facts)
    files.replace(folder / NAME, content)
    files.replace(folder / SEAL, _seal(content))


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
    arguments.whole(facts["number"], "The number")
    arguments.metrics(facts["metrics"])
    described = facts["files"].values()
    golden = facts["golden"] or {"tolerance": 0, "imports": []}
    arguments.tolerance(golden["tolerance"])
    texts = [facts["created"], *golden["imports"], *(file["sha256"] for file in described)]
    return (
        isinstance(facts["metrics"], dict)
        and isinstance(golden["imports"], list)
        and all(isinstance(text, str) for text in texts)
        and all(type(file["size"]) is int for file in described)
    )


# One sha256 for the data a version was trained on, whatever form the data have.


def of(data: object) -> str:
    """The sha256 of arrays, bytes, files or folders, or of a list or a dict of such things.

    A single file gives what `sha256sum` prints. An array counts with its type and shape, so that the
    same bytes in another shape are other data.

    Raises:
        errors.VersionsError: it is something else, or a file that is not there.
        OSError: a file cannot be read.
    """
    try:
        return _of(data)
    except RecursionError as error:
        raise errors.VersionsError("The data are nested too deeply to be fingerprinted.") from error


def _of(data: object) -> str:
    if isinstance(data, str | os.PathLike):
        return of_path(data)
    if isinstance(data, bytes | bytearray):
        return hashlib.sha256(data).hexdigest()
    if isinstance(data, collections.abc.Mapping):
        return _together({str(name): _of(part) for name, part in data.items()})
    if isinstance(data, list | tuple):
        return _together({str(place): _of(part) for place, part in enumerate(data)})
    return _of_array(data)


def of_path(path: str | os.PathLike) -> str:
    """The sha256 of a file; of a folder, that of the names and sha256 of all its files.

    Raises:
        errors.VersionsError: nothing is there, or it is neither a file nor a folder.
        OSError: it cannot be read.
    """
    if os.path.isfile(path):
        return disk.digest(pathlib.Path(path))
    if os.path.isdir(path):
        return _together({name: disk.digest(file) for name, file in disk.files(pathlib.Path(path)).items()})
    raise errors.VersionsError(
        f"A text stands for the path of a file or a folder, and there is none at {errors.shown(path)}."
    )


def _together(parts: dict[str, str]) -> str:
    lines = [f"{parts[name]}  {name}\n" for name in sorted(parts)]
    return hashlib.sha256("".join(lines).encode(errors="surrogatepass")).hexdigest()


def _of_array(data: object) -> str:
    try:
        array = numpy.asarray(data)
    except (TypeError, ValueError, OverflowError):
        array = numpy.asarray(None)
    if array.dtype.hasobject:
        raise errors.VersionsError(
            f"Data are fingerprinted as arrays, bytes, paths, or a list of these; got {errors.shown(data)}."
        )
    return hashlib.sha256(f"{array.dtype.str} {array.shape}\n".encode() + array.tobytes()).hexdigest()


# Where a version comes from: the code and the libraries that made it.


LIBRARIES = ("tensorflow", "keras", "numpy")
_PATIENCE = 10  # seconds for git


def code(path: str | os.PathLike | None) -> dict[str, str | bool | None]:
    """The commit of the git repository around `path` or the current folder, and the sha256 of `path`.

    `dirty` says that files differed from that commit. What there is none of is None.

    Raises:
        errors.VersionsError: the path is none, or nothing is there.
        OSError: it cannot be read.
    """
    if path is not None and not isinstance(path, str | os.PathLike):
        raise errors.VersionsError(f"The code is the path of a file or a folder; got {errors.shown(path)}.")
    sha256 = None if path is None else of_path(path)
    folder = pathlib.Path(path or ".")
    folder = folder if folder.is_dir() else folder.parent
    commit = _git(folder, "rev-parse", "HEAD")
    changes = _git(folder, "status", "--porcelain") if commit else None
    return {"commit": commit, "dirty": None if changes is None else bool(changes), "sha256": sha256}


def libraries() -> dict[str, str | None]:
    """The version of Python and of each library; None for one that is not installed."""
    return {"python": platform.python_version(), **{name: _version(name) for name in LIBRARIES}}


def _version(library: str) -> str | None:
    try:
        return importlib.metadata.version(library)
    except importlib.metadata.PackageNotFoundError:
        return None


def _git(folder: pathlib.Path, *command: str) -> str | None:
    """What git prints; None where there is no git, no repository, or no answer in time."""
    # Without locks of its own: to look must not disturb a commit under way.
    whole = ["git", "--no-optional-locks", *command]
    try:
        return processes.run_program(*whole, cwd=folder, timeout=_PATIENCE, check=True).stdout.strip()
    except (OSError, subprocess.SubprocessError):
        return None
