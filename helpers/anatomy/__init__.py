"""What is inside a saved model, read without loading it: `anatomy.show("digits.keras")`.

Nothing in the file is run: no model is built, no pickle or bytecode unpacked, no graph executed. Zip, JSON,
HDF5, protobuf and checkpoint files are opened within the sizes that `limits` states. Every path gets an
answer: a table, or one sentence that says what it is instead.
"""

import collections.abc
import os
import sys
import typing

from helpers.anatomy import finding, identify, words
from helpers.anatomy.finding import ASPECTS, NOT_HERE, Anatomy, Unreadable

__all__ = ["ASPECTS", "NOT_HERE", "Anatomy", "Unreadable", "main", "read", "show", "table"]

_USAGE = "Give the path of a saved model, as in `uv run course --inspect digits.keras`."


def read(path: str | os.PathLike[str]) -> Anatomy:
    """The anatomy of a saved model: a file, a folder, or the name of a checkpoint.

    Raises:
        Unreadable: it is no model, damaged, or larger than the limits; the text says what to do.
    """
    try:
        return identify.read(identify.local(path))
    except Unreadable:
        raise
    except PermissionError as error:
        raise Unreadable(
            f"{_name(path, error)!r} may not be read by you ({error.strerror}). Ask its owner, or copy it to a "
            "place of yours."
        ) from error
    except OSError as error:
        raise Unreadable(
            f"{_name(path, error)!r} cannot be read: {words.plain(error.strerror or str(error), 160)}. Copy it to "
            "this machine's own disk, then try again."
        ) from error
    except MemoryError as error:
        raise Unreadable(
            f"{_name(path, error)!r} needs more memory than is free. Close other programs."
        ) from error
    except Exception as error:  # a path from somebody else must never end in a traceback
        raise Unreadable(
            f"{_name(path, error)!r} does not follow its format, in a way not foreseen here "
            f"({type(error).__name__}: {words.plain(str(error), 120)}). Take it as damaged, and get it again."
        ) from error


def _name(path: object, error: BaseException) -> str:
    named = getattr(error, "filename", None) or path
    return (
        words.plain(os.path.basename(os.fsdecode(named)))
        if isinstance(named, (str, bytes, os.PathLike))
        else "it"
    )


def table(path: str | os.PathLike[str], aspects: collections.abc.Sequence[str] = ASPECTS) -> str:
    """The anatomy as text, at most 100 columns wide; for what is no model, the sentence. Never raises for a path.

    Args:
        path: a file, a folder, or the name of a checkpoint.
        aspects: which of ASPECTS to show, in their order.
    """
    try:
        found = read(path)
    except Unreadable as reason:
        return str(reason)
    return words.table(words.plain(found.path.name), [row for row in found.rows if row[0] in aspects])


def show(path: str | os.PathLike[str], aspects: collections.abc.Sequence[str] = ASPECTS) -> None:
    """Print the table, or the sentence."""
    _print(table(path, aspects), sys.stdout)


def main(arguments: collections.abc.Sequence[str]) -> int:
    """Print the anatomy of each path: 0 if each is a model, 1 if one is not, with its sentence."""
    if not arguments:
        _print(_USAGE, sys.stderr)
        return 1
    code = 0
    for number, path in enumerate(arguments):
        try:
            found = read(path)
        except Unreadable as reason:
            _print(str(reason), sys.stderr)
            code = 1
        else:
            _print(
                ("\n" if number else "") + words.table(words.plain(found.path.name), found.rows), sys.stdout
            )
    return code


def _print(text: str, stream: typing.TextIO) -> None:
    """Print, with signs the terminal does not know spelled out: a name in a file may hold any."""
    encoding = getattr(stream, "encoding", None) or "utf-8"
    print(text.encode(encoding, "backslashreplace").decode(encoding), file=stream)
