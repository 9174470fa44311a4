"""Judges of the exercises of lesson 13. Services and buckets are doubles that note what they are asked."""

import collections.abc
import contextlib
import pathlib
import tempfile

import fsspec.implementations.memory
from helpers.lessons import judgement
from helpers.tools import versions
from helpers.tools.serving import canary
import httpx

_ROWS = [[0.0] * 64]
_ANSWERS = [[0.1] * 10]
_PARTS = (
    "assets/words.txt",
    "fingerprint.pb",
    "saved_model.pb",
    "variables/variables.data",
    "variables/variables.index",
)


def task_1(store: object) -> judgement.Verdict:
    """A store in which version 2 answers one request in four, and version 1 is promoted."""
    try:
        current = versions.current(store)
    except versions.VersionsError:
        return judgement.Verdict("no-store", {"seen": repr(store)[:60]})
    if current != 1:
        return judgement.Verdict("promoted", {"seen": current})
    tried = canary.read(pathlib.Path(store))
    if tried is None:
        return judgement.Verdict("no-canary")
    if tried.version != 2:
        return judgement.Verdict("version", {"seen": tried.version})
    if abs(tried.share - 0.25) > 1e-9:
        return judgement.Verdict("share", {"seen": f"{tried.share:g}"})
    return judgement.CORRECT


class _Endless(Exception):
    """A client that never stops asking."""


class _Service:
    """Answers with the given statuses in turn, the last one for ever; notes requests and waiting.

    `said` is its header Retry-After; "" sends none, and None a number of seconds that grows.
    """

    def __init__(self, *statuses: int, said: str | None = None) -> None:
        self.statuses = list(statuses)
        self.said = said
        self.asked = 0
        self.events: list[float] = []  # the seconds that the client has waited

    def sleep(self, seconds: float) -> None:
        """Stands for time.sleep, and is as strict."""
        if isinstance(seconds, str):
            raise TypeError("'str' object cannot be interpreted as a number")
        self.events.append(float(seconds))

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked += 1
        if self.asked > 50:
            raise _Endless
        status = self.statuses.pop(0) if len(self.statuses) > 1 else self.statuses[0]
        if status == 200:
            return httpx.Response(200, json={"predictions": _ANSWERS})
        after = {"Retry-After": self.said or str(self.asked + 1)} if status == 503 and self.said != "" else {}
        return httpx.Response(status, json={"error": "a sentence"}, headers=after)


def task_2(patient: object) -> judgement.Verdict:
    """A client that listens to Retry-After, copes without it, asks five times, and raises other refusals."""
    if not callable(patient) or isinstance(patient, type):
        return judgement.Verdict("no-function", {"seen": judgement.kind(patient)})
    good, said = _ask(patient, _Service(200))
    if said != _ANSWERS:
        return judgement.Verdict(
            "raises" if isinstance(said, Exception) else "answers", {"seen": judgement.kind(said)}
        )
    if good.asked > 1:
        return judgement.Verdict("too-often")
    for status in (400, 500):
        wrong, said = _ask(patient, _Service(status))
        if wrong.asked > 1:
            return judgement.Verdict("stubborn", {"status": status, "seen": wrong.asked})
        if not isinstance(said, httpx.HTTPStatusError):
            return judgement.Verdict("swallows", {"status": status, "seen": judgement.kind(said)})
    busy, said = _ask(patient, _Service(503, 503, 200))
    if said != _ANSWERS:
        return judgement.Verdict("gives-up", {"seen": judgement.kind(said)})
    if busy.events != [2.0, 3.0]:
        return judgement.Verdict("no-wait", {"seen": busy.events})
    full, said = _ask(patient, _Service(503))
    if isinstance(said, _Endless) or full.asked != 5:
        return judgement.Verdict("count", {"seen": "more than 50" if full.asked > 50 else full.asked})
    if not isinstance(said, Exception):
        return judgement.Verdict("silent", {"seen": judgement.kind(said)})
    if len(full.events) > 4:
        return judgement.Verdict("in-vain", {"seen": len(full.events)})
    for header, mistake in (("", "no-header"), ("Wed, 21 Oct 2026 07:28:00 GMT", "date")):
        odd, said = _ask(patient, _Service(503, 200, said=header))
        if said != _ANSWERS or odd.events != [1.0]:
            seen = judgement.kind(said) if said != _ANSWERS else f"wait of {odd.events}"
            return judgement.Verdict(mistake, {"seen": seen})
    return judgement.CORRECT


def _ask(patient: object, service: _Service) -> tuple[_Service, object]:
    """The service after one call, and what the learner's function returned or raised."""
    with httpx.Client(base_url="http://service", transport=httpx.MockTransport(service)) as client:
        try:
            return service, patient(client, _ROWS, service.sleep)
        except Exception as error:  # what a learner's function raises may be anything
            return service, error


def task_3(upload: object) -> judgement.Verdict:
    """A function that copies a version into a bucket, saved_model.pb as the last object."""
    if not callable(upload) or isinstance(upload, type):
        return judgement.Verdict("no-function", {"seen": judgement.kind(upload)})
    with tempfile.TemporaryDirectory() as name:
        version = pathlib.Path(name, "1")
        for part in _PARTS:
            (version / part).parent.mkdir(parents=True, exist_ok=True)
            (version / part).write_text(f"the content of {part}", encoding="utf-8")
        bucket = _Bucket()
        try:
            upload(bucket, version, "/models/digits/1")
        except Exception as error:  # what a learner's function raises may be anything
            return judgement.Verdict("raises", {"seen": judgement.kind(error)})
    there = {path.removeprefix("/models/digits/1/"): file for path, file in bucket.store.items()}
    if not there:
        return judgement.Verdict("nothing")
    if missing := [part for part in _PARTS if part not in there]:
        return judgement.Verdict("missing", {"missing": missing[0], "seen": next(iter(bucket.store))})
    if other := [part for part in _PARTS if there[part].getvalue().decode() != f"the content of {part}"]:
        return judgement.Verdict("content", {"seen": other[0]})
    late = bucket.store.late
    return judgement.Verdict("early", {"seen": late[0]}) if late else judgement.CORRECT


class _Objects(dict):
    """The objects of a bucket; `late` are the parts that once were missing beside saved_model.pb."""

    def __init__(self) -> None:
        super().__init__()
        self.late: list[str] = []
        self._together: dict[str, object] | None = None  # what one call with many files has written so far

    @contextlib.contextmanager
    def together(self) -> collections.abc.Iterator[None]:
        """One call with many files, which keeps no order: here in the worst one, saved_model.pb first."""
        if self._together is not None:  # a call within a call
            yield
            return
        self._together = {}
        try:
            yield
        finally:
            written, self._together = self._together, None
            for path in sorted(written, key=lambda path: not path.endswith("/saved_model.pb")):
                self[path] = written[path]

    def __setitem__(self, path: str, file: object) -> None:
        if self._together is not None:
            self._together[path] = file
            return
        super().__setitem__(path, file)
        self._look()

    def __delitem__(self, path: str) -> None:
        super().__delitem__(path)
        self._look()

    def _look(self) -> None:
        """What a reader would find now."""
        there = {path.removeprefix("/models/digits/1/") for path in self}
        if "saved_model.pb" in there:
            self.late += [part for part in _PARTS if part not in there]


class _Bucket(fsspec.implementations.memory.MemoryFileSystem):
    """A file system in memory that shares nothing with the learner's, and copies many files as S3 does."""

    cachable = False  # each judgement has a bucket of its own

    def __init__(self) -> None:
        super().__init__()
        self.store, self.pseudo_dirs = _Objects(), [""]

    def put(self, *given: object, **options: object) -> None:
        """One or many local files into the bucket."""
        with self.store.together():
            super().put(*given, **options)

    def pipe(self, *given: object, **options: object) -> None:
        """The content of one or many objects."""
        with self.store.together():
            super().pipe(*given, **options)

    def copy(self, *given: object, **options: object) -> None:
        """One or many objects within the bucket."""
        with self.store.together():
            super().copy(*given, **options)
