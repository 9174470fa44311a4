"""What is inside a saved model, read without loading it: `anatomy.show("digits.keras")`.

Nothing in the file is run: no model is built, no pickle or bytecode unpacked, no graph executed. Zip, JSON,
HDF5, protobuf and checkpoint files are opened within the sizes that `limits` states. Every path gets an
answer: a table, or one sentence that says what is there instead.
"""

import collections.abc
import os
import sys
import typing

from helpers.core import errors
from helpers.tools.anatomy import detect, errors_met, words
from helpers.tools.anatomy.finding import ASPECTS, NOT_HERE, Anatomy, Unreadable

__all__ = ["ASPECTS", "NOT_HERE", "Anatomy", "Unreadable", "main", "read", "show", "table"]

_USAGE = "Give the path of a saved model, as in `uv run course --inspect digits.keras`."
UNFORESEEN = "in a way not foreseen here"  # in the sentence for an error that no reader worded


def read(path: str | os.PathLike[str]) -> Anatomy:
    """The anatomy of a saved model: a file, a folder, or the name of a checkpoint.

    Raises:
        Unreadable: it is no model, damaged, or larger than the limits; the text says what to do.
    """
    try:
        return detect.read(detect.local(path))
    except Unreadable:
        raise
    except errors.Stop as reason:  # TensorFlow's classes are needed, and cannot be imported as things are
        raise Unreadable(str(reason)) from reason
    except PermissionError as error:
        raise Unreadable(
            f"{_named(path, error)} may not be read by you ({error.strerror}). Ask its owner for the "
            "right, or for a copy."
        ) from error
    except OSError as error:
        raise Unreadable(
            f"{_named(path, error)} cannot be read: {words.plain(error.strerror or str(error), 160)}. Copy "
            "it to a disk of this machine, then try again."
        ) from error
    except MemoryError as error:
        raise Unreadable(f"{_named(path, error)} needs more memory than is free. Close programs.") from error
    except Exception as error:  # a file from somebody else must never end in a traceback
        raise Unreadable(
            f"{_named(path, error)} does not follow its format, {UNFORESEEN} ({type(error).__name__}: "
            f"{words.plain(str(error), 120)}). Take it as damaged, and get it again."
        ) from error


def _named(path: object, error: BaseException) -> str:
    """The last part of the path the error is about, which may be a file in the folder that was given."""
    named = getattr(error, "filename", None) or path
    if not isinstance(named, (str, bytes, os.PathLike)):
        return "it"
    return words.quoted(os.path.basename(os.path.abspath(os.fsdecode(named))))


def table(path: str | os.PathLike[str], aspects: collections.abc.Collection[str] = ASPECTS) -> str:
    """The anatomy as text at most 100 columns wide, or the sentence for what is no model; it never raises.

    Args:
        path: a file, a folder, or the name of a checkpoint.
        aspects: which of ASPECTS to show.
    """
    try:
        found = read(path)
    except Unreadable as reason:
        return words.paragraph(str(reason))
    return words.table(words.plain(found.path.name), [row for row in found.rows if row[0] in aspects])


def show(path: str | os.PathLike[str], aspects: collections.abc.Collection[str] = ASPECTS) -> None:
    """Print the table, or the sentence."""
    _print(table(path, aspects), sys.stdout)


def main(arguments: collections.abc.Sequence[str]) -> int:
    """Print the anatomy of each path: 0 if each is a model, 1 if one is not, with its sentence."""
    if not arguments:
        _print(_USAGE, sys.stderr)
        return 1
    code = 0
    for path in arguments:
        try:
            found = read(path)
        except Unreadable as reason:
            _print(words.paragraph(str(reason)), sys.stderr)
            code = 1
        else:
            rows = [*found.rows, *errors_met.rows(found)]
            _print(words.table(words.plain(found.path.name), rows), sys.stdout)
    return code


def _print(text: str, stream: typing.TextIO) -> None:
    """Print, with signs the terminal does not know spelled out: a name in a file may hold any."""
    encoding = getattr(stream, "encoding", None) or "utf-8"
    print(text.encode(encoding, "backslashreplace").decode(encoding), file=stream)
