"""JSON values as the arrays a model takes; whatever cannot become one gets a sentence."""

import dataclasses
import itertools
import json
import math

import numpy

TEXT = "text"
_WORDS = {"f": "numbers", "i": "whole numbers", "u": "whole numbers", "b": "true or false", TEXT: "text"}
_TYPES = {"f": {int, float}, "i": {int}, "u": {int}, "b": {bool}, TEXT: {str}}


class BadRequest(ValueError):
    """A request the model must not see; carries the HTTP status and a sentence for the client."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


@dataclasses.dataclass(frozen=True)
class Form:
    """What one input takes.

    Attributes:
        dtype: NumPy's type of its values; None for text.
        shape: its sizes, the first of them counts the rows; None is any size.
    """

    dtype: numpy.dtype | None
    shape: tuple[int | None, ...]

    @property
    def kind(self) -> str:
        """What its values are: "f", "i", "u" or "b" as in NumPy, or TEXT."""
        if self.dtype is None:
            return TEXT
        return "f" if self.dtype.kind == "V" else self.dtype.kind  # bfloat16 and its like

    def words(self) -> str:
        """What a row has to be, as in "a list of 4 numbers"."""
        inner = self.shape[1:]
        if not inner:
            return f"{_WORDS[self.kind]}, one for each row"
        if len(inner) == 1:
            return f"a list of {'' if inner[0] is None else f'{inner[0]} '}{_WORDS[self.kind]} for each row"
        sizes = " x ".join("any" if size is None else str(size) for size in inner)
        return f"nested lists of {_WORDS[self.kind]}, {sizes}, for each row"


def array(values: object, form: Form, largest: float = math.inf, of: str = "") -> numpy.ndarray:
    """What a client sent for one input, as an array of its type and shape; text as an array of bytes.

    Args:
        values: the nested lists of a request.
        form: what the input takes.
        largest: how far a float may be from zero.
        of: what the sentences say of the input, such as ` of "left"`.

    Raises:
        BadRequest: 422 where a value is of another kind, 400 where the values are no batch (none, ragged, of
            another width, not finite, too large).
    """
    level, sizes = [values], []
    for depth, expected in enumerate(form.shape):
        if set(map(type, level)) - {list}:
            place = next(place for place, one in enumerate(level) if not isinstance(one, list))
            raise BadRequest(400, f"{_row(place, sizes)}{of} is not a list. Expected: {form.words()}.")
        lengths = set(map(len, level))
        size = len(level[0]) if expected is None else expected
        if lengths != {size}:
            place = next(place for place, one in enumerate(level) if len(one) != size)
            seen = len(level[place])
            if depth == 0:
                raise BadRequest(400, f"There are {seen} rows{of}. Expected: {size}.")
            raise BadRequest(
                400, f"{_row(place, sizes)}{of} has {seen} values. Expected: {size} in every row."
            )
        sizes.append(size)
        level = list(itertools.chain.from_iterable(level))
    return _typed(level, sizes, form, largest, of).reshape(sizes)


def _typed(level: list, sizes: list[int], form: Form, largest: float, of: str) -> numpy.ndarray:
    """The values in one long array of the type of the input."""
    allowed = _TYPES[form.kind]
    if set(map(type, level)) - allowed:
        place = next(place for place, one in enumerate(level) if type(one) not in allowed)
        seen = json.dumps(level[place])[:40]
        raise BadRequest(422, f"{_row(place, sizes)}{of} holds {seen}. Expected: {_WORDS[form.kind]} only.")
    if form.kind == TEXT:
        try:
            return numpy.array([one.encode() for one in level], dtype=object)
        except UnicodeEncodeError:
            raise BadRequest(422, f"A text{of} is not Unicode. Expected: text in UTF-8.") from None
    if form.kind == "f":
        return _floats(level, sizes, form, largest, of)
    try:
        return numpy.array(level, form.dtype)
    except OverflowError:
        fits = numpy.iinfo(form.dtype)
        place = next(place for place, one in enumerate(level) if not fits.min <= one <= fits.max)
        raise BadRequest(
            400,
            f"{_row(place, sizes)}{of} holds a value out of range. "
            f"Expected: {form.dtype.name}, {fits.min} to {fits.max}.",
        ) from None


def _floats(level: list, sizes: list[int], form: Form, largest: float, of: str) -> numpy.ndarray:
    try:
        wide = numpy.array(level, "float64")
    except OverflowError:  # whole numbers of more than 308 digits
        wide = numpy.array([_float(one) for one in level])
    with numpy.errstate(over="ignore"):
        found = wide.astype(form.dtype)
    if not (finite := numpy.isfinite(found)).all():
        row = _row(int(numpy.argmin(finite)), sizes)
        raise BadRequest(400, f"{row}{of} holds a value that is not a finite number. Expected: finite ones.")
    if (beyond := numpy.abs(wide) > largest).any():
        row = _row(int(numpy.argmax(beyond)), sizes)
        raise BadRequest(400, f"{row}{of} holds a value beyond {largest:g}. Expected: smaller ones.")
    return found


def _float(value: float) -> float:
    try:
        return float(value)
    except OverflowError:
        return math.inf


def _row(place: int, sizes: list[int]) -> str:
    """Which row a place in the flattened values belongs to; the first size counts the rows."""
    return f"Row {place // math.prod(sizes[1:])}" if sizes else "What was sent"
