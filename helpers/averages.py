"""A reader that nobody trains: ten average pictures. Its numbers are the same on every machine.

Training ends on slightly different weights wherever it runs, so what a program answered for a trained
model cannot be recorded and compared elsewhere. For this model it can.
"""

import json
import pathlib

from helpers import (
    backend,  # noqa: F401  (it settles how TensorFlow is imported)
    digits,
)
import keras
import numpy

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

    The file says where it was recorded. `tests/test_averages.py` builds the program and compares.
    """
    return numpy.array(json.loads(RECORD.read_text(encoding="utf-8"))["answers"], dtype="float32")
