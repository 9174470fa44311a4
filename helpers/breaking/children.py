"""Processes for what may crash, hang or be killed: they import TensorFlow fast, and die alone."""

import collections.abc
import contextlib
import os
import pathlib

from helpers.breaking import child
from helpers.core import processes

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
        self.process, self.connection = processes.converse(child.serve, str(folder), os.getcwd())
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
