"""Processes for what may crash, hang or be killed: they import TensorFlow fast, and die alone."""

import collections.abc
import contextlib
import faulthandler
import multiprocessing.connection
import os
import pathlib
import signal
import sys
import tempfile

from helpers.core import errors, process_child, processes

# The other side of `children`: a process that does one task after the other, and may die doing it.


# A hang is ended by the parent. Should the parent be gone, the process ends itself this much later.
GRACE = 10  # seconds


def serve(connection: multiprocessing.connection.Connection, folder: str, modules: str) -> None:
    """Do what is asked for until nobody asks any more, from the folder of the learner's modules.

    Temporary files go to `folder`.

    A request is (task, arguments, limit). A task is a generator; each value it yields is sent as
    ("said", value). Then comes ("ended", ""), or ("raised", class and first line of the error).
    """
    # Control-C in a terminal reaches every process at once; only the parent is to act on it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _settle(folder, modules)
    from helpers.core import backend  # noqa: F401  (now, so that no task is charged with the import)

    connection.send(("said", "ready"))
    while True:
        try:
            task, arguments, limit = connection.recv()
        except EOFError:
            os._exit(0)  # TensorFlow's threads must not keep it alive
        # Unlike a thread of Python's, this watch also ends C code that never returns.
        faulthandler.dump_traceback_later(limit + GRACE, exit=True, file=2)
        connection.send(_done(task, arguments, connection))
        faulthandler.cancel_dump_traceback_later()


def _settle(folder: str, modules: str) -> None:
    """Work in the one folder, leave temporary files in the other and nowhere else, and print nothing."""
    os.chdir(modules)
    tempfile.tempdir = folder
    os.environ["TMPDIR"] = folder
    sys.path.insert(0, modules)
    sys.dont_write_bytecode = True  # a module written twice in one second would be taken for the first one
    process_child.print_nowhere()


def _done(
    task: collections.abc.Callable[..., collections.abc.Iterator[object]],
    arguments: tuple[object, ...],
    connection: multiprocessing.connection.Connection,
) -> tuple[str, str]:
    try:
        for said in task(*arguments):
            connection.send(("said", said))
    except Exception as error:  # whatever a damaged file can raise
        return "raised", errors.one_line(error)
    return "ended", ""


TIME_LIMIT = 30.0  # seconds for one load or save
START_LIMIT = 120.0  # seconds: where nothing can be forked, TensorFlow is imported first
Task = collections.abc.Callable[..., collections.abc.Iterator[object]]


class Ended(Exception):
    """The process has ended, or was ended because it took too long; `hung` tells which."""

    def __init__(self, hung: bool) -> None:
        super().__init__("it took too long" if hung else "it crashed")
        self.hung = hung


class Child:
    """A process that works in one folder, and imports the modules of the current one."""

    def __init__(self, folder: pathlib.Path) -> None:
        self.process, self.connection = processes.converse(serve, str(folder), os.getcwd())
        self.hear(START_LIMIT)

    def ask(self, task: Task, *arguments: object, limit: float = TIME_LIMIT) -> None:
        """Send a task; `hear` returns what it says."""
        with contextlib.suppress(OSError):  # it is gone, which the next `hear` finds out
            self.connection.send((task, arguments, limit))

    def hear(self, limit: float = TIME_LIMIT) -> tuple[str, object]:
        """The next message: ("said", value), ("ended", "") or ("raised", class and first line).

        Raises:
            Ended: the process crashed, or said nothing for `limit` seconds and was ended.
        """
        if not self.connection.poll(limit):
            self.end()
            raise Ended(hung=True)
        try:
            return self.connection.recv()
        except (EOFError, OSError) as error:
            self.end()
            raise Ended(hung=False) from error

    def end(self) -> None:
        """End the process at once, as `kill -9` does; harmless when it has ended already."""
        self.process.kill()
        self.process.join()

    def close(self) -> None:
        """End the process and forget it."""
        self.end()
        self.connection.close()
        self.process.close()


class Supply:
    """A child for tasks that say one thing, and another child when that one has died of a task."""

    def __init__(self, folder: pathlib.Path) -> None:
        self.folder = folder
        self.child: Child | None = None

    def answer(
        self, task: Task, *arguments: object, if_it_dies: str, limit: float = TIME_LIMIT
    ) -> tuple[str, str]:
        """What the task says: an outcome, and a line about it.

        Raises:
            RuntimeError: the task raised, which is no outcome.
        """
        self.child = self.child or Child(self.folder)
        self.child.ask(task, *arguments, limit=limit)
        try:
            kind, said = self.child.hear(limit)
            if kind == "said":
                self.child.hear(limit)
                return said
        except Ended as ended:
            self.close()
            return if_it_dies, str(ended)
        raise RuntimeError(said)

    def close(self) -> None:
        """End the child, if there is one."""
        if self.child:
            self.child.close()
        self.child = None

    def __enter__(self) -> "Supply":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
