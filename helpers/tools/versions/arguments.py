"""Numbers and texts as people give them: checked once, here, with a sentence for what they are not."""

import math

from helpers.tools.versions import errors
import numpy

LARGEST = 10**18 - 1  # TensorFlow Serving reads the name of a version into 64 bits


def whole(value: object, meaning: str) -> int:
    """A whole number from 1, as a plain int; NumPy's are welcome, booleans are not.

    Raises:
        errors.VersionsError: it is something else.
    """
    is_whole = isinstance(value, int | numpy.integer) and not isinstance(value, bool)
    if is_whole and 1 <= value <= LARGEST:
        return int(value)
    raise errors.VersionsError(f"{meaning} is a whole number such as 3, from 1; got {errors.shown(value)}.")


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
    raise errors.VersionsError(
        f"{meaning} is a number such as 0.95, neither NaN nor infinite; got {errors.shown(value)}."
    )


def tolerance(value: object, meaning: str = "A tolerance") -> float:
    """A number from 0.

    Raises:
        errors.VersionsError: it is something else.
    """
    number = float(real(value, meaning))
    if number < 0:
        raise errors.VersionsError(f"{meaning} is 0 or more; got {errors.shown(value)}.")
    return number


def text(value: object, meaning: str) -> str:
    """A text.

    Raises:
        errors.VersionsError: it is something else.
    """
    if isinstance(value, str):
        return value
    raise errors.VersionsError(f"{meaning} is a text; got {errors.shown(value)}.")


def modules(value: object) -> list[str]:
    """Names of modules, such as ["layers", "helpers.models"].

    Raises:
        errors.VersionsError: it is something else.
    """
    if isinstance(value, list | tuple) and all(
        isinstance(name, str) and all(part.isidentifier() for part in name.split(".")) for name in value
    ):
        return list(value)
    raise errors.VersionsError(
        f'imports is a list of names of modules, such as ["layers"]; got {errors.shown(value)}.'
    )


def metrics(value: object) -> dict[str, int | float]:
    """Names with finite numbers, as JSON can hold them; None means there are none.

    Raises:
        errors.VersionsError: a name is no text, or a number is none.
    """
    if value is None:
        return {}
    if not isinstance(value, dict) or not all(isinstance(name, str) and name for name in value):
        raise errors.VersionsError(
            f'Metrics are names with numbers, such as {{"accuracy": 0.95}}; got {errors.shown(value)}.'
        )
    return {name: real(number, f"The metric {errors.shown(name)}") for name, number in value.items()}
