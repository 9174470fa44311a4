"""What is in a store: these functions read, and never change anything."""

import contextlib
import datetime
import itertools
import json
import os
import pathlib
import re
import typing

from helpers.core import files
from helpers.tools.versions import arguments, disk, errors, sidecar

# The folder of a store, and the numbered folders in it.
#
# Versions are named by whole numbers, because names are compared: as text, "v10" comes before "v2", and the
# newest version is not the last. Numbers have one order for people, for programs and for TensorFlow Serving,
# which reads nothing but whole numbers and serves the highest.


_VERSION = re.compile(r"[1-9][0-9]{0,17}")
_TAKEN = re.compile(r"[0-9]{1,18}")  # 007 is no version of ours, but a server would take it for one
_LOOKS = 100  # at a store that changes while it is listed


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
    if number > arguments.LARGEST:
        raise errors.VersionsError(
            f"The numbers in {folder} are used up: {number} is too large. Use a new store."
        )
    return number


# The record store/current.json: which version is promoted, and how that came about.


NAME = "current.json"
PROMOTED, ROLLED_BACK = "promoted", "rolled back"


class Promotion(typing.NamedTuple):
    """One change of the current version; `when` is UTC, `before` is the version it replaced, if any."""

    number: int
    when: str
    before: int | None
    action: str  # "promoted" or "rolled back"


def now() -> str:
    """The time in UTC, to the second, as ISO 8601 writes it."""
    return datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")


def read(store: pathlib.Path) -> list[Promotion]:
    """Every promotion, oldest first; empty while there was none.

    Raises:
        errors.VersionsError: the record is damaged.
        OSError: it cannot be read.
    """
    path = store / NAME
    if not os.path.lexists(path):
        return []
    try:
        if not path.is_file():
            raise ValueError("no file")
        content = json.loads(path.read_bytes())
        history = [_promotion(entry) for entry in content["history"]]
        if content["current"] != last_number(history):
            raise ValueError("the two parts do not agree")
        line(history)
    except (ValueError, TypeError, KeyError, IndexError, RecursionError) as error:
        raise errors.VersionsError(
            f"{NAME} in {store} is damaged. Take it from a backup, or move it away and promote again."
        ) from error
    return history


def add(store: pathlib.Path, history: list[Promotion], number: int, action: str) -> None:
    """Write the record with one more promotion, by one atomic replacement. The caller holds the lock.

    Raises:
        OSError: it cannot be written.
    """
    longer = [*history, Promotion(number, now(), last_number(history), action)]
    files.replace(
        store / NAME,
        disk.as_json({"current": number, "history": [promotion._asdict() for promotion in longer]}),
    )


def last_number(history: list[Promotion]) -> int | None:
    """The version the last change led to."""
    return history[-1].number if history else None


def line(history: list[Promotion]) -> list[int]:
    """The versions that led to the current one: a promotion adds one, a roll-back takes back to one.

    Raises:
        IndexError: a roll-back led to a version that was never promoted, so the record is damaged.
    """
    numbers: list[int] = []
    for promotion in history:
        if promotion.action == PROMOTED:
            numbers.append(promotion.number)
        else:
            numbers.pop()
            while numbers[-1] != promotion.number:
                numbers.pop()
    return numbers


def before(history: list[Promotion], present: list[int]) -> int | None:
    """The version a roll-back goes to: the one promoted before the current one, of those still present."""
    for number in reversed(line(history)):
        if number != last_number(history) and number in present:
            return number
    return None


def left_by_roll_back(history: list[Promotion]) -> set[int]:
    """The versions that the last roll-backs left, since the last promotion: somebody will look into them."""
    last = itertools.takewhile(lambda one: one.action == ROLLED_BACK, reversed(history))
    return {one.before for one in last if one.before is not None}


def _promotion(entry: dict) -> Promotion:
    promotion = Promotion(**entry)
    numbers = [promotion.number] if promotion.before is None else [promotion.number, promotion.before]
    if not all(type(number) is int for number in numbers) or not isinstance(promotion.when, str):
        raise TypeError("a number or a time of another type")
    if promotion.action not in (PROMOTED, ROLLED_BACK):
        raise ValueError("an unknown action")
    return promotion


class Version(typing.NamedTuple):
    """One version, for a table or a drawing.

    `status` is "current", "promoted before" or "never promoted". `problem` is empty, or the sentence
    that says why the side-car cannot be read; `created` and `metrics` are empty then.
    """

    number: int
    created: str
    metrics: dict[str, int | float]
    status: str
    problem: str


def path(store: str | os.PathLike, number: int | str = "current") -> pathlib.Path:
    """The folder of one version, or of the promoted one.

    Raises:
        errors.VersionsError: there is no such version, or none is promoted.
    """
    folder = opened(store)
    with errors.spoken("Looking for a version"):
        if isinstance(number, str) and number == "current":
            number = last_number(read(folder))
            if number is None:
                raise errors.VersionsError(f"No version is promoted in {folder}. versions.promote does that.")
        number = arguments.whole(number, 'A version is "current" or a number; a number')
        present = numbers(folder)
    if number not in present:
        there = ", ".join(map(str, present)) or "none yet"
        raise errors.VersionsError(f"There is no version {number} in {folder}. Versions there: {there}.")
    return folder / str(number)


def current(store: str | os.PathLike) -> int | None:
    """The number of the promoted version; None while none is.

    Raises:
        errors.VersionsError: there is no store, or its record is damaged.
    """
    return last_number(history(store))


def history(store: str | os.PathLike) -> list[Promotion]:
    """Every promotion and every roll-back, oldest first.

    Raises:
        errors.VersionsError: there is no store, or its record is damaged.
    """
    folder = opened(store)
    with errors.spoken(f"Reading {NAME}"):
        return read(folder)


def side_car(store: str | os.PathLike, number: int | str = "current") -> dict:
    """What version.json says: number, created, metrics, data, code, libraries, golden, files, notes.

    Raises:
        errors.VersionsError: there is no such version.
        errors.Refused: the side-car is missing, damaged or edited.
    """
    folder = path(store, number)
    with errors.spoken(f"Reading {sidecar.NAME}"):
        return sidecar.read(folder)


def listing(store: str | os.PathLike) -> list[Version]:
    """Every version, oldest first. A damaged one is listed with its problem.

    Raises:
        errors.VersionsError: there is no store, or its record is damaged.
    """
    folder = opened(store)
    with errors.spoken("Listing the store"):
        # Others publish and remove meanwhile. A store is listed as it was at one moment, and not without the
        # versions that went and those that came for them.
        for _ in range(_LOOKS):
            promotions, present = read(folder), numbers(folder)
            rows = []
            for number in present:
                with contextlib.suppress(FileNotFoundError):
                    rows.append(_row(folder / str(number), promotions))
            there = numbers(folder)
            if there == present:
                break
        return [row for row in rows if row.number in there]


def _row(folder: pathlib.Path, promotions: list[Promotion]) -> Version:
    number = int(folder.name)
    status = "never promoted"
    if number == last_number(promotions):
        status = "current"
    elif any(promotion.number == number for promotion in promotions):
        status = "promoted before"
    try:
        facts = sidecar.read(folder)
    except errors.Refused as reason:
        return Version(number, "", {}, status, str(reason))
    return Version(number, facts["created"], facts["metrics"], status, "")
