"""A canary: a share of the requests goes to another version than the promoted one.

It is one small file beside the versions, `canary.json`, replaced by a rename as everything in a store.
"""

import json
import os
import pathlib
import typing

from helpers.core import files
from helpers.tools import versions
from helpers.tools.versions import disk, errors

NAME = "canary.json"


class Canary(typing.NamedTuple):
    """The version that is tried, and its share of the requests, from 0 to 1."""

    version: int
    share: float

    def turn(self, count: int) -> bool:
        """Whether request number `count`, from 1, is the canary's: evenly spread, and exactly its share."""
        return int(count * self.share + 1e-9) > int((count - 1) * self.share + 1e-9)


def start_canary(store: str | os.PathLike, version: int, share: float) -> None:
    """From now on this version answers its share of the requests that name no version.

    Raises:
        versions.VersionsError: there is no such version, the share is none, or it cannot be written.
    """
    if isinstance(share, bool) or not isinstance(share, int | float) or not 0 < share < 1:
        raise versions.VersionsError(f"A canary's share lies between 0 and 1, such as 0.1; got {share!r}.")
    folder = versions.path(store, version).parent
    # Who holds the lock may sweep away what is written aside.
    with errors.spoken("Starting the canary"), disk.held(folder):
        files.replace(folder / NAME, json.dumps({"version": int(version), "share": share}).encode() + b"\n")


def end_canary(store: str | os.PathLike) -> None:
    """From now on the promoted version answers alone. Ending none does nothing."""
    (pathlib.Path(store) / NAME).unlink(missing_ok=True)


def read(store: pathlib.Path) -> Canary | None:
    """The canary of a store; None where there is none, or its file cannot be read."""
    try:
        content = json.loads((store / NAME).read_text(encoding="utf-8"))
        found = Canary(int(content["version"]), float(content["share"]))
    except (OSError, ValueError, TypeError, KeyError, OverflowError, RecursionError):
        return None
    return found if 0 < found.share < 1 else None  # NaN and infinity are no share either
