"""Opens files for reading, nothing but ordinary files, and never more of one than was agreed."""

import os
import pathlib
import stat
import typing

from helpers.tools.anatomy import finding, words


def opened(path: pathlib.Path) -> typing.BinaryIO:
    """An ordinary file, open for reading.

    Raises:
        finding.Unreadable: it is a pipe, a device or the like: opening one can wait for ever or do something.
        OSError: it cannot be opened.
    """
    if not stat.S_ISREG(path.stat().st_mode):
        raise finding.Unreadable(
            f"{words.quoted(path.name)} is not an ordinary file, and only those are opened. "
            "Give the path of a saved model."
        )
    return path.open("rb")


def whole(path: pathlib.Path, limit: int) -> bytes:
    """All of a file of at most `limit` bytes.

    Raises:
        finding.Unreadable: it is larger.
        OSError: it cannot be read.
    """
    with opened(path) as file:
        if (size := os.fstat(file.fileno()).st_size) > limit:
            raise finding.Unreadable(
                f"{words.quoted(path.name)} has {size:,} bytes, and files of this kind are read here up to "
                f"{limit:,}. Nothing of it was read. If you expected a file this large, open it with the "
                "tool that wrote it."
            )
        return file.read(size)


def head(path: pathlib.Path) -> bytes:
    """The first bytes of a file, enough to tell what it is.

    Raises:
        finding.Unreadable: it is not an ordinary file.
        OSError: it cannot be read.
    """
    with opened(path) as file:
        return file.read(finding.HEAD)


def size(path: pathlib.Path) -> int:
    """The bytes of a file, or of all files in a folder (links are not followed).

    Raises:
        finding.Unreadable: the folder holds more files than any model.
        OSError: it cannot be read.
    """
    if not path.is_dir():
        return path.stat().st_size
    total = files = 0
    for folder, _, names in os.walk(path):
        files += len(names)
        if files > finding.MEMBERS:
            raise finding.Unreadable(
                f"{words.quoted(path.name)} holds more than {finding.MEMBERS:,} files; no model does. "
                "Give the folder or the file of one model."
            )
        total += sum(os.lstat(os.path.join(folder, name)).st_size for name in names)
    return total
