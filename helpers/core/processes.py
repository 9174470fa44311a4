"""The one door to another process: `run` a text, `call` a function, `start` one that goes on.

A fork server (multiprocessing's) imports TensorFlow once and never runs an operation, so each process gets
a copy of that state within milliseconds. Where a platform cannot fork, a new Python does the same and takes
a few seconds longer. A server that was killed, or lives on without its socket, is replaced. Another program
than this Python, such as git or uv, is asked by `run_program`.
"""

import collections.abc
import contextlib
import dataclasses
import json
import multiprocessing
import multiprocessing.connection
import multiprocessing.forkserver
import multiprocessing.process
import multiprocessing.resource_tracker
import multiprocessing.util
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import threading
import time
import types

from helpers.core import errors, process_child

TIME_LIMIT = 60.0  # seconds
LONGEST_FOLDER = 70  # letters; Linux allows 107 for the whole name of a socket
TRIES = 3  # to start a process, each with a fork server of its own where the last one did not answer
_PRELOADED = ["helpers.core.backend", "keras", "numpy", process_child.__name__]
_STARTING = threading.RLock()  # a start hides this process's main module for a moment


def can_fork() -> bool:
    """Whether this platform offers a fork server. macOS does, but its libraries may not survive a fork."""
    return sys.platform == "linux" and "forkserver" in multiprocessing.get_all_start_methods()


def warm() -> None:
    """Start the fork server in the background, so that the first process does not wait for TensorFlow."""
    if not can_fork():
        return
    with _STARTING:
        multiprocessing.set_forkserver_preload(_PRELOADED)
        os.environ[process_child.SERVER_FOLDER] = _socket_folder()
        try:
            with _no_main_module():
                multiprocessing.forkserver.ensure_running()
        finally:
            os.environ.pop(process_child.SERVER_FOLDER, None)


def start(
    function: collections.abc.Callable[..., object],
    *arguments: object,
    fork: bool | None = None,
    daemon: bool = True,
) -> multiprocessing.process.BaseProcess:
    """Start a process that runs a function of an importable module, and return without waiting for it.

    Args:
        function: what it runs; its answer is not kept.
        arguments: what the function gets; they must be picklable.
        fork: use the fork server; None means where the platform can.
        daemon: whether it ends with this process, and may start none by multiprocessing.

    Raises:
        OSError: no process could be started, three times in a row.
    """
    forked = can_fork() if fork is None else fork
    context = multiprocessing.get_context("forkserver" if forked else "spawn")
    with _STARTING:
        for attempt in range(1, TRIES + 1):
            process = context.Process(target=function, args=arguments, daemon=daemon)
            try:
                if forked:
                    warm()
                with _no_main_module():
                    process.start()
                return process
            except (EOFError, OSError) as error:  # the server is gone, or its socket is
                if not forked or attempt == TRIES:
                    raise OSError(f"no process could be started: {errors.one_line(error)}") from error
                _end_server()
    raise AssertionError("unreachable")


def converse(
    function: collections.abc.Callable[..., object], *arguments: object
) -> tuple[multiprocessing.process.BaseProcess, multiprocessing.connection.Connection]:
    """Start a process to talk with: the function gets one end of a pipe first, the other is returned.

    The other side notices by EOFError that this process is gone.

    Raises:
        OSError: no process could be started.
    """
    here, there = multiprocessing.get_context("spawn").Pipe()
    try:
        return start(function, there, *arguments), here
    except OSError:
        here.close()
        raise
    finally:
        there.close()


@dataclasses.dataclass(frozen=True)
class Result:
    """What a process did.

    `status` is its exit status, negative for a signal, None if it ran out of time. `answer` is what a called
    function returned, and None where it did not get so far; `error` then is class and first line of what it
    raised, or "". `printed` is all that it printed.
    """

    status: int | None
    answer: object
    error: str
    printed: str

    @property
    def crash(self) -> str:
        """A sentence about a signal or an exit status that ended it; "" where it came to its end."""
        if not self.status:
            return ""
        if self.status > 0:
            return f"The process ended itself with exit status {self.status}."
        return f"The process crashed: it was ended by {_signal_name(-self.status)}."


def _signal_name(number: int) -> str:
    try:
        return f"signal {number} ({signal.Signals(number).name})"
    except ValueError:
        return f"signal {number}"


def call(
    function: collections.abc.Callable[..., object],
    *arguments: object,
    timeout: float = TIME_LIMIT,
    fork: bool | None = None,
) -> Result:
    """Call a function of an importable module in a new process, and return its answer as data.

    Args:
        function: what is called, in the current folder with the current environment.
        arguments: what JSON can hold.
        timeout: seconds until the process is ended.
        fork: use the fork server; None means where the platform can.

    Raises:
        OSError: no process could be started, or there is no room for what it prints.
        TypeError: an argument is nothing that JSON can hold.
    """
    name = f"{function.__module__}:{function.__qualname__}"
    return _run({"call": name, "arguments": list(arguments)}, timeout, fork, lambda text: None)


def run(
    code: str,
    timeout: float = TIME_LIMIT,
    fork: bool | None = None,
    shown: collections.abc.Callable[[str], object] = lambda text: None,
) -> Result:
    """Run Python text in a new process, in the current folder, and wait for its end.

    Args:
        code: the text of a cell.
        timeout: seconds until the process is ended.
        fork: use the fork server; None means where the platform can.
        shown: gets each piece of what it prints, as it comes.

    Raises:
        OSError: no process could be started, or there is no room for what it prints.
    """
    return _run({"code": code}, timeout, fork, shown)


def run_program(*command: object, **options: object) -> subprocess.CompletedProcess[str]:
    """Run another program to its end; nobody is at its keyboard, and what it says is taken as UTF-8.

    Args:
        command: the program and its arguments.
        options: more of `subprocess.run`, such as cwd, env, timeout and check.

    Raises:
        OSError: there is no such program, or it cannot be started.
        subprocess.SubprocessError: the time is up, or with check=True it ended with an error.
    """
    settings = {"stdin": subprocess.DEVNULL, "capture_output": True, "encoding": "utf-8", "errors": "replace"}
    return subprocess.run([str(part) for part in command], **(settings | options))


def stop() -> None:
    """End the fork server and the resource tracker of this process; harmless where there are none.

    At its end a kernel terminates its children and waits for them. The resource tracker that multiprocessing
    starts beside the fork server ignores that, so the kernel would be killed after some seconds, and what
    TensorFlow and multiprocessing remove at the exit would stay in the temporary folder. What the fork server
    has started, such as a lesson's service, goes on and ends with this process.
    """
    if can_fork():
        with _STARTING:
            _end_server()
            _end_tracker()


def end_with_kernel(shell: object) -> None:
    """Have the kernel of an IPython shell end its fork server when it is told to end, and itself after it.

    So it takes its temporary files along. Other shells are left alone.
    """
    kernel = getattr(shell, "kernel", None)
    if kernel is None or getattr(kernel.do_shutdown, "stops_children", False):
        return
    shut_down = kernel.do_shutdown

    def do_shutdown(restart: bool) -> object:
        stop()
        return shut_down(restart)

    do_shutdown.stops_children = True
    kernel.do_shutdown = do_shutdown


def _end_server() -> None:
    """End the fork server, whatever is left of it, so that the next start begins with another one.

    The standard library has no public way to do this; its own tests use these names, and its own `_stop`
    fails where the socket is gone.
    """
    server = multiprocessing.forkserver._forkserver
    with server._lock:
        if server._forkserver_pid is not None:
            # Asked to end, it would take seconds to put TensorFlow away, and it has nothing to lose.
            with contextlib.suppress(ProcessLookupError):
                os.kill(server._forkserver_pid, signal.SIGKILL)
            with contextlib.suppress(ChildProcessError):
                os.waitpid(server._forkserver_pid, 0)
            with contextlib.suppress(OSError):
                os.close(server._forkserver_alive_fd)
            with contextlib.suppress(OSError):
                os.unlink(server._forkserver_address)
        server._forkserver_pid = server._forkserver_alive_fd = server._forkserver_address = None


def _end_tracker() -> None:
    """End the resource tracker. It goes by itself when nobody holds its pipe.

    A service that still runs holds the pipe, and waits for this process to end. The standard library would
    wait for that service for ever, so a tracker that does not go soon is killed. It loses nothing,
    because what it tracks is still in use.
    """
    tracker = multiprocessing.resource_tracker._resource_tracker
    with tracker._lock:
        if tracker._fd is None:
            return
        os.close(tracker._fd)
        tracker._fd = None
        with contextlib.suppress(ChildProcessError):
            for _ in range(100):
                if os.waitpid(tracker._pid, os.WNOHANG) != (0, 0):
                    break
                time.sleep(0.01)
            else:
                os.kill(tracker._pid, signal.SIGKILL)
                os.waitpid(tracker._pid, 0)
        tracker._pid = None


def _socket_folder() -> str:
    """The folder of multiprocessing's socket: of this process alone, and in /tmp where its name is too long.

    multiprocessing hands its folder on to the processes it starts. A fork server of theirs would lie in their
    parent's folder, and take the parent's socket along when it ends.
    """
    settings = multiprocessing.current_process()._config
    if settings.get("course_folder_of") != os.getpid():
        settings["tempdir"] = None
    elif settings.get("tempdir"):
        os.makedirs(settings["tempdir"], mode=0o700, exist_ok=True)  # somebody may have taken it away
    settings["course_folder_of"] = os.getpid()
    usual = tempfile.tempdir
    if len(tempfile.gettempdir()) > LONGEST_FOLDER:
        tempfile.tempdir = "/tmp"
    try:
        return multiprocessing.util.get_temp_dir()
    finally:
        tempfile.tempdir = usual


@contextlib.contextmanager
def _no_main_module() -> collections.abc.Iterator[None]:
    """Hide this process's main module: multiprocessing would import it again in the new process."""
    main = sys.modules["__main__"]
    sys.modules["__main__"] = types.ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


def _run(
    work: dict[str, object],
    timeout: float,
    fork: bool | None,
    shown: collections.abc.Callable[[str], object],
) -> Result:
    """Do what both `call` and `run` do: start the process, follow what it prints, read its answer."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        output = pathlib.Path(folder, "printed")
        output.touch()
        request = {
            "work": work,
            "folder": os.getcwd(),
            "output": str(output),
            "environment": dict(os.environ),
        }
        process = _Forked(request) if (can_fork() if fork is None else fork) else _Plain(request)
        printed = []
        try:
            status = _follow(process, output, timeout, lambda text: (printed.append(text), shown(text)))
        finally:
            process.end()
        answer, error = process_child.read_answer(output.parent)
    return Result(status, answer, error, "".join(printed))


def _follow(
    process: "_Forked | _Plain",
    output: pathlib.Path,
    timeout: float,
    shown: collections.abc.Callable[[str], object],
) -> int | None:
    """Pass on what the process prints until it ends, and return its status; None when the time is up."""
    with output.open(encoding="utf-8", errors="replace", newline="") as printed:
        deadline = time.monotonic() + timeout
        while True:
            ended = process.wait(min(0.1, max(0.0, deadline - time.monotonic())))
            if text := printed.read():
                shown(text)
            if ended:
                return process.status()
            if time.monotonic() >= deadline:
                return None


def _end_group(number: int) -> None:
    """End a process and what it has started; it leads a group of its own where there are groups."""
    if hasattr(os, "killpg"):
        with contextlib.suppress(OSError):  # it has ended by itself, and nothing of it is left
            os.killpg(number, signal.SIGKILL)


class _Forked:
    """A process forked from the server that has imported TensorFlow."""

    def __init__(self, request: dict[str, object]) -> None:
        self.process = start(process_child.run, request, fork=True, daemon=False)

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
        course = pathlib.Path(__file__).parent.parent.parent
        paths = [str(course), environment.get("PYTHONPATH", "")]
        environment["PYTHONPATH"] = os.pathsep.join(path for path in paths if path)
        self.process = subprocess.Popen(
            [sys.executable, "-X", "utf8", "-m", process_child.__name__],
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
