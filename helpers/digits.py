"""Real handwritten digits: 1,797 images of 8 x 8 pixels, written by 13 people.

Source: Optical Recognition of Handwritten Digits, E. Alpaydin and C. Kaynak, UCI Machine Learning
Repository, 1998; its licence stands beside the data.
"""

import pathlib
import typing

import numpy

FILE = pathlib.Path(__file__).parent / "data" / "digits.npz"
_TEST_ROWS = 360


class Digits(typing.NamedTuple):
    """Features are float32 from 0 to 1, shape (rows, 64); labels are int64 from 0 to 9, shape (rows,)."""

    train_features: numpy.ndarray
    train_labels: numpy.ndarray
    test_features: numpy.ndarray
    test_labels: numpy.ndarray


def load() -> Digits:
    """1,437 rows to train on and 360 to test with, in an order that is always the same."""
    with numpy.load(FILE) as stored:
        features = stored["images"].reshape(-1, 64).astype("float32") / 16
        labels = stored["labels"].astype("int64")
    # The file keeps the order of the writers; mixing puts every hand on both sides.
    order = numpy.random.default_rng(0).permutation(len(labels))
    train, test = order[_TEST_ROWS:], order[:_TEST_ROWS]
    return Digits(features[train], labels[train], features[test], labels[test])
