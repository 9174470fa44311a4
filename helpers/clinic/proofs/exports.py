"""Writing for others: a module with a table, and a conversion to TFLite."""

import pathlib

from helpers import quiet
from helpers.clinic.proofs import caught, shelf
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
    model = shelf.trained()
    model.export("exported", verbose=False)
    with quiet.native_errors():
        direct = tensorflow.lite.TFLiteConverter.from_keras_model(model).convert()
        exported = tensorflow.lite.TFLiteConverter.from_saved_model("exported").convert()
        for content in (direct, exported):
            interpreter = tensorflow.lite.Interpreter(model_content=content)
            (inputs,), (outputs,) = interpreter.get_input_details(), interpreter.get_output_details()
            interpreter.resize_tensor_input(inputs["index"], shelf.BATCH.shape)
            interpreter.allocate_tensors()
            interpreter.set_tensor(inputs["index"], numpy.asarray(shelf.BATCH))
            interpreter.invoke()
            assert caught.apart(interpreter.get_tensor(outputs["index"]), model(shelf.BATCH)) < 1e-5
    return caught.Case(
        "the way over an export gives a file with the same answers too",
        measured="from_keras_model converts, and the file answers as the model did",
    )
