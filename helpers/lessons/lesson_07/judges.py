"""Judges of the exercises of lesson 07. The given cells write their files into the scratch folder."""

import itertools
import pathlib
import re

from helpers import digits
from helpers.lessons import judgement
import keras
import numpy
import tensorflow

NUMBERS = 9610  # weights of the model


def task_1(kernel: object) -> judgement.Verdict:
    """The kernel of the first layer, as it stands in the export, which is of no model at hand."""
    try:
        array = numpy.asarray(kernel)
    except ValueError:  # lists of names and shapes, for instance
        return judgement.Verdict("no-array", {"seen": judgement.kind(kernel)})
    if not numpy.issubdtype(array.dtype, numpy.number):
        return judgement.Verdict("no-array", {"seen": judgement.kind(kernel)})
    if array.shape != (64, 128):
        return judgement.Verdict("shape", {"seen": array.shape})
    if judgement.difference(array, _reference().get_weights()[0]) <= 1e-6:
        return judgement.Verdict("at-hand")
    checkpoint = "exported/variables/variables"
    name = next(name for name, shape in tensorflow.train.list_variables(checkpoint) if shape == [64, 128])
    apart = judgement.difference(array, tensorflow.train.load_variable(checkpoint, name))
    return judgement.CORRECT if apart <= 1e-6 else judgement.Verdict("values", {"difference": apart})


def task_2(folder: object) -> judgement.Verdict:
    """A SavedModel with `serve` and `digit`, for any number of raw images."""
    artefact, problem = _loaded(folder, ["serve", "digit"])
    if problem:
        return problem
    features = digits.load().test_features[:12]
    expected = judgement.answers(_reference(), features)
    images = numpy.uint8(numpy.round(16 * features)).reshape(-1, 8, 8)
    for count in (12, 3, 1):
        probabilities, problem = _ask(artefact, "serve", images[:count])
        if problem:
            return problem
        apart = judgement.difference(probabilities, expected[:count])
        if apart > 1e-5:
            return judgement.Verdict("scale", {"difference": apart})
        found, problem = _ask(artefact, "digit", images[:count])
        if problem:
            return problem
        wanted = expected[:count].argmax(axis=1)
        if found.size != count or not numpy.array_equal(found.ravel(), wanted):
            return judgement.Verdict("digits", {"seen": found.tolist(), "wanted": wanted.tolist()})
    return judgement.CORRECT


def task_3(folder: object) -> judgement.Verdict:
    """A SavedModel that answers as the model does and holds each weight once."""
    artefact, problem = _loaded(folder, ["serve"])
    if problem:
        return problem
    features = digits.load().test_features[:12]
    for count in (12, 1):
        found, problem = _ask(artefact, "serve", features[:count])
        if problem:
            return problem
        apart = judgement.difference(found, judgement.answers(_reference(), features[:count]))
        if apart > 1e-5:
            return judgement.Verdict("answers", {"difference": apart})
    numbers = _numbers(pathlib.Path(str(folder)))
    return judgement.CORRECT if numbers <= 1.1 * NUMBERS else judgement.Verdict("twice", {"numbers": numbers})


def _loaded(folder: object, endpoints: list[str]) -> tuple[object, judgement.Verdict | None]:
    """The loaded artefact, and what is wrong if it is none or lacks one of the endpoints."""
    place = pathlib.Path(str(folder))
    if not (place / "saved_model.pb").is_file():
        return None, judgement.Verdict("no-folder", {"seen": str(folder)})
    artefact = tensorflow.saved_model.load(str(place))
    for endpoint in endpoints:
        if not callable(getattr(artefact, endpoint, None)):
            named = ", ".join(sorted(getattr(artefact, "signatures", {}))) or "none"
            return None, judgement.Verdict("endpoint", {"missing": endpoint, "seen": named})
    return artefact, None


def _ask(
    artefact: object, endpoint: str, rows: numpy.ndarray
) -> tuple[numpy.ndarray | None, judgement.Verdict | None]:
    try:
        answer = getattr(artefact, endpoint)(tensorflow.constant(rows))
    except (TypeError, ValueError, tensorflow.errors.InvalidArgumentError) as error:
        facts = {"endpoint": endpoint, "count": len(rows), "error": _sentence(error)}
        return None, judgement.Verdict("refuses", facts)
    return numpy.asarray(answer), None


def _sentence(error: Exception) -> str:
    """The class of an error and the first sentence that says what is wrong."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    # An error inside a graph begins with where it happened. What happened stands before "[[{{node ...}}]]".
    inside = [line for line, after in itertools.pairwise(lines) if after.startswith("[[{{")]
    said = re.split(r"\.\s", (inside or lines or ["no reason"])[0])[0].removesuffix(".")
    return f"{type(error).__name__}, {said}."


def _numbers(folder: pathlib.Path) -> int:
    """How many numbers the folder's checkpoint holds."""
    checkpoint = folder / "variables" / "variables"
    if not checkpoint.with_suffix(".index").is_file():
        return 0
    shapes = dict(tensorflow.train.list_variables(str(checkpoint)))
    return sum(int(numpy.prod(shape)) for name, shape in shapes.items() if not name.startswith("_CHECK"))


def _reference() -> keras.Model:
    return keras.models.load_model("reference.keras")
