"""The other side of `%%fresh`: what the new process does with a cell.

It knows nothing of the notebook: it gets the text of the cell, a folder and a file to print into.
"""

import collections.abc
import io
import json
import multiprocessing
import multiprocessing.connection
import os
import signal
import sys
import tempfile
import threading
import types
import warnings


def run(
    code: str,
    folder: str,
    output: str,
    environment: dict[str, str],
    wait_for_parent: collections.abc.Callable[[], object] | None = None,
) -> None:
    """Run the text of a cell as the main module of this process, printing into the file `output`.

    Temporary files go into the folder of `output`. `wait_for_parent` returns when the process that asked
    for this one is gone.
    """
    settle(folder, environment)
    # What a traced function puts there would stay, as this process never ends the ordinary way. So temporary
    # files lie beside the output, in the folder that the one who asked removes, however this process ends.
    tempfile.tempdir = os.path.dirname(output)
    _print_into(output)
    threading.Thread(target=_end_after, args=[wait_for_parent or _parent_is_gone], daemon=True).start()
    sys.argv = ["fresh"]
    sys.path.insert(0, "")
    main = types.ModuleType("__main__")
    sys.modules["__main__"] = main
    try:
        exec(compile(code, "<fresh>", "exec"), main.__dict__)
    except SystemExit as leaving:
        _leave(leaving.code)
    except BaseException as error:  # whatever the cell raises is its result, and one line of it is shown
        print(one_line(error))
    _leave(None)


def settle(folder: str, environment: dict[str, str]) -> None:
    """Take over folder and environment of the one who asked, in a group of processes of one's own.

    So all of the group can be ended together, and an interrupt of the notebook does not reach it.
    """
    if hasattr(os, "setsid"):
        os.setsid()
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)


def one_line(error: BaseException) -> str:
    """Class and first line of an error, as in "ValueError: File not found: filepath=a.keras"."""
    text = str(error).strip()
    return f"{type(error).__name__}: {text.splitlines()[0].strip()}" if text else type(error).__name__


def _print_into(output: str) -> None:
    """Point file descriptor 1 and Python's own streams at the file; drop the log of TensorFlow's C++ part."""
    file = os.open(output, os.O_WRONLY | os.O_APPEND)
    os.dup2(file, 1)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    sys.stdout = sys.stderr = io.TextIOWrapper(
        io.FileIO(1, "w", closefd=False), encoding="utf-8", line_buffering=True, write_through=True
    )
    warnings.showwarning = lambda message, category, *_: print(
        f"{category.__name__}: {str(message).splitlines()[0].strip()}"
    )


def _parent_is_gone() -> None:
    multiprocessing.connection.wait([multiprocessing.parent_process().sentinel])


def _end_after(wait: collections.abc.Callable[[], object]) -> None:
    """End this process, and what it has started, once the one that asked for it is gone."""
    wait()
    if hasattr(os, "killpg"):
        os.killpg(0, signal.SIGKILL)
    os._exit(1)


def _leave(status: object) -> None:
    """End at once: the threads TensorFlow leaves behind must not keep a proof waiting."""
    sys.stdout.flush()
    if status is None or isinstance(status, int):
        os._exit(status or 0)
    print(status)
    os._exit(1)


if __name__ == "__main__":  # the way without fork: the request is the first line of standard input
    requests = os.fdopen(os.dup(0))
    request = json.loads(requests.readline())
    sys.stdin = io.StringIO()
    from helpers import backend  # noqa: F401  (quiet, and the backend of the course)

    run(**request, wait_for_parent=requests.read)
