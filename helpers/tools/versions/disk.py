"""Files that are really on the disk, under their name, whole, or not there at all."""

import collections.abc
import contextlib
import hashlib
import json
import os
import pathlib
import shutil
import stat
import time
import typing

from helpers.tools.versions import errors


def files(folder: pathlib.Path) -> dict[str, pathlib.Path]:
    """Every file in a folder and its folders, by its name from there on ("variables/variables.index").

    Raises:
        errors.VersionsError: something in it is neither a file nor a folder.
        OSError: it cannot be read.
    """
    found = {}
    for place, folders, names in os.walk(folder, onerror=_raise):
        for path in (pathlib.Path(place, name) for name in sorted(folders + names)):
            kind = path.lstat().st_mode
            name = path.relative_to(folder).as_posix()
            if stat.S_ISREG(kind):
                found[name] = path
            elif not stat.S_ISDIR(kind):
                raise errors.Refused(
                    f"{errors.shown(name)} is neither a file nor a folder. What a link points to can "
                    "change unnoticed; put a copy of the file in its place."
                )
    return found


def digest(path: pathlib.Path) -> str:
    """The sha256 of a file, as `sha256sum` prints it."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def as_json(content: object) -> bytes:
    """JSON that people can read.

    Raises:
        errors.VersionsError: it holds a text that cannot be written as UTF-8.
    """
    try:
        return json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False).encode() + b"\n"
    except UnicodeEncodeError as error:
        raise errors.VersionsError(
            f"{errors.shown(error.object[error.start : error.end])} stands in a name or a note, and "
            "cannot be written as UTF-8. Use another name."
        ) from error


def remove(path: pathlib.Path) -> None:
    """Remove a file, a link, or a folder with all that is in it; what is gone already does not matter."""
    with contextlib.suppress(FileNotFoundError):
        shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()


def _raise(error: OSError) -> None:
    raise error


# One process at a time changes what a store promotes or removes. Publishing needs no lock.
#
# The operating system frees the lock of a process that ends, however it ends, so a kill leaves nothing
# behind that would have to be judged stale.


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
        OSError: the lock cannot be written, or is a link: its target would be made somewhere else.
    """
    deadline = time.monotonic() + PATIENCE
    lock = store / ".lock"
    if lock.is_symlink():
        raise errors.VersionsError(f"{lock} is a link, and a lock must lie in its store. Remove the link.")
    # Where the system can, the opening itself refuses a link that has come since.
    flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_NOFOLLOW", 0)
    with open(lock, "a+b", opener=lambda name, _: os.open(name, flags, 0o666)) as file:
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
