"""A training by several processes: a coordinator with the model, and workers with a part of the rows each.

In each step the coordinator sends the weights out, each worker answers with the gradients of its part, and
the coordinator applies their mean. This is what a strategy over several machines does, in a form that one
machine can show. `run` trains, and saves a checkpoint every SAVE_EVERY steps.
"""

import contextlib
import multiprocessing.connection
import pathlib

from helpers import digits
from helpers.core import backend, processes
import keras
import numpy
import tensorflow

WORKERS = 2
SAVE_EVERY = 4
ROWS = 64  # in a batch: 32 a worker


class Preempted(Exception):
    """A worker is gone: its machine was taken away, in the middle of a step."""


def network() -> keras.Model:
    """The model that is trained, with the same first weights in each process: digits in, ten numbers out."""
    keras.utils.set_random_seed(7)
    model = keras.Sequential(
        [keras.Input((64,)), keras.layers.Dense(16, activation="relu"), keras.layers.Dense(10)]
    )
    model.optimizer = keras.optimizers.Adam(0.01)
    model.optimizer.build(model.trainable_variables)
    return model


def work(pipe: multiprocessing.connection.Connection, number: int) -> None:
    """The worker: gets a step and weights, answers with the gradients of its rows, until nobody asks."""
    backend.first_operation()  # its log lines belong on no page
    data, model = digits.load(), network()
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    with contextlib.suppress(EOFError):
        while True:
            step, weights = pipe.recv()
            model.set_weights(weights)
            start = (step * ROWS + number * ROWS // WORKERS) % (len(data.train_features) - ROWS)
            part = slice(start, start + ROWS // WORKERS)
            with tensorflow.GradientTape() as tape:
                value = loss(data.train_labels[part], model(data.train_features[part], training=True))
            pipe.send([numpy.asarray(one) for one in tape.gradient(value, model.trainable_variables)])


def run(folder: str, until: int, taken_away_at: int | None = None) -> tuple[keras.Model, int, int]:
    """Train up to a step, from the newest checkpoint in the folder if there is one.

    Args:
        folder: where the checkpoints lie.
        until: the last step.
        taken_away_at: the step in which the second worker is ended, or None.

    Returns:
        The model, the step it began from, and the number of steps it did.

    Raises:
        Preempted: a worker did not answer. What was saved is in the folder.
    """
    model = network()
    checkpoint = tensorflow.train.Checkpoint(model=model, optimizer=model.optimizer)
    manager = tensorflow.train.CheckpointManager(checkpoint, folder, max_to_keep=3)
    checkpoint.restore(manager.latest_checkpoint)
    began = int(model.optimizer.iterations)
    workers = [processes.converse(work, number) for number in range(WORKERS)]
    try:
        for step in range(began, until):
            if step == taken_away_at:
                workers[1][0].kill()
            model.optimizer.apply(
                _mean_gradients(workers, step, model.get_weights()), model.trainable_variables
            )
            if (step + 1) % SAVE_EVERY == 0:
                manager.save(checkpoint_number=step + 1)
    finally:
        for process, pipe in workers:
            pipe.close()  # the worker ends by it
            process.join()
    return model, began, until - began


def some_rows() -> numpy.ndarray:
    """Digits to ask a model about, (20, 64)."""
    return digits.load().test_features[:20]


def saved(folder: str) -> list[int]:
    """The steps of the checkpoints in a folder."""
    return sorted(int(path.stem.split("-")[1]) for path in pathlib.Path(folder).glob("ckpt-*.index"))


def _mean_gradients(workers: list, step: int, weights: list[numpy.ndarray]) -> list[numpy.ndarray]:
    try:
        for _, pipe in workers:
            pipe.send((step, weights))
        answers = [pipe.recv() for _, pipe in workers]
    except (EOFError, OSError) as error:
        raise Preempted(f"a worker is gone in step {step}") from error
    return [numpy.mean(parts, axis=0) for parts in zip(*answers, strict=True)]
