"""`author seats`: how much memory so many learners take on this machine, all at work at once."""

import argparse
import collections.abc
import contextlib
import dataclasses
import os
import pathlib
import subprocess
import sys
import tempfile
import time

from helpers.authoring.notebooks import course, execute, page
from helpers.core import jupyterlab
import jupyter_client
import nbval.kernel
import psutil

# How much memory a room of learners takes: so many kernels at once, each in the middle of a lesson.


MEGABYTE = 10**6
CELL_LIMIT = 600  # seconds; many kernels share few cores
START_LIMIT = 120


class Failed(RuntimeError):
    """A kernel or the server did not do what it should; the text says which cell, and what it said."""


@dataclasses.dataclass(frozen=True)
class Taken:
    """Megabytes of processes: their own alone (USS), with their share of others' (PSS), all mapped (RSS)."""

    private: float
    share: float
    resident: float

    def __add__(self, other: "Taken") -> "Taken":
        mine, others = dataclasses.astuple(self), dataclasses.astuple(other)
        return Taken(*(left + right for left, right in zip(mine, others, strict=True)))


NOTHING = Taken(0, 0, 0)


@dataclasses.dataclass(frozen=True)
class Seats:
    """What was measured: a list has an entry for each kernel, processes it started counted in."""

    loaded: list[Taken]  # after the set-up cell: TensorFlow imported, one operation run
    finished: list[Taken]  # after the last cell
    server: Taken
    seconds: float


def measure(number: int, lesson: page.Page) -> Seats:
    """Run a lesson in so many kernels at once and look at their memory.

    Raises:
        Failed: a cell raised, a kernel ended, or the server did not start.
    """
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="course-") as name:
        server = _server(pathlib.Path(name))
        with _kernels(number, pathlib.Path(name)) as kernels:
            loaded: list[Taken] = []
            for cell in lesson.notebook.cells:
                if cell.cell_type == "code":
                    _run(kernels, lesson.at(cell), cell.source)
                    loaded = loaded or [_tree(manager) for manager, _ in kernels]
            finished = [_tree(manager) for manager, _ in kernels]
    return Seats(loaded, finished, server, time.monotonic() - begun)


@contextlib.contextmanager
def _kernels(number: int, folder: pathlib.Path) -> collections.abc.Iterator[list[tuple]]:
    """So many kernels of this Python with their clients, each with a scratch folder of its own."""
    started: list[tuple] = []
    try:
        for place in range(number):
            manager = jupyter_client.KernelManager(
                kernel_name=nbval.kernel.CURRENT_ENV_KERNEL_NAME,
                kernel_spec_manager=nbval.kernel.NbvalKernelspecManager(),
            )
            manager.start_kernel(
                env=execute.variables(folder / str(place)), cwd=str(folder), stderr=subprocess.DEVNULL
            )
            client = manager.blocking_client()
            started.append((manager, client))
            client.start_channels()
        for _, client in started:
            client.wait_for_ready(timeout=START_LIMIT)
        yield started
    finally:
        for manager, client in started:
            client.stop_channels()
            manager.shutdown_kernel(now=True)


def _run(kernels: list[tuple], place: str, source: str) -> None:
    """Run one cell in all kernels at once and wait for the last."""
    asked = [client.execute(source) for _, client in kernels]
    for (_, client), message in zip(kernels, asked, strict=True):
        while True:
            try:
                reply = client.get_shell_msg(timeout=CELL_LIMIT)
            except Exception as error:  # queue.Empty, or whatever a dead kernel's channel raises
                raise Failed(f"{place}: a kernel gave no answer ({type(error).__name__})") from error
            if reply["parent_header"].get("msg_id") == message:
                break
        if reply["content"]["status"] != "ok":
            raise Failed(f"{place} raised {reply['content'].get('ename')}: {reply['content'].get('evalue')}")


def _tree(manager: jupyter_client.KernelManager) -> Taken:
    """The memory of a kernel with every process it has started."""
    return of(psutil.Process(manager.provisioner.pid))


def of(process: psutil.Process) -> Taken:
    """The memory of a process and of those it has started. Where the system tells no share, all counts."""
    total = NOTHING
    for one in [process, *process.children(recursive=True)]:
        with contextlib.suppress(psutil.NoSuchProcess):  # a child that has just ended
            memory = one.memory_full_info()
            shares = (memory.uss, getattr(memory, "pss", memory.rss), memory.rss)
            total += Taken(*(size / MEGABYTE for size in shares))
    return total


def _server(folder: pathlib.Path) -> Taken:
    """The memory of JupyterLab's server, with the course's settings and nobody at it."""
    runtime = folder / "runtime"
    variables = {"JUPYTER_RUNTIME_DIR": str(runtime), "JUPYTER_CONFIG_DIR": str(folder / "config")}
    process = subprocess.Popen(
        [sys.executable, "-m", "jupyterlab", *jupyterlab.lab_options(["--no-browser", "--ServerApp.port=0"])],
        env=os.environ | jupyterlab.jupyter_environment(os.environ) | variables,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        deadline = time.monotonic() + START_LIMIT
        while not list(runtime.glob("jpserver-*.json")):
            if process.poll() is not None or time.monotonic() > deadline:
                raise Failed("JupyterLab did not start; `uv run course` says why")
            time.sleep(0.2)
        return of(psutil.Process(process.pid))
    finally:
        process.terminate()
        process.wait()


ROOMS = (30, 300)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `author seats` to a parser."""
    parser.add_argument("number", type=int, nargs="?", default=10, help="kernels at once (default: 10)")
    parser.add_argument("--lesson", default="02", help="the lesson that all of them run (default: 02)")


def run(arguments: argparse.Namespace) -> int:
    """Run `author seats`; returns 0, or 1 when a kernel or the server fails."""
    whole = course.Course()
    if arguments.number < 1:
        print(f"{arguments.number} kernels tell nothing. Choose 1 or more.")
        return 1
    try:
        stem = course.choose(arguments.lesson, whole.lessons)
        print(f"Starting {arguments.number} kernels that run lesson {stem[:2]} at once; this takes minutes.")
        seats = measure(arguments.number, page.read(whole.path("notebooks", stem)))
    except (course.UnknownName, page.Unreadable, Failed) as error:
        print(error)
        return 1
    print(text(seats))
    return 0


def text(seats: Seats) -> str:
    """What was measured, and what follows for a room on one server."""
    lines = [
        _line("TensorFlow loaded", seats.loaded),
        _line("lesson finished", seats.finished),
        f"JupyterLab's server: {seats.server.private:.0f} MB its own, {seats.server.resident:.0f} MB in all.",
    ]
    for number in ROOMS:
        lines.append(f"{number} learners on one server: about {gigabytes(seats, number):.0f} GB.")
    return "\n".join([*lines, f"Measured in {seats.seconds:.0f} seconds by psutil (USS and PSS)."])


def gigabytes(seats: Seats, learners: int) -> float:
    """Memory for so many learners, each with a server and one kernel: what is shared counts once."""
    each = mean([taken.private for taken in seats.finished]) + seats.server.private
    return (shared(seats.finished) + learners * each) / 1000


def shared(kernels: list[Taken]) -> float:
    """Megabytes that the kernels have in common: all their shares without what is private."""
    return sum(taken.share - taken.private for taken in kernels)


def mean(values: list[float]) -> float:
    """The mean of some numbers."""
    return sum(values) / len(values)


def _line(what: str, kernels: list[Taken]) -> str:
    private, share, resident = (
        [getattr(taken, name) for taken in kernels] for name in ("private", "share", "resident")
    )
    return (
        f"{what}: {mean(private):.0f} MB a learner of its own (the largest {max(private):.0f}), "
        f"{mean(share):.0f} MB with its share of what all use, {mean(resident):.0f} MB mapped; "
        f"{shared(kernels):.0f} MB are shared by all {len(kernels)}."
    )
