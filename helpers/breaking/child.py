"""The other side of `children`: a process that does one task after the other, and may die doing it."""

import collections.abc
import faulthandler
import multiprocessing.connection
import os
import signal
import sys
import tempfile

from helpers.core import process_child

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
    from helpers import backend  # noqa: F401  (now, so that no task is charged with the import)

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
        return "raised", process_child.one_line(error)
    return "ended", ""
