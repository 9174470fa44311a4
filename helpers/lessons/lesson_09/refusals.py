"""What a system may refuse a process: to write more than so many bytes, and to write into a folder.

A full disk lets a write fail in the middle of a file. A size limit (RLIMIT_FSIZE) does the same to one
process, needs no rights, and ends with it. Whoever is root writes into a read-only folder all the same,
unless the process gives up that one privilege first.
"""

import ctypes
import os
import pathlib
import signal
import stat
import sys

FULL_DISK, READ_ONLY, FOLDER = "a full disk", "all read-only", "folder read-only"
_OVERRIDES = 0b110  # CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH: root's right to pass over permission bits
_CAPABILITIES_3 = 0x20080522  # the version of the structures below


def possible() -> bool:
    """Whether this system knows both: Linux and macOS do, Windows knows neither."""
    return os.name == "posix" and (os.geteuid() != 0 or sys.platform == "linux")


def begin(refusal: str, limit: int) -> None:
    """Let this process be refused from now on; `limit` is the largest size of a file, in bytes."""
    if refusal == FULL_DISK:
        import resource  # Windows has no such module

        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # the write fails, instead of the process
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
    elif os.geteuid() == 0:
        _give_up_overrides()


def _give_up_overrides() -> None:
    """Take root's right to pass over permission bits from this process, for good.

    Raises:
        OSError: the system does not let it.
    """
    library = ctypes.CDLL(None, use_errno=True)
    header = (ctypes.c_uint32 * 2)(_CAPABILITIES_3, 0)
    sets = (ctypes.c_uint32 * 6)()  # twice effective, permitted, inheritable: low and high half
    if library.capget(header, sets) == 0:
        for place in range(3):
            sets[place] &= ~_OVERRIDES
        if library.capset(header, sets) == 0:
            return
    raise OSError(ctypes.get_errno(), "root's privileges cannot be given up here")


_WRITES = stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH


def lock(folder: pathlib.Path, whole: bool = True) -> None:
    """Make a folder read-only; with all that is in it, or only the folder itself."""
    inside = sorted(folder.rglob("*"), reverse=True) if whole else []
    for path in [*inside, folder]:
        path.chmod(stat.S_IMODE(path.stat().st_mode) & ~_WRITES)


def unlock(folder: pathlib.Path) -> None:
    """Let everything in a folder be written again."""
    for path in [folder, *sorted(folder.rglob("*"))]:
        path.chmod(stat.S_IMODE(path.stat().st_mode) | stat.S_IWUSR)
