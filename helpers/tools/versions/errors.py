"""The errors of the version store: whatever goes wrong is one of these, with a sentence."""

import collections.abc
import contextlib
import os
import reprlib


class VersionsError(Exception):
    """The store cannot do what was asked. The text says what was seen and what to do."""


class Refused(VersionsError):
    """A version does not hold what it must. The text names the file, the metric or the difference."""


def refusal(number: int | str, reason: str) -> Refused:
    """The error for one version."""
    return Refused(f"Version {number} is refused: {reason}")


def shown(value: object) -> str:
    """A value as a sentence can hold it: in one line, and short."""
    return " ".join(reprlib.repr(value).split())


@contextlib.contextmanager
def spoken(task: str) -> collections.abc.Iterator[None]:
    """Turn an error of the operating system into a sentence that begins with the task."""
    try:
        yield
    except OSError as error:
        raise VersionsError(
            f"{task} did not work: {error.strerror or error}{_where(error.filename)}. "
            "See that there is room, that you may do this there, and that no other program is using it; "
            "then try again."
        ) from error


def _where(filename: object) -> str:
    """The last part of a path: enough to find it, and no home folder on a shared page."""
    name = os.path.basename(os.fsdecode(filename)) if isinstance(filename, str | bytes) else ""
    # A hidden name was made up a moment ago and is gone again.
    return "" if not name or name.startswith(".") else f" ({name})"
