"""What settles the items of lesson 08."""

import pathlib

from helpers import readers
import keras
import numpy
import tensorflow

EPOCHS = {"shuffle": False, "verbose": 0}


def predict_dropout(folder: pathlib.Path) -> str:
    """Four epochs with dropout, against two, a .keras and two more, without and with the seed state."""
    whole, half = readers.noisy(), readers.noisy()
    whole.fit(*readers.data, epochs=4, **EPOCHS)
    half.fit(*readers.data, epochs=2, **EPOCHS)
    half.save(folder / "half.keras")
    apart = []
    for carry_seeds in (False, True):
        resumed = keras.models.load_model(folder / "half.keras")
        if carry_seeds:
            for state, saved in zip(_seeds(resumed), _seeds(half), strict=True):
                state.assign(saved)
        resumed.fit(*readers.data, initial_epoch=2, epochs=4, **EPOCHS)
        apart.append(_apart(resumed, whole))
    assert apart[0] > 1e-3, apart
    assert apart[1] == 0, apart
    return "Resumed from .keras: weights differ by more than 1e-3. With the seed state carried as well: by 0."


def myth_exactly(folder: pathlib.Path) -> str:
    """Resume one .keras under a schedule, with `initial_epoch` and without it."""
    halve = keras.callbacks.LearningRateScheduler(lambda epoch, rate: 0.01 * 0.5**epoch)
    whole, half = readers.plain(), readers.plain()
    whole.fit(*readers.data, epochs=4, callbacks=[halve], **EPOCHS)
    half.fit(*readers.data, epochs=2, callbacks=[halve], **EPOCHS)
    half.save(folder / "half.keras")
    apart = []
    for first in (2, 0):
        resumed = keras.models.load_model(folder / "half.keras")
        resumed.fit(*readers.data, initial_epoch=first, epochs=first + 2, callbacks=[halve], **EPOCHS)
        assert int(resumed.optimizer.iterations) == int(whole.optimizer.iterations)
        apart.append(_apart(resumed, whole))
    assert apart[0] == 0, apart
    assert apart[1] > 1e-3, apart
    return "One file, optimizer included: differs by 0 with `initial_epoch`, by more than 1e-3 without it."


def myth_restored(folder: pathlib.Path) -> str:
    """Restore a checkpoint into an unbuilt model, then ask the status, the answers and a built twin."""
    saved, unbuilt, built = readers.plain(), readers.plain(built=False), readers.plain()
    saved.fit(*readers.data, epochs=2, **EPOCHS)
    path = tensorflow.train.Checkpoint(model=saved).write(str(folder / "state"))
    status = tensorflow.train.Checkpoint(model=unbuilt).read(path)
    status.assert_existing_objects_matched()
    try:
        status.assert_consumed()
        refused = False
    except AssertionError:
        refused = True
    tensorflow.train.Checkpoint(model=built).read(path)
    batch = readers.features[:32]
    wrong, right = (float(numpy.abs(one(batch) - saved(batch)).max()) for one in (unbuilt, built))
    assert refused
    assert wrong > 0.1, wrong
    assert right == 0, right
    return "Unbuilt: answers off by more than 0.1, and only assert_consumed refuses. Built: answers equal."


def myth_shuffle(folder: pathlib.Path) -> str:
    """Watch the order of twenty rows over three epochs of fit, without a seed and with one."""
    keras.utils.set_random_seed(7)
    one, other = _orders(), _orders()
    assert all(epochs[0] == epochs[1] == epochs[2] for epochs in (one, other)), (one, other)
    assert one[0] != sorted(one[0]), one
    keras.utils.set_random_seed(7)
    again = _orders()
    assert again == one
    return (
        "Seed 7: three epochs saw the rows in one shuffled order, and the next run with seed 7 in the same."
    )


def _orders() -> list[list[float]]:
    """The order in which three epochs see twenty rows."""
    seen = []

    def spy(rows: object, answers: object) -> object:
        seen.append([*numpy.asarray(rows).flat])
        return keras.ops.mean(answers)

    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    model.compile("sgd", spy, run_eagerly=True)
    model.fit(numpy.zeros((20, 1)), numpy.arange(20), epochs=3, verbose=0)
    return seen


def _seeds(model: keras.Model) -> list[keras.Variable]:
    return [state for state in model.non_trainable_variables if "seed" in state.path]


def _apart(left: keras.Model, right: keras.Model) -> float:
    pairs = zip(left.get_weights(), right.get_weights(), strict=True)
    return max(float(numpy.abs(one - other).max()) for one, other in pairs)
