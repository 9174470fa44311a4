"""Calling what an export offers: endpoints, names of inputs, shapes."""

import pathlib

from helpers.clinic.proofs import caught, shelf
import keras
import numpy
import tensorflow

HEIGHTS, WEIGHTS = numpy.ones((2, 3), "float32"), numpy.ones((2, 2), "float32")


class Doubling(tensorflow.Module):
    """Doubles rows of three: once for what it was traced with, once for any number of rows."""

    @tensorflow.function
    def traced(self, rows: tensorflow.Tensor) -> tensorflow.Tensor:
        """Double what it is given."""
        return 2 * rows

    @tensorflow.function(input_signature=[tensorflow.TensorSpec([None, 3], tensorflow.float32)])
    def open(self, rows: tensorflow.Tensor) -> tensorflow.Tensor:
        """Double any number of rows."""
        return 2 * rows


def p28(folder: pathlib.Path) -> caught.Case:
    """A model with two inputs as one layer, over the signature; a name that is no endpoint; then serve."""
    height, weight = keras.Input((3,), name="height"), keras.Input((2,), name="weight")
    outputs = keras.layers.Dense(1)(keras.layers.Concatenate()([height, weight]))
    model = keras.Model([height, weight], outputs)
    model.export("exported", verbose=False)
    with caught.error(TypeError) as several:
        keras.layers.TFSMLayer("exported", call_endpoint="serving_default")([HEIGHTS, WEIGHTS])
    with caught.error(ValueError) as unknown:
        keras.layers.TFSMLayer("exported", call_endpoint="predict")

    layer = keras.layers.TFSMLayer("exported", call_endpoint="serve")
    artefact = tensorflow.saved_model.load("exported")
    named = artefact.signatures["serving_default"](
        height=tensorflow.constant(HEIGHTS), weight=tensorflow.constant(WEIGHTS)
    )
    for answers in (layer([HEIGHTS, WEIGHTS]), *named.values()):
        assert caught.apart(answers, model([HEIGHTS, WEIGHTS])) < 1e-6
    return caught.Case(
        "`serve`, and the signature called by names, answer as the model did", [several, unknown]
    )


def p30(folder: pathlib.Path) -> caught.Case:
    """A batch of another size, too few features, an extra argument; then an open size."""
    doubling = Doubling()
    doubling.traced(tensorflow.ones((1, 3)))
    tensorflow.saved_model.save(doubling, "doubling")
    shelf.trained().export("exported", verbose=False)
    loaded, artefact = (tensorflow.saved_model.load(name) for name in ("doubling", "exported"))
    rows = tensorflow.ones((2, 3))
    refused = [
        lambda: loaded.traced(rows),
        lambda: artefact.serve(shelf.BATCH[:, :5]),
        lambda: artefact.serve(shelf.BATCH, training=True),
    ]
    errors = []
    for line in refused:
        with caught.error(ValueError, TypeError) as seen:
            line()
        errors.append(seen)

    assert caught.apart(loaded.open(rows), 2 * rows) == 0
    assert artefact.serve(shelf.BATCH).shape == (8, 10)
    return caught.Case("with None for the number of rows, the saved function takes any batch", errors)
