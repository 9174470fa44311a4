"""The three models of the two articles, on the digits: 64 features in, 10 probabilities out.

Each call gives a new instance with the same first weights for the same seed. Formats are compared
between separate instances, because saving one can change it.
"""

import json
import pathlib

from helpers import digits
from helpers.core import backend  # noqa: F401  (it settles how TensorFlow is imported)
import keras
import numpy


def sequential(seed: int = 7) -> keras.Sequential:
    """Example 1: Dense 128 relu, Dense 10 softmax. Input (rows, 64), output (rows, 10), not compiled."""
    keras.utils.set_random_seed(seed)
    return keras.Sequential(
        [
            keras.Input((64,), name="pixels"),
            keras.layers.Dense(128, activation="relu"),
            keras.layers.Dense(10, activation="softmax"),
        ]
    )


@keras.saving.register_keras_serializable(package="saved_for_good")
class CustomDense(keras.layers.Layer):
    """The custom layer of example 2, repaired: (rows, n) to (rows, units), with no activation."""

    def __init__(self, units: int, **options: object) -> None:
        super().__init__(**options)
        self.units = units

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        """Make the weights, now that the width of the input is known."""
        self.kernel = self.add_weight(
            (input_shape[-1], self.units), initializer="random_normal", name="kernel"
        )
        self.bias = self.add_weight((self.units,), initializer="zeros", name="bias")

    def call(self, inputs: keras.KerasTensor) -> keras.KerasTensor:
        """Return inputs times kernel plus bias."""
        return keras.ops.matmul(inputs, self.kernel) + self.bias

    def get_config(self) -> dict[str, object]:
        """Return every argument of the constructor, which is what a load will hand to it."""
        return {**super().get_config(), "units": self.units}


def custom_layer(seed: int = 7) -> keras.Model:
    """Example 2: CustomDense 128, Dense 10 softmax. Input (rows, 64), output (rows, 10), not compiled."""
    keras.utils.set_random_seed(seed)
    inputs = keras.Input((64,), name="pixels")
    outputs = keras.layers.Dense(10, activation="softmax")(CustomDense(128)(inputs))
    return keras.Model(inputs, outputs)


def trained(epochs: int = 8, seed: int = 7) -> keras.Sequential:
    """Example 3: the sequential model, compiled with Adam and trained on the 1,437 digits.

    Eight epochs of 45 steps take about two seconds and reach at least 0.93 on the 360 test rows.
    """
    model = sequential(seed)
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    data = digits.load()
    model.fit(data.train_features, data.train_labels, epochs=epochs, verbose=0)
    return model


# A reader that nobody trains: ten average pictures. Its numbers are the same on every machine.
#
# Training ends on slightly different weights wherever it runs, so what a program answered for a trained
# model cannot be recorded and compared elsewhere. For this model it can.


RECORD = pathlib.Path(__file__).parent / "data" / "averages_in_c.json"


def model() -> keras.Sequential:
    """Input (rows, 64), output (rows, 10): the nearer an image is to a digit's average, the likelier it is.

    The squared distance to an average is linear in the image but for a part that all ten share, and softmax
    takes no notice of that part. So one dense layer says it all.
    """
    data = digits.load()
    pictures = numpy.stack(
        [data.train_features[data.train_labels == digit].mean(axis=0, dtype="float64") for digit in range(10)]
    )
    reader = keras.Sequential(
        [keras.Input((64,), name="pixels"), keras.layers.Dense(10, activation="softmax")]
    )
    reader.set_weights([2 * pictures.T, -(pictures**2).sum(axis=1)])
    return reader


def recorded() -> numpy.ndarray:
    """What lesson 07's C program answered for the first test images: float32 (rows, 10).

    The file says where it was recorded. `tests/cells/test_averages.py` builds the program and compares.
    """
    return numpy.array(json.loads(RECORD.read_text(encoding="utf-8"))["answers"], dtype="float32")
