"""What a proof works with: an error caught with its whole traceback, and the case it makes in the end."""

import collections.abc
import contextlib
import dataclasses
import functools
import re
import traceback
import warnings

from helpers import digits, models
import keras
import numpy

_LONGEST = 100  # characters of the first line, where another one says more


class Caught:
    """The error a block raised: `text` is its complete traceback, as Python prints it."""

    exception: BaseException
    text: str
    headline: str  # class and first line, without the colours that Keras puts in

    def take(self, exception: BaseException) -> None:
        """Keep an error."""
        self.exception = exception
        self.text = "".join(traceback.format_exception(exception))
        self.headline = _headline(exception)


def _headline(exception: BaseException) -> str:
    """Class and first line, and the line that says more where Keras puts it below."""
    plain = re.sub(r"\x1b\[\d+m|\{\{[^}]*\}\}", "", str(exception))
    first, *others = [line.strip() for line in plain.splitlines() if line.strip()] or [""]
    telling = [
        line for line in others if line.startswith(("Exception encountered: ", "Layer '", "not assigned"))
    ]
    if first.startswith("Exception encountered when calling"):
        telling = others[:1]
    if telling:
        first = f"{first[:_LONGEST]} … {telling[-1][:_LONGEST]}"
    return f"{type(exception).__name__}: {first}"


@contextlib.contextmanager
def error(*kinds: type[BaseException]) -> collections.abc.Iterator[Caught]:
    """Catch an error of one of these kinds, which the block has to raise.

    Raises:
        AssertionError: it raises none.
    """
    seen = Caught()
    try:
        yield seen
    except kinds as exception:
        seen.take(exception)
        return
    raise AssertionError(f"no {' or '.join(kind.__name__ for kind in kinds)} was raised: it is mended here")


def raised(action: collections.abc.Callable[[], object], *kinds: type[BaseException]) -> Caught:
    """Catch the error of one of these kinds that a call has to raise.

    Raises:
        AssertionError: it raises none.
    """
    with error(*kinds) as seen:
        action()
    return seen


@dataclasses.dataclass(frozen=True)
class Case:
    """What a proof saw: errors, or for a silent failure what was measured, and what the cure gave."""

    cured: str
    errors: list[Caught] = dataclasses.field(default_factory=list)
    measured: str = ""


@contextlib.contextmanager
def quiet() -> collections.abc.Iterator[None]:
    """Drop warnings: a proof that is about one catches it itself."""
    with warnings.catch_warnings(action="ignore"):
        yield


@contextlib.contextmanager
def warned() -> collections.abc.Iterator[list[str]]:
    """Collect the texts of the warnings of a block."""
    said: list[str] = []
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        yield said
    said.extend(str(one.message) for one in seen)


def apart(one: object, other: object) -> float:
    """The largest difference between two arrays of answers."""
    return float(numpy.abs(numpy.asarray(one) - numpy.asarray(other)).max())


# The models that proofs share: one training for all of them, and a new instance for each.
#
# A proof saves from its own instance, because a save as `.h5` changes a model. They train eagerly:
# no graph has to be made for a step or two.


BATCH = digits.load().test_features[:8]  # float32 (8, 64)
FEATURES, LABELS = (part[:128] for part in digits.load()[:2])  # float32 (128, 64) and int64 (128,)


@functools.cache
def _numbers() -> tuple[list, list]:
    model = models.trained(epochs=2)
    return model.get_weights(), [variable.numpy() for variable in model.optimizer.variables]


def trained() -> keras.Sequential:
    """A new instance of the model that Adam has trained for 90 steps, its optimizer with all it knows."""
    weights, optimizer = _numbers()
    model = models.sequential()
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", run_eagerly=True)
    model.set_weights(weights)
    model.optimizer.build(model.trainable_variables)
    for variable, value in zip(model.optimizer.variables, optimizer, strict=True):
        variable.assign(value)
    return model


def fresh(seed: int = 1) -> keras.Sequential:
    """The same layers with other weights, compiled; its optimizer has not seen a step."""
    model = models.sequential(seed)
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", run_eagerly=True)
    return model
