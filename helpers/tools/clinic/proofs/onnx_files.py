"""ONNX: writing a file, and asking onnxruntime."""

import pathlib

from helpers.core import backend
from helpers.tools.clinic.proofs import caught
import keras
import numpy
import onnxruntime
import tf2onnx

ROWS = numpy.asarray(caught.BATCH)


def _written(model: keras.Model) -> onnxruntime.InferenceSession:
    """Write a model that has been called, and open the file."""
    model(ROWS[:1])
    with backend.native_errors():
        model.export("model.onnx", format="onnx", verbose=False)
    return onnxruntime.InferenceSession("model.onnx")


def x01(folder: pathlib.Path) -> caught.Case:
    """Write a model right after its load; then after one call."""
    model = caught.trained()
    model.save("model.keras")
    loaded = keras.models.load_model("model.keras")
    seen = caught.raised(lambda: loaded.export("early.onnx", format="onnx", verbose=False), Exception)

    session = _written(loaded)
    (answers,) = session.run(None, {session.get_inputs()[0].name: ROWS})
    assert caught.apart(answers, model(ROWS)) < 1e-5
    return caught.Case("called once, it is written, and onnxruntime answers the same", [seen])


def _refused(rows: numpy.ndarray, name: str = "") -> caught.Case:
    """Ask with what the file does not take, then with what it takes."""
    model = caught.trained()
    session = _written(model)
    (wanted,) = session.get_inputs()
    seen = caught.raised(lambda: session.run(None, {name or wanted.name: rows}), Exception)

    (answers,) = session.run(None, {wanted.name: ROWS})
    assert caught.apart(answers, model(ROWS)) < 1e-5
    return caught.Case(f"with {wanted.type} of shape {wanted.shape} it answers the same", [seen])


def x02(folder: pathlib.Path) -> caught.Case:
    """Another name than the one of the input."""
    return _refused(ROWS, "pixels_of_a_digit")


def x03(folder: pathlib.Path) -> caught.Case:
    """Rows of float64."""
    return _refused(ROWS.astype("float64"))


def x04(folder: pathlib.Path) -> caught.Case:
    """Rows that are too short."""
    return _refused(ROWS[:, :63])


def p26(folder: pathlib.Path) -> caught.Case:
    """The converter's own call, for a Sequential of Keras 3; then the export by Keras."""
    model = caught.trained()
    seen = caught.raised(lambda: tf2onnx.convert.from_keras(model), KeyError, AttributeError)

    session = _written(model)
    (answers,) = session.run(None, {session.get_inputs()[0].name: ROWS})
    assert caught.apart(answers, model(ROWS)) < 1e-5
    return caught.Case("written by Keras, the file answers the same", [seen])
