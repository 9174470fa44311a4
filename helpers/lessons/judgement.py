"""What several judges need: the verdict, and differences between answers."""

import typing

from helpers.core import backend  # noqa: F401  (it settles how TensorFlow is imported)
import keras
import numpy


class Verdict(typing.NamedTuple):
    """What a judge found: "correct" or the name of a mistake, and the facts its text mentions."""

    key: str
    facts: dict[str, object] | None = None


CORRECT = Verdict("correct")


def answers(model: keras.Model, rows: numpy.ndarray) -> numpy.ndarray:
    """What a model predicts, as an array."""
    return numpy.asarray(model.predict(numpy.asarray(rows), verbose=0))


def difference(left: numpy.ndarray, right: numpy.ndarray) -> float:
    """The largest difference between two arrays; infinite if their shapes differ."""
    left, right = (
        numpy.asarray(left, dtype="float64"),
        numpy.asarray(right, dtype="float64"),
    )
    return float(numpy.abs(left - right).max()) if left.shape == right.shape else float("inf")


def weight_difference(left: keras.Model, right: keras.Model) -> float:
    """The largest difference between two lists of weights; infinite if they do not have the same shapes."""
    pairs = left.get_weights(), right.get_weights()
    if len(pairs[0]) != len(pairs[1]):
        return float("inf")
    return max((difference(*pair) for pair in zip(*pairs, strict=True)), default=0.0)


def kind(value: object) -> str:
    """The type of a value, as a learner knows it."""
    return type(value).__name__
