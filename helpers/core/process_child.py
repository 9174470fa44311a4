"""The other side of `processes`: what a new process does before and after the work it was started for.

It knows nothing of the one who asked: it gets a request, and leaves its answer in a file.
"""

import atexit
import collections.abc
import importlib
import io
import json
import multiprocessing
import multiprocessing.connection
import os
import pathlib
import shutil
import signal
import sys
import tempfile
import threading
import types
import warnings

from helpers.core import errors

ANSWER = "answer.json"  # beside the file of what it prints
SERVER_FOLDER = "COURSE_FRESH_FOLDER"  # tells the fork server, and nobody else, where its socket lies


def run(request: dict, wait_for_parent: collections.abc.Callable[[], object] | None = None) -> None:
    """Do the work of a request in this process, which ends with it.

    Args:
        request: `work` is {"code": text}, run as the main module, or {"call": "module:function",
            "arguments": [...]}. `folder` and `environment` are those of the one who asked. `output` is the
            file it prints into; its answer, and its temporary files, lie beside that.
        wait_for_parent: returns when the process that asked for this one is gone.
    """
    settle(request["folder"], request["environment"])
    # What a traced function puts there would stay, as this process never ends the ordinary way. So temporary
    # files lie beside the output, in the folder that the one who asked removes, however this process ends.
    beside = os.path.dirname(request["output"])
    tempfile.tempdir = beside
    _print_into(request["output"])
    threading.Thread(target=_end_after, args=[wait_for_parent or _parent_is_gone], daemon=True).start()
    sys.argv = ["fresh"]
    sys.path.insert(0, "")
    try:
        _do(request["work"], pathlib.Path(beside, ANSWER))
    except SystemExit as leaving:
        _leave(leaving.code)
    except BaseException as error:  # whatever a cell raises is its result, and one line of it is shown
        print(errors.one_line(error))
    _leave(None)


def _do(work: dict, answer: pathlib.Path) -> None:
    main = types.ModuleType("__main__")
    sys.modules["__main__"] = main
    if "code" in work:
        exec(compile(work["code"], "<fresh>", "exec"), main.__dict__)
        return
    module, _, name = work["call"].partition(":")
    try:
        value = {"answer": getattr(importlib.import_module(module), name)(*work["arguments"])}
        written = json.dumps(value)
    except Exception as error:  # the one who called hears of it as data
        written = json.dumps({"error": errors.one_line(error)})
    answer.write_text(written, encoding="utf-8")


def read_answer(folder: pathlib.Path) -> tuple[object, str]:
    """The answer and the error that a called function left in a folder; (None, "") where it left none."""
    try:
        said = json.loads((folder / ANSWER).read_text(encoding="utf-8"))
    except (OSError, ValueError):  # it ran a text, or was ended before or while it answered
        return None, ""
    return said.get("answer"), said.get("error", "")


def settle(folder: str, environment: dict[str, str]) -> None:
    """Take over folder and environment of the one who asked, in a group of processes of one's own.

    So all of the group can be ended together, and an interrupt of the notebook does not reach it.
    """
    if hasattr(os, "setsid"):
        os.setsid()
    os.environ.clear()
    os.environ.update(environment)
    tempfile.tempdir = None  # the environment says where
    os.chdir(folder)


def print_nowhere() -> None:
    """Drop what this process writes to its streams from here on, and give it nothing to read."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)


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


def _is_server() -> bool:
    return "multiprocessing.forkserver" in " ".join(sys.orig_argv)


if _is_server() and (own := os.environ.pop(SERVER_FOLDER, "")):
    # A kernel is often ended from outside, and then nobody else would remove the folder of the socket.
    # The processes forked from here end without this: they leave by os._exit.
    atexit.register(shutil.rmtree, own, ignore_errors=True)

if __name__ == "__main__":  # the way without fork: the request is the first line of standard input
    requests = os.fdopen(os.dup(0))
    asked = json.loads(requests.readline())
    sys.stdin = io.StringIO()
    from helpers.core import backend  # noqa: F401  (quiet, and the backend of the course)

    run(asked, wait_for_parent=requests.read)
