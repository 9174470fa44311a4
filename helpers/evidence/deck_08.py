"""What settles the items about lesson 08 that only the deck asks."""

import pathlib

from helpers import models
import keras
import numpy
import tensorflow


def masks(folder: pathlib.Path) -> str:
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


def rates(folder: pathlib.Path) -> str:
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


def plateau(folder: pathlib.Path) -> str:
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


def empty(folder: pathlib.Path) -> str:
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
