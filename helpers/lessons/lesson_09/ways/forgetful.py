"""A CheckpointManager in a new process that does not restore first: it counts from 1 again."""

import pathlib

import keras
import tensorflow


def save(model: keras.Model, path: pathlib.Path, kind: str) -> None:
    """Save the weights as the next checkpoint that this new manager knows of."""
    checkpoint = tensorflow.train.Checkpoint(model=model)
    tensorflow.train.CheckpointManager(checkpoint, path, max_to_keep=2).save()


def load(path: pathlib.Path, kind: str) -> keras.Model:
    """Load the latest checkpoint.

    Raises:
        FileNotFoundError: there is none.
    """
    latest = tensorflow.train.latest_checkpoint(path)
    if latest is None:
        raise FileNotFoundError("there is no checkpoint")
    model = keras.models.load_model("blank.keras")
    tensorflow.train.Checkpoint(model=model).restore(latest).assert_existing_objects_matched()
    return model
