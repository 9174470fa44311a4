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
        # The last part of the path is enough to find it, and keeps a home folder out of a shared page.
        name = os.path.basename(os.fsdecode(error.filename)) if _is_path(error.filename) else "the store"
        raise VersionsError(
            f"{task} did not work: {error.strerror or error} ({name}). "
            "See that you may use it and that no other program has it open, then try again."
        ) from error


def _is_path(filename: object) -> bool:
    return isinstance(filename, str | bytes) and bool(filename)
