"""Writing for others: a module with a table, and a conversion to TFLite."""

import pathlib

from helpers.core import backend
from helpers.tools.clinic.proofs import caught
import keras
import numpy
import tensorflow

TABLE = tensorflow.lookup.StaticHashTable(
    tensorflow.lookup.KeyValueTensorInitializer(["no", "yes"], [0, 1]), default_value=-1
)
SCALE = tensorflow.Variable(2.0)


class Loose(tensorflow.Module):
    """Uses a table and a variable that lie outside of it."""

    @tensorflow.function(input_signature=[tensorflow.TensorSpec([None], tensorflow.string)])
    def look_up(self, words: tensorflow.Tensor) -> tensorflow.Tensor:
        """Return a number for each word, times the scale."""
        return SCALE * tensorflow.cast(TABLE.lookup(words), tensorflow.float32)


class Whole(tensorflow.Module):
    """The same, with both as attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.table, self.scale = TABLE, SCALE

    @tensorflow.function(input_signature=[tensorflow.TensorSpec([None], tensorflow.string)])
    def look_up(self, words: tensorflow.Tensor) -> tensorflow.Tensor:
        """Return a number for each word, times the scale."""
        return self.scale * tensorflow.cast(self.table.lookup(words), tensorflow.float32)


def p31(folder: pathlib.Path) -> caught.Case:
    """Save a module whose table is a global, then one that owns it."""
    with caught.error(AssertionError) as seen:
        tensorflow.saved_model.save(Loose(), "loose")

    tensorflow.saved_model.save(Whole(), "whole")
    loaded = tensorflow.saved_model.load("whole")
    answers = loaded.look_up(tensorflow.constant(["yes", "no", "maybe"])).numpy().tolist()
    assert answers == [2.0, 0.0, -2.0], answers
    return caught.Case(f"as attributes both are saved: yes, no, maybe give {answers}", [seen])


def p25(folder: pathlib.Path) -> caught.Case:
    """Convert a Keras model directly, and by way of an export."""
    model = caught.trained()
    model.export("exported", verbose=False)
    with backend.native_errors():
        direct = tensorflow.lite.TFLiteConverter.from_keras_model(model).convert()
        exported = tensorflow.lite.TFLiteConverter.from_saved_model("exported").convert()
        for content in (direct, exported):
            interpreter = tensorflow.lite.Interpreter(model_content=content)
            (inputs,), (outputs,) = interpreter.get_input_details(), interpreter.get_output_details()
            interpreter.resize_tensor_input(inputs["index"], caught.BATCH.shape)
            interpreter.allocate_tensors()
            interpreter.set_tensor(inputs["index"], numpy.asarray(caught.BATCH))
            interpreter.invoke()
            assert caught.apart(interpreter.get_tensor(outputs["index"]), model(caught.BATCH)) < 1e-5
    return caught.Case(
        "the way over an export gives a file with the same answers too",
        measured="from_keras_model converts, and the file answers as the model did",
    )


# Calling what an export offers: endpoints, names of inputs, shapes.


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
    caught.trained().export("exported", verbose=False)
    loaded, artefact = (tensorflow.saved_model.load(name) for name in ("doubling", "exported"))
    rows = tensorflow.ones((2, 3))
    refused = [
        lambda: loaded.traced(rows),
        lambda: artefact.serve(caught.BATCH[:, :5]),
        lambda: artefact.serve(caught.BATCH, training=True),
    ]
    errors = []
    for line in refused:
        with caught.error(ValueError, TypeError) as seen:
            line()
        errors.append(seen)

    assert caught.apart(loaded.open(rows), 2 * rows) == 0
    assert artefact.serve(caught.BATCH).shape == (8, 10)
    return caught.Case("with None for the number of rows, the saved function takes any batch", errors)
