"""`%%fresh`: the cell runs in a Python that has never seen this notebook. Only the disk is shared.

`%%fresh 10` gives the cell ten seconds instead of sixty. Load it with `%load_ext helpers.fresh`.

A fork server (multiprocessing's) imports TensorFlow once and never runs an operation, so each proof
gets a copy of that state within milliseconds. Where a platform cannot fork, a plain new process does
the same and takes a few seconds longer.
"""

import collections.abc
import contextlib
import json
import multiprocessing
import multiprocessing.connection
import multiprocessing.forkserver
import multiprocessing.util
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time
import types

from helpers import fresh_child, fresh_server

TIME_LIMIT = 60.0  # seconds
LONGEST_FOLDER = 70  # letters; Linux allows 107 for the whole name of a socket
START_LIMIT = 10.0  # seconds to try again when the fork server has died
_PRELOADED = ["helpers.backend", "keras", "numpy", "helpers.fresh_child", "helpers.fresh_server"]


def can_fork() -> bool:
    """Whether this platform offers a fork server. macOS does, but its libraries may not survive a fork."""
    return sys.platform == "linux" and "forkserver" in multiprocessing.get_all_start_methods()


def start() -> None:
    """Start the fork server in the background, so that the first proof does not wait for TensorFlow."""
    if can_fork():
        multiprocessing.set_forkserver_preload(_PRELOADED)
        os.environ[fresh_server.FOLDER] = _socket_folder()
        with no_main_module():
            multiprocessing.forkserver.ensure_running()
        del os.environ[fresh_server.FOLDER]


def _socket_folder() -> str:
    """The folder of multiprocessing's socket: in /tmp where the usual place has too long a name for one."""
    usual = tempfile.tempdir
    if len(tempfile.gettempdir()) > LONGEST_FOLDER:
        tempfile.tempdir = "/tmp"
    try:
        return multiprocessing.util.get_temp_dir()
    finally:
        tempfile.tempdir = usual


@contextlib.contextmanager
def no_main_module() -> collections.abc.Iterator[None]:
    """Hide this process's main module: multiprocessing would import it again in the new process."""
    main = sys.modules["__main__"]
    sys.modules["__main__"] = types.ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


def run_cell(code: str, timeout: float = TIME_LIMIT, fork: bool | None = None) -> int | None:
    """Run Python text in a new process, in the current folder, and print what it prints.

    Args:
        code: the text of a cell.
        timeout: seconds until the process is ended.
        fork: use the fork server; None means where the platform can.

    Returns:
        The exit status of the process, negative for a signal, None if it ran out of time. A cell that
        raised counts as 0: the line about its error is what it was run for.
    """
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        output = pathlib.Path(folder, "printed")
        output.touch()
        request = {
            "code": code,
            "folder": os.getcwd(),
            "output": str(output),
            "environment": dict(os.environ),
        }
        process = _Forked(request) if (can_fork() if fork is None else fork) else _Plain(request)
        try:
            status = _follow(process, output, time.monotonic() + timeout)
        finally:
            process.end()
    if status is None:
        print(f"Ended after {timeout:g} seconds, the time limit. `%%fresh 120` gives a cell two minutes.")
    elif status < 0:
        print(f"The process crashed: it was ended by {_signal_name(-status)}.")
    elif status > 0:
        print(f"The process ended itself with exit status {status}.")
    return status


def _follow(process: "_Forked | _Plain", output: pathlib.Path, deadline: float) -> int | None:
    """Print what the process writes, as it comes, until it ends or the time is up."""
    with output.open(encoding="utf-8", errors="replace", newline="") as printed:
        while True:
            ended = process.wait(min(0.1, max(0.0, deadline - time.monotonic())))
            if text := printed.read():
                print(text, end="", flush=True)
            if ended:
                return process.status()
            if time.monotonic() >= deadline:
                return None


def _signal_name(number: int) -> str:
    try:
        return f"signal {number} ({signal.Signals(number).name})"
    except ValueError:
        return f"signal {number}"


def _end_group(number: int) -> None:
    """End a process and what it has started; it leads a group of its own where there are groups."""
    if hasattr(os, "killpg"):
        with contextlib.suppress(OSError):  # it has ended by itself, and nothing of it is left
            os.killpg(number, signal.SIGKILL)


class _Forked:
    """A process forked from the server that has imported TensorFlow."""

    def __init__(self, request: dict[str, object]) -> None:
        context = multiprocessing.get_context("forkserver")
        deadline = time.monotonic() + START_LIMIT
        while True:
            start()
            self.process = context.Process(target=fresh_child.run, kwargs=request)
            try:
                with no_main_module():
                    self.process.start()
                return
            except (EOFError, OSError):  # the server died a moment ago, and nobody knew yet
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.1)

    def wait(self, seconds: float) -> bool:
        return bool(multiprocessing.connection.wait([self.process.sentinel], timeout=seconds))

    def status(self) -> int:
        self.process.join()
        return self.process.exitcode

    def end(self) -> None:
        """End the process and whatever it has started; harmless when it has ended by itself."""
        _end_group(self.process.pid)
        self.process.kill()
        self.process.join()
        self.process.close()


class _Plain:
    """A new Python started from the beginning, for platforms without fork."""

    def __init__(self, request: dict[str, object]) -> None:
        environment = dict(os.environ)
        paths = [
            str(pathlib.Path(__file__).parent.parent),
            environment.get("PYTHONPATH", ""),
        ]
        environment["PYTHONPATH"] = os.pathsep.join(path for path in paths if path)
        self.process = subprocess.Popen(
            [sys.executable, "-X", "utf8", "-m", "helpers.fresh_child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=environment,
        )
        # The pipe stays open: the process ends itself when this end of it closes, however that happens.
        self.process.stdin.write(json.dumps(request).encode() + b"\n")
        self.process.stdin.flush()

    def wait(self, seconds: float) -> bool:
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True

    def status(self) -> int:
        return self.process.returncode

    def end(self) -> None:
        _end_group(self.process.pid)
        self.process.kill()
        self.process.wait()
        self.process.stdin.close()


def fresh(line: str, cell: str) -> None:
    """The magic itself: `%%fresh` or `%%fresh SECONDS`."""
    try:
        timeout = float(line) if line.strip() else TIME_LIMIT
    except ValueError:
        print(f"%%fresh takes a number of seconds, as in `%%fresh 120`; it got {line.strip()!r}.")
        return
    run_cell(cell, timeout)


def load_ipython_extension(shell: object) -> None:
    """`%load_ext helpers.fresh` makes the magic known and warms the server."""
    from helpers import leaving  # it uses this module

    shell.register_magic_function(fresh, magic_kind="cell")
    leaving.by_itself(shell)
    start()
