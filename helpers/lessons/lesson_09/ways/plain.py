"""Saving the way everybody does it, over whatever is there, and loading it again.

Lesson 09 writes this module in two of its cells; a test compares them.
"""

import pathlib

import keras
import tensorflow


def state(model: keras.Model) -> tensorflow.train.Checkpoint:
    """What a checkpoint holds of a compiled model: numbers and optimizer."""
    return tensorflow.train.Checkpoint(model=model, optimizer=model.optimizer)


def save(model: keras.Model, path: pathlib.Path, kind: str) -> None:
    """Save a compiled model as a kind of `trials.KINDS`."""
    if kind == "checkpoint":
        return state(model).write(path / "state")
    if kind == "export":
        return model.export(path, verbose=False)
    write = model.save_weights if kind == ".weights.h5" else model.save
    write(path)


def load(path: pathlib.Path, kind: str) -> object:
    """Load it: a Keras model, or an artefact with `serve`. `blank.keras` lies in the current folder."""
    if kind == "export":
        return tensorflow.saved_model.load(path)
    if kind in [".keras", ".h5"]:
        return keras.models.load_model(path)
    model = keras.models.load_model("blank.keras")  # the code these two need, with other numbers
    if kind == ".weights.h5":
        model.load_weights(path)
    else:
        state(model).read(path / "state").assert_consumed()
    return model
