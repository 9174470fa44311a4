"""Layers of Keras 2 that Keras 3 does not have."""

import pathlib

from helpers.clinic.proofs import caught, keras_2
import keras


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
        keras.models.load_model(keras_2.OLD / "thresholded.h5")
    with caught.error(ValueError) as function:
        keras.models.load_model(keras_2.OLD / "operations.h5")

    given = keras.models.load_model(
        keras_2.OLD / "thresholded.h5", custom_objects={"ThresholdedReLU": ThresholdedReLU}, compile=False
    )
    inputs = keras.Input((4,))
    rebuilt = keras.Model(inputs, keras.ops.relu(keras.layers.Dense(3)(inputs) + 1.0))
    rebuilt.load_weights(keras_2.OLD / "operations.h5")
    for name, model in (("thresholded.h5", given), ("operations.h5", rebuilt)):
        rows, answers = keras_2.answered(name)
        assert caught.apart(model(rows), answers) < 1e-5
    return caught.Case(
        "a class handed over, and a model written anew, answer as under Keras 2", [layer, function]
    )
