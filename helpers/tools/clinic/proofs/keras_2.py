"""Files of Keras 2, loaded with the Keras that is installed; tools/clinic/files/write.py has written them."""

import pathlib

from helpers.core import scratch
from helpers.tools.clinic.proofs import caught
import keras
import numpy

OLD = scratch.COURSE / "helpers" / "tools" / "clinic" / "files"


def answered(name: str) -> tuple[numpy.ndarray, numpy.ndarray]:
    """The stored input of an old file and what Keras 2 answered to it."""
    with numpy.load(OLD / "answers.npz") as stored:
        return stored[f"{name} input"], stored[f"{name} answers"]


def p05(folder: pathlib.Path) -> caught.Case:
    """Two layers whose old arguments are refused, and subclasses that drop them."""

    class GRU(keras.layers.GRU):
        def __init__(self, *, time_major: bool = False, **options: object) -> None:
            super().__init__(**options)

    class DepthwiseConv2D(keras.layers.DepthwiseConv2D):
        def __init__(self, *, groups: int = 1, **options: object) -> None:
            super().__init__(**options)

    errors = []
    for name, kind in (("gru.h5", GRU), ("depthwise.h5", DepthwiseConv2D)):
        with caught.error(ValueError, TypeError) as seen:
            keras.models.load_model(OLD / name)
        errors.append(seen)

        model = keras.models.load_model(OLD / name, custom_objects={kind.__name__: kind}, compile=False)
        rows, answers = answered(name)
        assert caught.apart(model(rows), answers) < 1e-5
    return caught.Case(
        "with a subclass that drops the argument both load, and answer as under Keras 2", errors
    )


def p06(folder: pathlib.Path) -> caught.Case:
    """An .h5 file of today with the word 'mse'."""
    model = caught.trained()
    model.compile(optimizer="adam", loss="mse", run_eagerly=True)
    model.save("old.h5")
    with caught.error(ValueError) as seen:
        keras.models.load_model("old.h5")

    loaded = keras.models.load_model("old.h5", compile=False)
    assert caught.apart(loaded(caught.BATCH), model(caught.BATCH)) < 1e-6
    loaded.compile(optimizer="adam", loss="mse", run_eagerly=True)
    loaded.save("model.keras")
    again = keras.models.load_model("model.keras")
    again.fit(caught.FEATURES, keras.utils.to_categorical(caught.LABELS, 10), verbose=0)
    assert int(again.optimizer.iterations) == 4
    return caught.Case("without compile settings it loads; compiled and saved as `.keras`, it trains", [seen])


def l03(folder: pathlib.Path) -> caught.Case:
    """An optimizer and a loss object, both in the words of Keras 2."""
    errors = []
    for name in ("adam.keras", "loss.keras"):
        with caught.error(ValueError, TypeError) as seen:
            keras.models.load_model(OLD / name)
        errors.append(seen)

        model = keras.models.load_model(OLD / name, compile=False)
        rows, answers = answered(name)
        assert caught.apart(model(rows), answers) < 1e-5
        model.compile(optimizer="adam", loss="mse", run_eagerly=True)
        model.fit(rows, answers, verbose=0)
        assert int(model.optimizer.iterations) == 1
    return caught.Case(
        "without compile settings both load, answer as under Keras 2, and train once compiled", errors
    )


# Layers of Keras 2 that Keras 3 does not have.


class ThresholdedReLU(keras.layers.Layer):
    """What the layer of that name computed: the input where it is above theta, else zero."""

    def __init__(self, theta: float = 1.0, **options: object) -> None:
        super().__init__(**options)
        self.theta = theta

    def call(self, inputs: keras.KerasTensor) -> keras.KerasTensor:
        """Keep what is above theta."""
        return keras.ops.where(inputs > self.theta, inputs, 0.0)


def l04(folder: pathlib.Path) -> caught.Case:
    """A layer that is gone, and functions of TensorFlow that Keras 2 had made layers of."""
    with caught.error(ValueError) as layer:
        keras.models.load_model(OLD / "thresholded.h5")
    with caught.error(ValueError) as function:
        keras.models.load_model(OLD / "operations.h5")

    given = keras.models.load_model(
        OLD / "thresholded.h5", custom_objects={"ThresholdedReLU": ThresholdedReLU}, compile=False
    )
    inputs = keras.Input((4,))
    rebuilt = keras.Model(inputs, keras.ops.relu(keras.layers.Dense(3)(inputs) + 1.0))
    rebuilt.load_weights(OLD / "operations.h5")
    for name, model in (("thresholded.h5", given), ("operations.h5", rebuilt)):
        rows, answers = answered(name)
        assert caught.apart(model(rows), answers) < 1e-5
    return caught.Case(
        "a class handed over, and a model written anew, answer as under Keras 2", [layer, function]
    )
