"""Where trials happen: folders of their own, gone afterwards, with two workers side by side."""

import collections.abc
import contextlib
import os
import pathlib
import queue
import tempfile
import threading
import typing

WORKERS = min(2, os.cpu_count() or 1)  # each has a process with TensorFlow in it
Job = typing.TypeVar("Job")
Found = typing.TypeVar("Found")
Work = collections.abc.Callable[
    [pathlib.Path, collections.abc.Iterator[Job]], collections.abc.Generator[Found]
]


@contextlib.contextmanager
def folder() -> collections.abc.Iterator[pathlib.Path]:
    """An empty folder in the current one, gone afterwards: nothing is written anywhere else."""
    with tempfile.TemporaryDirectory(prefix="breaking-", dir=".", ignore_cleanup_errors=True) as name:
        yield pathlib.Path(name).resolve()


def side_by_side(
    jobs: collections.abc.Iterable[Job], work: Work
) -> collections.abc.Generator[Found, None, None]:
    """Yield what `work(folder, jobs)` yields, from two threads that share the jobs, as it comes.

    When the caller stops listening (Control-C, or an error), each worker ends the trial it is at and
    tidies up before this returns.
    """
    waiting: queue.SimpleQueue = queue.SimpleQueue()
    for job in jobs:
        waiting.put(job)
    results: queue.SimpleQueue = queue.SimpleQueue()
    stop = threading.Event()
    with folder() as whole:
        threads = [
            threading.Thread(target=_work, args=[work, whole / str(number), waiting, results, stop])
            for number in range(WORKERS)
        ]
        for thread in threads:
            thread.start()
        try:
            running = len(threads)
            while running:
                said, value = results.get()
                if said == "ended":
                    running -= 1
                elif said == "raised":
                    raise value
                else:
                    yield value
        finally:
            stop.set()
            for thread in threads:
                thread.join()


def _work(
    work: Work,
    place: pathlib.Path,
    waiting: queue.SimpleQueue,
    results: queue.SimpleQueue,
    stop: threading.Event,
) -> None:
    place.mkdir()
    try:
        with contextlib.closing(work(place, _taken(waiting, stop))) as found:
            for one in found:
                results.put(("found", one))
                if stop.is_set():
                    break
    except Exception as error:
        results.put(("raised", error))
    finally:
        results.put(("ended", None))


def _taken(waiting: queue.SimpleQueue, stop: threading.Event) -> collections.abc.Iterator[Job]:
    while not stop.is_set():
        try:
            yield waiting.get_nowait()
        except queue.Empty:
            return
