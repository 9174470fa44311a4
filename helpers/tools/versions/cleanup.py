"""Remove what nobody needs: old versions, and what a killed process left behind."""

import os
import pathlib
import secrets

from helpers.core import files
from helpers.tools.versions import arguments, catalogue, disk, errors, publication

DAY = 86400.0  # seconds
# Made under the lock only, so that whoever holds it knows that none of them is in use.
_REMOVED = ".removed-"


def keep(store: str | os.PathLike, count: int) -> list[int]:
    """Remove all but the newest `count` versions; return the numbers removed.

    The current version, the one a roll-back would go to, and what the last roll-backs left stay in any case.

    Raises:
        errors.VersionsError: the count is odd, the record is damaged, or a version cannot be removed.
    """
    count = arguments.whole(count, "The number of versions to keep")
    folder = catalogue.opened(store)
    with errors.spoken("Removing old versions"), disk.held(folder):
        present = catalogue.numbers(folder)
        history = catalogue.read(folder)
        needed = {*present[-count:], catalogue.last_number(history), catalogue.before(history, present)}
        needed |= catalogue.left_by_roll_back(history)
        removed = [number for number in present if number not in needed]
        for number in removed:
            _remove(folder / str(number))
    return removed


def sweep(store: str | os.PathLike, age: float = DAY) -> list[str]:
    """Remove what killed publications, promotions and removals left; return the names removed.

    What belongs to a running process of this machine stays, and so does what a process of another
    machine has written into within `age` seconds.

    Raises:
        errors.VersionsError: the age is odd, or something cannot be removed.
    """
    age = arguments.tolerance(age, "The age in seconds")
    folder = catalogue.opened(store)
    with errors.spoken("Sweeping the store"), disk.held(folder):
        left = sorted(path for path in folder.iterdir() if _is_left_over(path, age))
        for path in left:
            disk.remove(path)
    return [path.name for path in left]


def _remove(version: pathlib.Path) -> None:
    """Take the name away first: a version that is half removed is no version any more."""
    doomed = version.with_name(f"{_REMOVED}{secrets.token_hex(4)}")
    os.rename(version, doomed)
    files.flush_folder(version.parent)
    disk.remove(doomed)


def _is_left_over(path: pathlib.Path, age: float) -> bool:
    return path.name.startswith((_REMOVED, files.ASIDE)) or publication.is_left_over(path, age)
