"""What settles the items of lesson 08."""

import pathlib

from helpers import models
from helpers.lessons.lesson_08 import resuming
import keras
import numpy
import tensorflow

EPOCHS = {"shuffle": False, "verbose": 0}


def predict_dropout(folder: pathlib.Path) -> str:
    """Four epochs with dropout, against two, a .keras and two more, without and with the seed state."""
    whole, half = resuming.noisy(), resuming.noisy()
    whole.fit(*resuming.data, epochs=4, **EPOCHS)
    half.fit(*resuming.data, epochs=2, **EPOCHS)
    half.save(folder / "half.keras")
    apart = []
    for carry_seeds in (False, True):
        resumed = keras.models.load_model(folder / "half.keras")
        if carry_seeds:
            for state, saved in zip(_seeds(resumed), _seeds(half), strict=True):
                state.assign(saved)
        resumed.fit(*resuming.data, initial_epoch=2, epochs=4, **EPOCHS)
        apart.append(_apart(resumed, whole))
    assert apart[0] > 1e-3, apart
    assert apart[1] == 0, apart
    return "Resumed from .keras: weights differ by more than 1e-3. With the seed state carried as well: by 0."


def myth_exactly(folder: pathlib.Path) -> str:
    """Resume one .keras under a schedule, with `initial_epoch` and without it."""
    halve = keras.callbacks.LearningRateScheduler(lambda epoch, rate: 0.01 * 0.5**epoch)
    whole, half = resuming.plain(), resuming.plain()
    whole.fit(*resuming.data, epochs=4, callbacks=[halve], **EPOCHS)
    half.fit(*resuming.data, epochs=2, callbacks=[halve], **EPOCHS)
    half.save(folder / "half.keras")
    apart = []
    for first in (2, 0):
        resumed = keras.models.load_model(folder / "half.keras")
        resumed.fit(*resuming.data, initial_epoch=first, epochs=first + 2, callbacks=[halve], **EPOCHS)
        assert int(resumed.optimizer.iterations) == int(whole.optimizer.iterations)
        apart.append(_apart(resumed, whole))
    assert apart[0] == 0, apart
    assert apart[1] > 1e-3, apart
    return "One file, optimizer included: differs by 0 with `initial_epoch`, by more than 1e-3 without it."


def myth_restored(folder: pathlib.Path) -> str:
    """Restore a checkpoint into an unbuilt model, then ask the status, the answers and a built twin."""
    saved, unbuilt, built = resuming.plain(), resuming.plain(built=False), resuming.plain()
    saved.fit(*resuming.data, epochs=2, **EPOCHS)
    path = tensorflow.train.Checkpoint(model=saved).write(str(folder / "state"))
    status = tensorflow.train.Checkpoint(model=unbuilt).read(path)
    status.assert_existing_objects_matched()
    try:
        status.assert_consumed()
        refused = False
    except AssertionError:
        refused = True
    tensorflow.train.Checkpoint(model=built).read(path)
    batch = resuming.features[:32]
    wrong, right = (float(numpy.abs(one(batch) - saved(batch)).max()) for one in (unbuilt, built))
    assert refused
    assert wrong > 0.1, wrong
    assert right == 0, right
    return "Unbuilt: answers off by more than 0.1, and only assert_consumed refuses. Built: answers equal."


def myth_shuffle(folder: pathlib.Path) -> str:
    """Watch the order of twenty rows over three epochs of fit, without a seed and with one."""
    keras.utils.set_random_seed(7)
    one, other = _orders(), _orders()
    different = [len(set(map(tuple, epochs))) for epochs in (one, other)]
    assert different == [1, 1], different
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


# What settles the items about lesson 08 that only the deck asks.


def deck_masks(folder: pathlib.Path) -> str:
    """Resume a run with dropout in five ways, and compare with the run that was not interrupted."""
    rows = numpy.random.default_rng(0).normal(size=(32, 4)).astype("float32")

    def built(seed: int) -> keras.Sequential:
        keras.utils.set_random_seed(seed)
        layers = [keras.layers.Dense(8), keras.layers.Dropout(0.5, seed=42), keras.layers.Dense(1)]
        model = keras.Sequential([keras.Input((4,)), *layers])
        model.compile(optimizer="adam", loss="mse", run_eagerly=True)
        model.optimizer.build(model.trainable_variables)
        return model

    def train(model: keras.Sequential) -> list[numpy.ndarray]:
        for _ in range(2):  # one batch is an epoch here
            model.train_on_batch(rows, rows[:, :1])
        return model.get_weights()

    def counters(model: keras.Sequential) -> list[keras.Variable]:
        return [variable for variable in model.non_trainable_variables if "seed" in variable.path]

    def load() -> keras.Sequential:
        return keras.models.load_model(folder / "run.keras")

    model = built(seed=7)
    train(model)
    model.save(folder / "run.keras")
    state = tensorflow.train.Checkpoint(model=model, optimizer=model.optimizer).write(str(folder / "run"))
    kept = [counter.numpy() for counter in counters(model)]
    wanted, resumed = train(model), {"nothing": load(), "checkpoint": built(seed=3), "assigned": load()}
    restored = resumed["checkpoint"]
    tensorflow.train.Checkpoint(model=restored, optimizer=restored.optimizer).read(state)
    for counter, value in zip(counters(resumed["assigned"]), kept, strict=True):
        counter.assign(value)
    keras.utils.set_random_seed(7)
    resumed["seed set again"] = load()
    apart = {
        name: max(numpy.abs(pair[0] - pair[1]).max() for pair in zip(train(each), wanted, strict=True))
        for name, each in resumed.items()
    }
    assert [counter.tolist() for counter in kept] == [[42, 2]], kept
    assert not {counter.path for counter in counters(model)} & {weight.path for weight in model.weights}
    assert [name for name, distance in apart.items() if distance == 0] == ["assigned"], apart
    return f"Weights apart: {', '.join(f'{name} {distance:.4f}' for name, distance in apart.items())}."


def deck_rates(folder: pathlib.Path) -> str:
    """Resume under a schedule, without and with `initial_epoch`, and note the rate of each epoch."""
    features = numpy.ones((8, 4), dtype="float32")
    seen: list[float] = []
    schedule = keras.callbacks.LearningRateScheduler(lambda epoch, rate: 0.01 * 0.5**epoch)
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(1)])
    model.compile(optimizer="adam", loss="mse", run_eagerly=True)
    model.fit(features, features[:, :1], epochs=2, callbacks=[schedule], verbose=0)
    model.save(folder / "run.keras")
    note = keras.callbacks.LambdaCallback(
        on_epoch_end=lambda epoch, logs: seen.append(round(float(loaded.optimizer.learning_rate), 5))
    )
    for options in ({"epochs": 2}, {"epochs": 4, "initial_epoch": 2}):
        loaded = keras.models.load_model(folder / "run.keras")
        assert numpy.isclose(float(loaded.optimizer.learning_rate), 0.005)
        loaded.fit(features, features[:, :1], callbacks=[schedule, note], verbose=0, **options)
    assert seen == [0.01, 0.005, 0.0025, 0.00125], seen
    return f"epochs=2: {seen[0]}, {seen[1]}. With initial_epoch=2, epochs=4: {seen[2]}, {seen[3]}."


def deck_plateau(folder: pathlib.Path) -> str:
    """Six epochs of which one makes progress: in one run, in two with a save between, in two calls of fit."""
    features = numpy.ones((8, 4), dtype="float32")

    def patient() -> keras.callbacks.Callback:
        return keras.callbacks.ReduceLROnPlateau(monitor="loss", patience=4, factor=0.1, min_delta=1000.0)

    def compiled() -> keras.Sequential:
        model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(1)])
        model.compile(optimizer=keras.optimizers.Adam(0.001), loss="mse", run_eagerly=True)
        return model

    def lowered(model: keras.Sequential, begin: int, end: int, callback: keras.callbacks.Callback) -> bool:
        options = {"initial_epoch": begin, "epochs": end, "callbacks": [callback], "verbose": 0}
        model.fit(features, features[:, :1], **options)
        return float(model.optimizer.learning_rate) < 0.0005

    whole = lowered(compiled(), 0, 6, patient())
    half = compiled()
    lowered(half, 0, 3, patient())
    half.save(folder / "run.keras")
    resumed = lowered(keras.models.load_model(folder / "run.keras"), 3, 6, patient())
    twice, same = compiled(), patient()
    handed_on = lowered(twice, 0, 3, same) or lowered(twice, 3, 6, same)
    assert (whole, resumed, handed_on) == (True, False, False)
    return "Rate lowered in one run of six: True. In three and three: False, with the same callback too."


def deck_empty(folder: pathlib.Path) -> str:
    """Restore from a folder that does not exist, from a name that does not, and with an assertion."""
    model = models.sequential(seed=2)
    before, checkpoint = model.get_weights(), tensorflow.train.Checkpoint(model=model)
    path = tensorflow.train.latest_checkpoint(str(folder / "checkpoint"))
    status = checkpoint.restore(path)
    raised = []
    for attempt in (status.assert_consumed, lambda: checkpoint.restore(str(folder / "ckpt-3"))):
        try:
            attempt()
        except (AssertionError, tensorflow.errors.NotFoundError) as error:
            raised.append(type(error).__name__)
    assert path is None
    assert all(map(numpy.array_equal, before, model.get_weights()))
    assert raised == ["AssertionError", "NotFoundError"], raised
    trained = tensorflow.train.Checkpoint(model=models.sequential(seed=1))
    checkpoint.restore(trained.save(str(folder / "ckpt"))).assert_consumed()
    assert not numpy.array_equal(before[0], model.get_weights()[0])  # this is what a restore does
    return "The path is None, restore raised nothing, and the weights are as before. The assertion raises."
