"""Numbers and texts as people give them: checked once, here, with a sentence for what they are not."""

import collections.abc
import contextlib
import math
import os
import reprlib

import numpy

# The errors of the version store: whatever goes wrong is one of these, with a sentence.


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


LARGEST = 10**18 - 1  # TensorFlow Serving reads the name of a version into 64 bits


def whole(value: object, meaning: str) -> int:
    """A whole number from 1, as a plain int; NumPy's are welcome, booleans are not.

    Raises:
        errors.VersionsError: it is something else.
    """
    is_whole = isinstance(value, int | numpy.integer) and not isinstance(value, bool)
    if is_whole and 1 <= value <= LARGEST:
        return int(value)
    raise VersionsError(f"{meaning} is a whole number such as 3, from 1; got {shown(value)}.")


def real(value: object, meaning: str) -> int | float:
    """A finite number as a plain int or float; NumPy's scalars are welcome, booleans and NaN are not.

    Raises:
        errors.VersionsError: it is something else.
    """
    try:
        array = numpy.asarray(value)
        if array.ndim == 0 and array.dtype.kind in "iuf":
            plain = float(array) if array.dtype.kind == "f" else int(array)
            if math.isfinite(plain):
                return plain
    except (TypeError, ValueError, OverflowError):
        pass  # NumPy cannot make a number of it either
    raise VersionsError(f"{meaning} is a number such as 0.95, neither NaN nor infinite; got {shown(value)}.")


def tolerance(value: object, meaning: str = "A tolerance") -> float:
    """A number from 0.

    Raises:
        errors.VersionsError: it is something else.
    """
    number = float(real(value, meaning))
    if number < 0:
        raise VersionsError(f"{meaning} is 0 or more; got {shown(value)}.")
    return number


def text(value: object, meaning: str) -> str:
    """A text.

    Raises:
        errors.VersionsError: it is something else.
    """
    if isinstance(value, str):
        return value
    raise VersionsError(f"{meaning} is a text; got {shown(value)}.")


def modules(value: object) -> list[str]:
    """Names of modules, such as ["layers", "helpers.models"].

    Raises:
        errors.VersionsError: it is something else.
    """
    if isinstance(value, list | tuple) and all(
        isinstance(name, str) and all(part.isidentifier() for part in name.split(".")) for name in value
    ):
        return list(value)
    raise VersionsError(f'imports is a list of names of modules, such as ["layers"]; got {shown(value)}.')


def metrics(value: object) -> dict[str, int | float]:
    """Names with finite numbers, as JSON can hold them; None means there are none.

    Raises:
        errors.VersionsError: a name is no text, or a number is none.
    """
    if value is None:
        return {}
    if not isinstance(value, dict) or not all(isinstance(name, str) and name for name in value):
        raise VersionsError(
            f'Metrics are names with numbers, such as {{"accuracy": 0.95}}; got {shown(value)}.'
        )
    return {name: real(number, f"The metric {shown(name)}") for name, number in value.items()}
