"""A canary: a share of the users is answered by another version than the promoted one.

It is one small file beside the versions, `canary.json`, replaced by a rename as everything in a store. Who is
chosen depends on the user's id alone, so each process of a service chooses the same users without asking the
others. A canary that fails more often than the promoted version ends itself.
"""

import collections
import hashlib
import json
import math
import os
import pathlib
import threading
import typing

from helpers.core import files
from helpers.tools import versions
from helpers.tools.versions import disk, errors

NAME = "canary.json"
WINDOW = 1000  # so many answers of either side are compared, the newest
CHANCE = 0.001  # so rarely two equal versions may differ as much as those of a canary that is ended


class Canary(typing.NamedTuple):
    """The version that is tried, and the share of the users that it answers, from 0 to 1."""

    version: int
    share: float

    def turn(self, user: str) -> bool:
        """Whether this user is answered by the canary: always, or never."""
        digest = hashlib.sha256(f"{self.version}/{user}".encode(errors="replace")).digest()
        return int.from_bytes(digest[:8]) < self.share * 2**64


class Comparison:
    """The newest answers of the canary and of the promoted version, its control, in one process."""

    def __init__(self) -> None:
        self._failed = {canary: collections.deque(maxlen=WINDOW) for canary in (True, False)}
        self._lock = threading.Lock()

    def note(self, canary: bool, failed: bool) -> bool:
        """Note one answer; returns whether the canary has failed too often to be chance."""
        with self._lock:
            self._failed[canary].append(failed)
            tried, control = self._failed[True], self._failed[False]
            return canary and failed and chance(sum(tried), len(tried), sum(control), len(control)) < CHANCE


def chance(failed: int, tried: int, control_failed: int, control: int) -> float:
    """How probable so many failures of `tried` are, or more, if canary and control fail equally often.

    All failures are dealt out by lot among all answers (Fisher's exact test, one-sided).
    """
    failures, answers = failed + control_failed, tried + control
    ways = range(failed, min(failures, tried) + 1)
    more = sum(math.comb(tried, here) * math.comb(control, failures - here) for here in ways)
    return more / math.comb(answers, failures)


def start_canary(store: str | os.PathLike, version: int, share: float) -> None:
    """From now on this version answers its share of the users, where a request names no version.

    Raises:
        versions.VersionsError: there is no such version, the share is none, or it cannot be written.
    """
    if isinstance(share, bool) or not isinstance(share, int | float) or not 0 < share < 1:
        raise versions.VersionsError(f"A canary's share lies between 0 and 1, such as 0.1; got {share!r}.")
    folder = versions.path(store, version).parent
    # Who holds the lock may sweep away what is written aside.
    with errors.spoken("Starting the canary"), disk.held(folder):
        files.replace(folder / NAME, json.dumps({"version": int(version), "share": share}).encode() + b"\n")


def end_canary(store: str | os.PathLike, only: Canary | None = None) -> None:
    """From now on the promoted version answers alone; with `only`, if that is still the canary.

    Raises:
        versions.VersionsError: its file cannot be removed.
    """
    folder = pathlib.Path(store)
    if not (folder / NAME).exists():
        return  # nothing to end, perhaps not even a store
    # Under the lock, so that no canary that somebody starts meanwhile is taken for the one that was read.
    with errors.spoken("Ending the canary"), disk.held(folder):
        if only is None or read(folder) == only:
            (folder / NAME).unlink(missing_ok=True)


def read(store: pathlib.Path) -> Canary | None:
    """The canary of a store; None where there is none, or its file cannot be read."""
    try:
        content = json.loads((store / NAME).read_text(encoding="utf-8"))
        found = Canary(int(content["version"]), float(content["share"]))
    except (OSError, ValueError, TypeError, KeyError, OverflowError, RecursionError):
        return None
    return found if 0 < found.share < 1 else None  # NaN and infinity are no share either
