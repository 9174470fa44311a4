"""Checkpoints: numbers that are poured into objects which have to be there."""

import io
import logging
import pathlib

from helpers.clinic.proofs import caught, shelf
import keras
import tensorflow


class Reader(keras.Model):
    """Two Dense layers; the first call makes the weights."""

    def __init__(self, **options: object) -> None:
        super().__init__(**options)
        self.hidden, self.last = keras.layers.Dense(8), keras.layers.Dense(10)

    def call(self, inputs: keras.KerasTensor) -> keras.KerasTensor:
        """Return one number for each digit."""
        return self.last(self.hidden(inputs))


def _warned(folder: pathlib.Path) -> str:
    """What TensorFlow logs when a checkpoint is let go with a value that found no place."""
    model = Reader()
    model(shelf.BATCH)
    tensorflow.train.Checkpoint(model=model, step=tensorflow.Variable(3)).write("stepped")
    logger, said = tensorflow.get_logger(), io.StringIO()
    handler, level, passes = logging.StreamHandler(said), logger.level, logger.propagate
    logger.addHandler(handler)
    logger.setLevel("WARNING")
    others = [one for one in logger.handlers if one is not handler]
    for one in others:
        logger.removeHandler(one)
    try:
        checkpoint = tensorflow.train.Checkpoint(model=model)
        status = checkpoint.read("stepped")
        del status, checkpoint
    finally:
        logger.removeHandler(handler)
        for one in others:
            logger.addHandler(one)
        logger.setLevel(level)
        logger.propagate = passes
    return said.getvalue().strip()


def p19(folder: pathlib.Path) -> caught.Case:
    """Restore into a model without weights and under another name; then into one that is built."""
    model = Reader()
    answers = model(shelf.BATCH)
    tensorflow.train.Checkpoint(model=model).write("state")
    unbuilt, named, built = Reader(), Reader(), Reader()
    early = tensorflow.train.Checkpoint(model=unbuilt).read("state")
    named(shelf.BATCH)
    elsewhere = tensorflow.train.Checkpoint(reader=named).read("state")
    for wrong in (unbuilt, named):
        assert caught.apart(wrong(shelf.BATCH), answers) > 0.1
    errors = []
    for status in (early, elsewhere):
        with caught.error(AssertionError) as seen:
            status.assert_consumed()
        errors.append(seen)
    assert "Value in checkpoint could not be found in the restored object: (root).step" in _warned(folder)

    built(shelf.BATCH)
    tensorflow.train.Checkpoint(model=built).read("state").assert_consumed()
    assert caught.apart(built(shelf.BATCH), answers) == 0
    return caught.Case("built first and asked with assert_consumed, it answers exactly as before", errors)
