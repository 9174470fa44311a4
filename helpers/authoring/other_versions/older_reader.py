"""Read a newer capsule: `python older_reader.py FOLDER`, on the TensorFlow of this very Python.

This file runs in environments of their own and needs nothing of the course. It prints one JSON object: for
each file of the capsule "answers", "DIFFERS", "EMPTY" or "error", and the class of the error.
"""

import json
import os
import sys

import numpy
import tensorflow

KERAS = tensorflow.keras
TOLERANCE = 1e-5


def serve(path):
    """The endpoint of an export, as a function from rows to answers."""
    loaded = tensorflow.saved_model.load(path)
    endpoint = loaded.signatures["serving_default"]

    def ask(rows):
        return next(iter(endpoint(tensorflow.constant(rows)).values()))

    ask.loaded = loaded  # otherwise its variables are gone
    return ask


def digits():
    """The model `digits` of every capsule, with first weights."""
    layers = [KERAS.layers.Dense(8, activation="relu"), KERAS.layers.Dense(10, activation="softmax")]
    model = KERAS.Sequential([KERAS.Input((64,)), *layers])
    model.compile(KERAS.optimizers.Adam(0.01), "sparse_categorical_crossentropy")
    return model


class Untouched(Exception):
    """Nothing was raised and nothing was loaded."""


def filled(how):
    """A function that makes `digits` and lets `how` fill it from a path."""

    def load(path):
        model = digits()
        before = model.get_weights()
        how(model, path)
        if all(map(numpy.array_equal, before, model.get_weights())):
            raise Untouched
        return model

    return load


def restore(model, path):
    """Restore the checkpoint of a folder."""
    checkpoint = tensorflow.train.Checkpoint(model=model)
    checkpoint.restore(tensorflow.train.latest_checkpoint(path)).expect_partial()


READERS = {
    "digits.keras": KERAS.models.load_model,
    "gate.keras": KERAS.models.load_model,
    "digits.h5": KERAS.models.load_model,
    "digits.weights.h5": filled(lambda model, path: model.load_weights(path)),
    "digits_checkpoint": filled(restore),
    "digits_tf_save": serve,
    "digits_export": serve,
}


def verdict(folder, name, golden):
    """What became of one file: the word, and what was raised."""
    model = name.split(".")[0].split("_")[0]
    try:
        answers = numpy.asarray(READERS[name](os.path.join(folder, name))(golden[model + "_rows"]))
    except Untouched:
        return ["EMPTY", ""]
    except Exception as error:  # whatever a load raises is its result
        return ["error", type(error).__name__]
    apart = numpy.abs(answers - golden[model + "_answers"]).max()
    return ["answers" if apart <= TOLERANCE else "DIFFERS", ""]


def main():
    """Read every file, and print what became of it."""
    folder = sys.argv[1]
    golden = numpy.load(os.path.join(folder, "golden.npz"))
    found = {name: verdict(folder, name, golden) for name in READERS}
    print(json.dumps({"tensorflow": tensorflow.__version__, "read": found}))


if __name__ == "__main__":
    main()
