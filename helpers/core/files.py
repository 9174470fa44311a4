"""The files of a folder; and the one door to a file that others read.

They find the old content or the new one, never half of it.
"""

import contextlib
import os
import pathlib
import secrets

ASIDE = ".aside-"  # begins the name of what is being written; a program that is killed leaves it behind


def inside(folder: pathlib.Path) -> dict[str, pathlib.Path]:
    """Every file in a folder and its folders, by its path from there on with "/", in the order of these."""
    found = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    return dict(sorted(found.items()))


def replace(path: pathlib.Path, content: bytes) -> None:
    """Write aside, force to the disk, then rename.

    Raises:
        OSError: it cannot be written; what was there stays as it was.
    """
    aside = path.with_name(f"{ASIDE}{secrets.token_hex(4)}")
    try:
        with open(aside, "xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(aside, path)
    except BaseException:
        aside.unlink(missing_ok=True)
        raise
    flush_folder(path.parent)


def flush(path: pathlib.Path) -> None:
    """Force a file that somebody else wrote to the disk."""
    # Windows flushes only what is open for writing; elsewhere a file may well be read-only.
    with open(path, "r+b" if os.name == "nt" else "rb") as file:
        os.fsync(file.fileno())


def flush_folder(folder: pathlib.Path) -> None:
    """Force the names in a folder to the disk, where that can be done: not on Windows."""
    with contextlib.suppress(OSError):
        opened = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)
