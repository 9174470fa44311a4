"""One process at a time changes what a store promotes or removes. Publishing needs no lock.

The operating system frees the lock of a process that ends, however it ends, so a kill leaves nothing
behind that would have to be judged stale.
"""

import collections.abc
import contextlib
import os
import pathlib
import time
import typing

from helpers.versions import errors

if os.name == "nt":
    import msvcrt
else:
    import fcntl

PATIENCE = 120.0  # seconds; a promotion under way takes as long as its check
_PAUSE = 0.02  # seconds between two tries


@contextlib.contextmanager
def held(store: pathlib.Path) -> collections.abc.Iterator[None]:
    """Hold the store's lock until the block ends.

    Raises:
        errors.VersionsError: another process holds it for longer than the patience.
        OSError: the lock cannot be written.
    """
    deadline = time.monotonic() + PATIENCE
    with open(store / ".lock", "a+b") as file:
        while not _taken(file):
            if time.monotonic() > deadline:
                raise errors.VersionsError(
                    f"Another process has been changing {store} for {PATIENCE:g} seconds. "
                    "Wait until it is done, then try again."
                )
            time.sleep(_PAUSE)
        yield  # closing the file frees the lock


def _taken(file: typing.BinaryIO) -> bool:
    try:
        if os.name == "nt":
            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):  # the second is how Windows says that it is taken
        return False
    return True
