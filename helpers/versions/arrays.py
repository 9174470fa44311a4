"""A batch or its answers as one set of named arrays: one array, or one for each input or output name."""

import collections.abc

from helpers.versions import errors
import numpy

_SHOWN = "an array, or a dict of names with arrays"


def packed(part: str, value: object) -> dict[str, numpy.ndarray]:
    """The arrays of "batch" or "answers" under names for `numpy.savez`: "batch", or "batch.left", ...

    Raises:
        errors.VersionsError: it is something else, an empty array, or holds Python objects.
    """
    named = value if isinstance(value, collections.abc.Mapping) else {"": value}
    if not named:
        raise errors.VersionsError(f"The {part} of a golden pair must be {_SHOWN}; got an empty dict.")
    return {_name(part, name): _array(part, one) for name, one in named.items()}


def unpacked(part: str, stored: collections.abc.Mapping[str, numpy.ndarray]) -> object:
    """What `packed` was given."""
    if part in stored:
        return stored[part]
    start = f"{part}."
    return {name.removeprefix(start): stored[name] for name in stored if name.startswith(start)}


def largest_difference(expected: numpy.ndarray, seen: numpy.ndarray) -> float:
    """The largest absolute difference of two arrays of one shape; NaN if either holds one."""
    # Wide floats first: the difference of two unsigned numbers below zero is a huge one.
    wide = "complex128" if "c" in (expected.dtype.kind, seen.dtype.kind) else "float64"
    with numpy.errstate(invalid="ignore", over="ignore"):
        return float(numpy.max(numpy.abs(expected.astype(wide) - seen.astype(wide))))


def _name(part: str, name: object) -> str:
    if name == "":
        return part
    # A name becomes one in a zip file, which cuts it at some characters without a word.
    if isinstance(name, str) and name.isprintable() and len(name) <= 200:
        return f"{part}.{name}"
    raise errors.VersionsError(
        f"The names in the {part} of a golden pair must be short texts; got {errors.shown(name)}."
    )


def _array(part: str, value: object) -> numpy.ndarray:
    kinds = "biufcSU" if part == "batch" else "biufc"
    try:
        array = numpy.asarray(value)
    except (TypeError, ValueError, OverflowError):
        array = numpy.asarray(None)
    if array.dtype.kind not in kinds:
        raise errors.VersionsError(
            f"The {part} of a golden pair must be {_SHOWN}; got {errors.shown(value)} of type {array.dtype}. "
            'astype("float32") or a dict may help.'
        )
    if not array.size:
        raise errors.VersionsError(f"The {part} of a golden pair must not be empty: it would prove nothing.")
    return array
