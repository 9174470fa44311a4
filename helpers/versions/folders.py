"""The folder of a store, and the numbered folders in it.

Versions are named by whole numbers, because names are compared: as text, "v10" comes before "v2", and the
newest version is not the last. Numbers have one order for people, for programs and for TensorFlow Serving,
which reads nothing but whole numbers and serves the highest.
"""

import datetime
import os
import pathlib
import re

from helpers.versions import errors, values

_VERSION = re.compile(r"[1-9][0-9]{0,17}")
_TAKEN = re.compile(r"[0-9]{1,18}")  # 007 is no version of ours, but a server would take it for one


def timestamp() -> int:
    """The time in UTC as one whole number, such as 20261120113000, for `publish(..., name=...)`.

    It stays a number so that it is compared as one. Do not mix it with 1, 2, 3 in one store: the
    version after 20261120113000 is then 20261120113001.
    """
    return int(datetime.datetime.now(datetime.UTC).strftime("%Y%m%d%H%M%S"))


def opened(store: object, make: bool = False) -> pathlib.Path:
    """The folder of a store, as it was given: a relative path stays relative.

    Raises:
        errors.VersionsError: it is no path, no folder, not there, or cannot be made.
    """
    try:
        folder = pathlib.Path(store)
        if b"\0" in os.fsencode(folder):
            raise ValueError("a path cannot hold this")
    except (TypeError, ValueError) as error:
        raise errors.VersionsError(
            f'A store is named by a path, such as "store"; got {errors.shown(store)}.'
        ) from error
    if os.path.lexists(folder) and not os.path.isdir(folder):
        raise errors.VersionsError(f"{folder} is a file, and a store is a folder. Choose another name.")
    if make:
        with errors.spoken("Making the store"):
            folder.mkdir(parents=True, exist_ok=True)
    elif not os.path.isdir(folder):
        raise errors.VersionsError(f"There is no store at {folder}. versions.publish makes one.")
    return folder


def numbers(folder: pathlib.Path) -> list[int]:
    """The versions in a store, oldest first, compared as numbers."""
    with os.scandir(folder) as entries:
        return sorted(
            int(entry.name)
            for entry in entries
            if _VERSION.fullmatch(entry.name) and entry.is_dir(follow_symlinks=False)
        )


def following(folder: pathlib.Path, wanted: int) -> int:
    """The number for the next version: the wanted one, or the first above all that are taken.

    It never goes below one that exists, since the highest number is the newest version everywhere.

    Raises:
        errors.VersionsError: the numbers are used up.
    """
    taken = [int(name) for name in os.listdir(folder) if _TAKEN.fullmatch(name)]
    number = max([wanted, *(one + 1 for one in taken)])
    if number > values.LARGEST:
        raise errors.VersionsError(
            f"The numbers in {folder} are used up: {number} is too large. Use a new store."
        )
    return number
