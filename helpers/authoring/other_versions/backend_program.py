"""Write and read models on one backend: `python backend_program.py write|read|orbax FOLDER`.

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


def sequential(*layers):
    """A model of Dense layers with others between them."""
    inner = [keras.layers.Dense(8, activation="relu"), *layers, keras.layers.Dense(1)]
    return keras.Sequential([keras.Input((4,)), *inner])


def trained(model, callbacks=()):
    """The model after eight steps."""
    model.compile(keras.optimizers.Adam(0.01), "mse")
    model.fit(ROWS, LABELS, epochs=2, batch_size=16, shuffle=False, verbose=0, callbacks=list(callbacks))
    return model


def numbers(*layers):
    """A trained model that takes numbers."""
    keras.utils.set_random_seed(17)
    return trained(sequential(*layers))


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


def functional(inner):
    """The same layers as a functional model; the first of them may be a model of its own."""
    rows = keras.Input((4,))
    return keras.Model(rows, keras.layers.Dense(1)(inner(rows)))


KINDS = {
    "Sequential": sequential,
    "functional, a Sequential inside": lambda: functional(
        keras.Sequential([keras.layers.Dense(8, activation="relu")])
    ),
    "Sequential, from its configuration": lambda: keras.Sequential.from_config(sequential().get_config()),
    "functional": lambda: functional(keras.layers.Dense(8, activation="relu")),
}


def orbax(folder):
    """Save each kind of model while it trains, with Orbax, and say what comes back."""
    found = {}
    for kind, make in KINDS.items():
        keras.utils.set_random_seed(17)
        place = os.path.join(os.path.abspath(folder), kind)
        model = trained(make(), [keras.callbacks.OrbaxCheckpoint(place, save_on_background=False)])
        found[f"{kind}: load_model"] = compared(keras.models.load_model(place), model)
        if kind == "Sequential":
            keras.backend.clear_session()  # the names begin anew, as in a new process
            again = make()
            again.compile(keras.optimizers.Adam(0.01), "mse")
            again.load_weights(place)
            found[f"{kind}, made anew: load_weights"] = compared(again, model)
    return found


def compared(loaded, model):
    """The step of a loaded model, and how far its answers are from those of the live one."""
    answers = [one.predict(ROWS, verbose=0) for one in (loaded, model)]
    return f"step {int(loaded.optimizer.iterations)}, apart by {numpy.abs(answers[0] - answers[1]).max():.4f}"


def main():
    """Do what was asked, and print it."""
    what, folder = sys.argv[1:]
    packages = ["keras", "numpy", BACKEND, *["orbax-checkpoint"] * (what == "orbax")]
    versions = {name: importlib.metadata.version(name) for name in packages}
    done = {"write": write, "read": read, "orbax": orbax}[what](folder)
    print(json.dumps({"versions": versions, what: done}))


if __name__ == "__main__":
    main()
