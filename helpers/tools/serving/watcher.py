"""Keeps the versions of a store ready: looks for new ones, loads them, lets go of those that are gone."""

import logging
import os
import pathlib
import secrets
import threading

from helpers.tools import versions
from helpers.tools.serving import canary, loading, mirror

AVAILABLE, FAILED = "AVAILABLE", "END"
MOST = 8  # the newest so many versions are kept ready, and those that are promoted or tried

LOG = logging.getLogger("helpers.tools.serving")  # `course --serve` shows it; each failure once


class Unknown(LookupError):
    """No version of this number is in the store."""


class NothingReady(Exception):
    """No version can answer yet; the text says why."""


class Keeper:
    """The ready versions of one store. Every method may be called from any thread."""

    def __init__(self, store: str | os.PathLike, seconds: float = 0.5) -> None:
        """Watch numbered SavedModels in a folder or at an fsspec address: look again after some seconds."""
        self._place = mirror.of(store)
        self.store = self._place.folder
        self.seconds = seconds
        self._ready: dict[int, loading.Loaded] = {}
        self._failed: dict[int, str] = {}
        self._late: dict[int, object] = {}  # what was too late, and the files it had then
        self.looks = 0  # how often the store was looked at, to the end
        self._promoted: int | None = None
        self._canary: canary.Canary | None = None
        self._comparison = canary.Comparison()
        self._ended: canary.Canary | None = None
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Look once, then go on looking in a thread until `stop`."""
        self._look_safely()
        self._stopped.clear()
        self._thread = threading.Thread(target=self._watch, name="versions", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the thread. Versions stay ready, so that requests under way are answered."""
        self._stopped.set()
        if self._thread:
            self._thread.join(5)  # a store far away may take its time to say that it is gone
        self._place.close()

    def look(self) -> None:
        """Bring the ready versions in line with the store. A version that fails is tried again each time."""
        replaced = self._place.refresh()
        found, promoted = self._numbers(), self._current()
        self._try(canary.read(self.store))
        asked = {promoted, self._promoted, self._canary.version if self._canary else None}
        wanted = [number for number in found if number in found[-MOST:] or number in asked]
        # The promoted one first: it must not wait for one that needs all its time.
        wanted.sort(key=lambda number: (number != promoted, number))
        failed = {}
        for number in wanted:
            if number not in self._ready or number in replaced:
                files = _files(self.store / str(number))
                if number in self._late and self._late[number] == files:
                    failed[number] = self._failed.get(number, "It was not ready in time.")
                    continue
                try:
                    loaded = loading.load_within(self.store / str(number))
                except loading.NotReady as reason:
                    if isinstance(reason, loading.Late):
                        self._late[number] = files
                    if self._failed.get(number) != str(reason):
                        LOG.warning("%s", reason)
                    if number not in self._ready:  # else what was there before goes on answering
                        failed[number] = str(reason)
                else:
                    self._ready = {**self._ready, number: loaded}
        self._failed = failed
        self._ready = {number: loaded for number, loaded in self._ready.items() if number in wanted}
        if promoted in self._ready or promoted is None:
            self._promoted = promoted  # else the one before goes on answering, until the new one can

    def states(self, number: int | None = None) -> list[tuple[int, str, str]]:
        """Number, state and reason of each version, newest first, or of one.

        Raises:
            Unknown: there is no such version.
        """
        rows = [(ready, AVAILABLE, "") for ready in self._ready]
        rows += [(failed, FAILED, reason) for failed, reason in self._failed.items()]
        rows = sorted((row for row in rows if number in (None, row[0])), reverse=True)
        if number is not None and not rows:
            raise Unknown(f"There is no version {number}. {self._there()}")
        return rows

    def version(self, number: int | None = None, user: str | None = None) -> loading.Loaded:
        """The version of this number; without one the promoted, the canary for its users, or the highest.

        Without a `user` it is a matter of chance whether the canary answers.

        Raises:
            Unknown: there is no such version, or it does not load.
            NothingReady: no number is given, and no version can answer.
        """
        ready = self._ready  # looked at once: the thread puts a new dictionary in its place
        tried = self._canary
        if number is not None:
            if number not in ready:
                raise Unknown(self._failed.get(number) or f"There is no version {number}. {self._there()}")
            return ready[number]
        if tried and tried.version in ready and tried.turn(user or secrets.token_hex(8)):
            return ready[tried.version]
        return self.answering()

    def note(self, number: int, failed: bool) -> None:
        """Note how a request that named no version went: a canary that fails more often than chance ends."""
        tried = self._canary
        if tried and self._comparison.note(number == tried.version, failed):
            LOG.warning("Version %d fails more often than the promoted one: its canary ends.", number)
            self._ended, self._canary = tried, None
            # Whoever checks a version holds the store's lock for a while, and no answer waits for that.
            threading.Thread(target=self._end, args=[tried], name="ending the canary", daemon=True).start()

    def answering(self) -> loading.Loaded:
        """The promoted version, or the highest where none is; no canary.

        Raises:
            NothingReady: no version can answer.
        """
        ready = self._ready
        chosen = self._promoted if self._promoted in ready else max(ready, default=None)
        if chosen is None:
            reasons = " ".join(self._failed.values()) or self._place.problem
            raise NothingReady(reasons or f"No version is in the store {self.store.name} yet.")
        return ready[chosen]

    def _end(self, tried: canary.Canary) -> None:
        try:
            canary.end_canary(self.store, only=tried)
        except versions.VersionsError as reason:
            LOG.warning("%s It has ended in this process all the same.", reason)

    def _try(self, found: canary.Canary | None) -> None:
        """Take up a canary; one that has ended itself stays ended, until it is started with another share."""
        if found is not None and found == self._ended:
            return  # its file is at an address where this service may not write
        if found != self._canary:
            self._comparison = canary.Comparison()
        self._canary, self._ended = found, None

    def _watch(self) -> None:
        while not self._stopped.wait(self.seconds):
            self._look_safely()

    def _look_safely(self) -> None:
        """Look once. Whatever goes wrong is in the log, and the next look comes all the same."""
        try:
            self.look()
        except Exception:
            LOG.exception("The store %s could not be looked at.", self.store)
        self.looks += 1

    def _numbers(self) -> list[int]:
        try:
            names = [entry.name for entry in os.scandir(self.store) if entry.is_dir()]
        except OSError:
            return []
        return sorted(int(name) for name in names if name.isdecimal() and name == str(int(name)))

    def _current(self) -> int | None:
        try:
            return versions.current(self.store)
        except versions.VersionsError:
            return self._promoted  # the record is being replaced or is damaged: what was promoted stays

    def _there(self) -> str:
        return f"Versions there: {', '.join(map(str, sorted(self._ready))) or 'none'}."


def _files(folder: pathlib.Path) -> object:
    """What tells whether a version has changed: size and time of each file; None where it cannot be read."""
    try:
        facts = [(path.as_posix(), path.stat()) for path in sorted(folder.rglob("*"))]
    except OSError:
        return None
    return [(name, one.st_size, one.st_mtime_ns) for name, one in facts]
