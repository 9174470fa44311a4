"""Write and read models on one backend: `python backend_program.py write|read FOLDER`.

This file runs in environments of their own and needs nothing of the course but Keras. It prints one JSON
object: the versions, and for each file what became of it. KERAS_BACKEND says which backend it is.
"""

import importlib.metadata
import json
import os
import sys

import keras
import numpy

TOLERANCE = 1e-5
BACKEND = keras.backend.backend()
ROWS = numpy.random.default_rng(17).random((64, 4)).astype("float32")
LABELS = ROWS.sum(axis=1, keepdims=True)


@keras.saving.register_keras_serializable(package="lesson_17")
class WithOps(keras.layers.Layer):
    """A layer that computes with keras.ops."""

    def call(self, rows):
        """Between -1 and 1."""
        return keras.ops.tanh(rows)


@keras.saving.register_keras_serializable(package="lesson_17")
class WithTensorFlow(keras.layers.Layer):
    """The same with a function of TensorFlow."""

    def call(self, rows):
        """Between -1 and 1."""
        import tensorflow

        return tensorflow.tanh(rows)


def numbers(*layers):
    """A trained model of Dense layers with others between them, and what it takes."""
    keras.utils.set_random_seed(17)
    inner = [keras.layers.Dense(8, activation="relu"), *layers, keras.layers.Dense(1)]
    model = keras.Sequential([keras.Input((4,)), *inner])
    model.compile(keras.optimizers.Adam(0.01), "mse")
    model.fit(ROWS, LABELS, epochs=2, batch_size=16, shuffle=False, verbose=0)
    return model


def words():
    """A model that reads words. It is not trained."""
    layer = keras.layers.TextVectorization(output_mode="multi_hot")
    layer.adapt(["the book is lost", "the room is cold"])
    return keras.Sequential([keras.Input((), dtype="string"), layer, keras.layers.Dense(1)])


WRITERS = {
    "layers": numbers,
    "keras.ops": lambda: numbers(WithOps()),
    "tensorflow.": lambda: numbers(WithTensorFlow()),
    "words": words,
}


def write(folder):
    """Save what this backend can make: a .keras each, and golden answers beside it."""
    made = {}
    for name, writer in WRITERS.items():
        path = os.path.join(folder, f"{name} from {BACKEND}")
        try:
            model = writer()
            model.save(path + ".keras")
        except Exception as error:  # whatever it raises is the result
            made[name] = type(error).__name__
            continue
        made[name] = "saved"
        if name != "words":
            numpy.savez(path + ".npz", rows=ROWS, answers=model.predict(ROWS, verbose=0))
    return made


def verdict(path, **options):
    """What became of one file: where it ended and what was raised, or the step it goes on from."""
    stage = "load"
    try:
        model = keras.models.load_model(path, **options)
        golden = path[: -len("keras")] + "npz"
        if not os.path.exists(golden):
            return "loads"
        stage = "answers"
        golden = numpy.load(golden)
        apart = numpy.abs(model.predict(golden["rows"], verbose=0) - golden["answers"]).max()
        if apart > TOLERANCE:
            return f"apart by {apart:.2g}"
        if not options.get("compile", True):
            return "answers"
        stage, before = "fit", int(model.optimizer.iterations)
        model.fit(ROWS, LABELS, batch_size=16, verbose=0)
    except Exception as error:
        return f"{stage}: {type(error).__name__}"
    return f"goes on from step {before}"


def read(folder):
    """Read every file of the folder, and the one from PyTorch without its training too."""
    names = sorted(name for name in os.listdir(folder) if name.endswith(".keras"))
    found = {name[: -len(".keras")]: verdict(os.path.join(folder, name)) for name in names}
    for name in names:
        if name == "layers from torch.keras":
            found["layers from torch, compile=False"] = verdict(os.path.join(folder, name), compile=False)
    return found


def main():
    """Do what was asked, and print it."""
    what, folder = sys.argv[1:]
    packages = ["keras", "numpy", BACKEND]
    versions = {name: importlib.metadata.version(name) for name in packages}
    done = (write if what == "write" else read)(folder)
    print(json.dumps({"versions": versions, what: done}))


if __name__ == "__main__":
    main()
