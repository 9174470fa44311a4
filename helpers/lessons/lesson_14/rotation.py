"""Turned digits: the drift of lesson 14, as from a camera that slowly comes loose."""

from helpers.core import backend  # noqa: F401  (it settles how TensorFlow is imported)
import keras
import numpy

_MIDDLE = 3.5  # of 8 pixels counted from 0


def turned(features: numpy.ndarray, degrees: float) -> numpy.ndarray:
    """Digits of shape (rows, 64), turned about their middle; what comes in from outside is empty paper.

    New pixels are interpolated between four old ones, so the picture also becomes a little softer.
    """
    angle = numpy.radians(degrees)
    cosine, sine = float(numpy.cos(angle)), float(numpy.sin(angle))
    # One line of the matrix for x, one for y; the middle stays where it is. Two zeros: no perspective.
    across = [cosine, -sine, _MIDDLE * (1 - cosine + sine)]
    down = [sine, cosine, _MIDDLE * (1 - sine - cosine)]
    matrix = numpy.array([*across, *down, 0, 0], dtype="float32")
    images = numpy.asarray(features, dtype="float32").reshape(-1, 8, 8, 1)
    moved = keras.ops.image.affine_transform(images, matrix, data_format="channels_last")
    return keras.ops.convert_to_numpy(moved).reshape(-1, 64)
