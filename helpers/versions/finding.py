"""What is in a store: these functions read, and never change anything."""

import os
import pathlib
import typing

from helpers.versions import errors, folders, record, sidecar, values


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
    folder = folders.opened(store)
    with errors.spoken("Looking for a version"):
        if isinstance(number, str) and number == "current":
            number = record.current(record.read(folder))
            if number is None:
                raise errors.VersionsError(f"No version is promoted in {folder}. versions.promote does that.")
        number = values.whole(number, 'A version is "current" or a number; a number')
        present = folders.numbers(folder)
    if number not in present:
        there = ", ".join(map(str, present)) or "none yet"
        raise errors.VersionsError(f"There is no version {number} in {folder}. Versions there: {there}.")
    return folder / str(number)


def current(store: str | os.PathLike) -> int | None:
    """The number of the promoted version; None while none is.

    Raises:
        errors.VersionsError: there is no store, or its record is damaged.
    """
    return record.current(history(store))


def history(store: str | os.PathLike) -> list[record.Promotion]:
    """Every promotion and every roll-back, oldest first.

    Raises:
        errors.VersionsError: there is no store, or its record is damaged.
    """
    folder = folders.opened(store)
    with errors.spoken(f"Reading {record.NAME}"):
        return record.read(folder)


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
    folder = folders.opened(store)
    with errors.spoken("Listing the store"):
        promotions = record.read(folder)
        return [_row(folder / str(number), promotions) for number in folders.numbers(folder)]


def _row(folder: pathlib.Path, promotions: list[record.Promotion]) -> Version:
    number = int(folder.name)
    status = "never promoted"
    if number == record.current(promotions):
        status = "current"
    elif any(promotion.number == number for promotion in promotions):
        status = "promoted before"
    try:
        facts = sidecar.read(folder)
    except errors.Refused as reason:
        return Version(number, "", {}, status, str(reason))
    return Version(number, facts["created"], facts["metrics"], status, "")
