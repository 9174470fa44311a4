"""The record store/current.json: which version is promoted, and how that came about."""

import datetime
import json
import os
import pathlib
import typing

from helpers.versions import disk, errors

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
        if content["current"] != current(history):
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
    longer = [*history, Promotion(number, now(), current(history), action)]
    disk.write(
        store / NAME,
        disk.as_json({"current": number, "history": [promotion._asdict() for promotion in longer]}),
    )


def current(history: list[Promotion]) -> int | None:
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
        if number != current(history) and number in present:
            return number
    return None


def _promotion(entry: dict) -> Promotion:
    promotion = Promotion(**entry)
    numbers = [promotion.number] if promotion.before is None else [promotion.number, promotion.before]
    if not all(type(number) is int for number in numbers) or not isinstance(promotion.when, str):
        raise TypeError("a number or a time of another type")
    if promotion.action not in (PROMOTED, ROLLED_BACK):
        raise ValueError("an unknown action")
    return promotion
