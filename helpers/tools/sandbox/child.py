"""The other side of the sandbox: limits this process, then runs the code."""

import collections.abc
import contextlib
import errno
import os
import pathlib
import sys
import tempfile
import threading
import time
import types

from helpers.core import errors
import psutil

# What Python refuses inside the sandbox: its audit events say what it was asked for.
#
# Audit hooks are there to note things. Code that wants to get around one can, so this keeps honest mistakes
# and plain tricks away, not an enemy.


_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_PROGRAM, _NET, _PROCESS = "start a program", "reach the net", "end a process"
_ASKS = {
    _PROGRAM: "subprocess.Popen os.system os.exec os.posix_spawn os.spawn os.fork os.forkpty os.startfile "
    "os.startfile/2 pty.spawn",
    _NET: "socket.connect socket.bind socket.sendto socket.sendmsg socket.getaddrinfo socket.gethostbyname",
    _PROCESS: "os.kill os.killpg",
}
_DEEDS = {event: deed for deed, events in _ASKS.items() for event in events.split()}
# Where in the arguments of an event the paths stand that would be changed.
_PATHS = {
    **dict.fromkeys(["os.remove", "os.rmdir", "os.mkdir", "os.chmod", "os.chown"], (0,)),
    **dict.fromkeys(["os.truncate", "os.utime"], (0,)),
    "os.rename": (0, 1),
    "os.link": (0, 1),
    "os.symlink": (1,),
}


def enforce(folders: collections.abc.Collection[pathlib.Path], notes: int) -> None:
    """From now on refuse what reaches out of the folders, and write each refusal into the open file `notes`.

    Python then raises PermissionError in place of doing it. There is no way back in this process.
    """

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        if deed := _deed(event, arguments, folders):
            os.write(notes, f"to {deed}\n".encode("utf-8", "backslashreplace"))
            raise PermissionError(f"the sandbox refuses to {deed}")

    sys.addaudithook(hook)


def _deed(
    event: str, arguments: tuple[object, ...], folders: collections.abc.Collection[pathlib.Path]
) -> str | None:
    """What is refused about an event, nothing if it may happen."""
    if event == "open" and isinstance(arguments[2], int) and arguments[2] & _WRITING:
        return _outside(arguments[:1], folders)
    if event in _PATHS:
        return _outside([arguments[place] for place in _PATHS[event]], folders)
    return _DEEDS.get(event)


def _outside(
    paths: collections.abc.Iterable[object], folders: collections.abc.Collection[pathlib.Path]
) -> str | None:
    for path in paths:
        if not isinstance(path, (str, bytes, os.PathLike)):
            continue  # a file that is open already
        real = pathlib.Path(os.path.realpath(os.fsdecode(path)))
        if str(real) != os.devnull and not any(real.is_relative_to(folder) for folder in folders):
            return f"write outside its folder: {real.name}"
    return None


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
    enforce([own / "work", own / "temporary"], refused)
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
                print(errors.one_line(error))
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
