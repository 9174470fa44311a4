"""Staging folders: where a version is written before it has a number, and who is writing it.

The name says which process on which machine began it, so it is said from the first moment the folder
exists: there is no instant at which a kill leaves a folder that belongs to nobody.
"""

import os
import pathlib
import platform
import re
import secrets
import time

import psutil

# Hidden, and no number: neither a listing nor TensorFlow Serving takes it for a version.
_NAME = re.compile(r"\.staging-(?P<host>.*)-(?P<pid>\d{1,10})-(?P<start>\d{1,12})-[0-9a-f]{8}")
_CLOCK = 2  # seconds by which two readings of one process's start may differ


def make(store: pathlib.Path) -> pathlib.Path:
    """A new, empty staging folder in a store; absolute, so that a change of folder cannot lose it."""
    start = int(psutil.Process().create_time())
    name = f".staging-{_host()}-{os.getpid()}-{start}-{secrets.token_hex(4)}"
    folder = pathlib.Path(os.path.abspath(store), name)
    folder.mkdir()
    return folder


def is_left_over(folder: pathlib.Path, age: float) -> bool:
    """Whether this is a staging folder whose process has ended.

    The processes of another machine cannot be seen from here, so there it counts as left over when
    nothing in it was written for `age` seconds.
    """
    owner = _NAME.fullmatch(folder.name)
    if owner is None:
        return False
    if owner["host"] == _host():
        return not _runs(int(owner["pid"]), int(owner["start"]))
    try:
        return time.time() - _last_written(folder) > age
    except FileNotFoundError:
        return False  # it was published, or removed, while we looked


def _host() -> str:
    return re.sub(r"[^A-Za-z0-9.]", "_", platform.node())[:60]


def _runs(pid: int, start: int) -> bool:
    """Whether that very process runs: the number alone may belong to another one by now."""
    try:
        process = psutil.Process(pid)
        same = abs(process.create_time() - start) <= _CLOCK
        return same and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
    except psutil.AccessDenied:
        return True  # it is there, and nobody may say more


def _last_written(folder: pathlib.Path) -> float:
    times = [folder.lstat().st_mtime]
    for place, folders, names in os.walk(folder):
        times += [os.lstat(os.path.join(place, name)).st_mtime for name in folders + names]
    return max(times)
