"""The other side of the sandbox: limits this process, then runs the code."""

import contextlib
import errno
import os
import pathlib
import sys
import tempfile
import threading
import time
import types

from helpers.core import process_child
from helpers.sandbox import rules
import psutil

# Exit statuses that say why the process ended; Python and the shells use none of them.
ERROR, MEMORY, FILE_SIZE = 81, 82, 83
# TensorFlow says in words what Python says by the class of an error.
_WORDS = {"OOM when allocating": MEMORY, os.strerror(errno.EFBIG): FILE_SIZE}
_APPEND = os.O_WRONLY | os.O_CREAT | os.O_APPEND


def run(code: str, place: str, memory: int, file_size: int, computing: float) -> None:
    """Run Python text in the folder `work` of `place`, and end this process with a status that says how.

    Args:
        code: the text.
        place: a folder with `work`, `temporary` and `notes`.
        memory: bytes on top of what this process has now.
        file_size: bytes of one file.
        computing: seconds.
    """
    own = pathlib.Path(place)
    os.dup2(os.open(own / "notes" / "printed", _APPEND), 1)
    refused = os.open(own / "notes" / "refused", _APPEND)
    os.chdir(own / "work")
    _forget(own)
    _limit(memory, file_size, computing)
    threading.Thread(target=_watch, args=[memory], daemon=True).start()
    rules.enforce([own / "work", own / "temporary"], refused)
    status = _execute(code)
    with contextlib.suppress(OSError):
        sys.stdout.flush()
    os._exit(status)


def _execute(code: str) -> int:
    main = types.ModuleType("__main__")
    sys.modules["__main__"] = main
    try:
        exec(compile(code, "<sandbox>", "exec"), main.__dict__)
    except SystemExit:
        return 0
    except MemoryError:
        return MEMORY
    except BaseException as error:  # whatever else is raised is the result
        told = [status for sign, status in _WORDS.items() if sign in str(error)]
        if not told:
            with contextlib.suppress(OSError):
                print(process_child.one_line(error))
        return told[0] if told else ERROR
    return 0


def _forget(own: pathlib.Path) -> None:
    """Empty the environment, but for what Windows cannot do without, and stay in the folder."""
    kept = {name: os.environ[name] for name in ("SYSTEMROOT",) if name in os.environ}
    os.environ.clear()
    folders = dict.fromkeys(["HOME", "USERPROFILE"], str(own / "work"))
    folders |= dict.fromkeys(["TMPDIR", "TEMP", "TMP"], str(own / "temporary"))
    # Each thread takes address space, which is what the limit on memory counts.
    threads = dict.fromkeys(["TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS", "OMP_NUM_THREADS"], "1")
    os.environ.update(kept | folders | threads)
    tempfile.tempdir = str(own / "temporary")
    sys.dont_write_bytecode = True


def _limit(memory: int, file_size: int, computing: float) -> None:
    """Set what the system limits: nothing on Windows, no memory on macOS."""
    try:
        import resource
    except ImportError:
        return
    taken = resource.getrusage(resource.RUSAGE_SELF)
    until = int(taken.ru_utime + taken.ru_stime + computing) + 1
    for kind, soft, hard in (
        (resource.RLIMIT_CORE, 0, 0),
        (resource.RLIMIT_CPU, until, until + 2),
        (resource.RLIMIT_FSIZE, file_size, file_size),
        (resource.RLIMIT_AS, *[psutil.Process().memory_info().vms + memory] * 2),
    ):
        with contextlib.suppress(ValueError, OSError):  # the limit is lower already, or unknown here
            resource.setrlimit(kind, (soft, hard))


def _watch(memory: int) -> None:
    """End this process when it takes too much memory, for systems that do not."""
    process = psutil.Process()
    most = _taken(process) + memory
    while _taken(process) <= most:
        time.sleep(0.01)
    os._exit(MEMORY)


def _taken(process: psutil.Process) -> int:
    """Bytes in memory, or on Windows what is reserved for this process alone."""
    about = process.memory_info()
    return max(about.rss, getattr(about, "private", 0))
