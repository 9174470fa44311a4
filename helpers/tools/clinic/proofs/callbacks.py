"""Callbacks that save, compile settings, and the state of an optimizer."""

import pathlib

from helpers.tools.clinic.proofs import caught
import keras
import tensorflow


def _fit(model: keras.Model, **options: object) -> keras.callbacks.History:
    """Train for an epoch of two steps."""
    return model.fit(caught.FEATURES, caught.LABELS, batch_size=64, verbose=0, **options)


def t01(folder: pathlib.Path) -> caught.Case:
    """A number in the name of the file that this training does not give; then with rows to validate on."""
    callback = keras.callbacks.ModelCheckpoint("best-{val_loss:.2f}.keras")
    seen = caught.raised(lambda: _fit(caught.trained(), callbacks=[callback]), KeyError)

    _fit(caught.trained(), callbacks=[callback], validation_split=0.25)
    (written,) = folder.glob("best-*.keras")
    assert keras.models.load_model(written).built
    return caught.Case("with validation_split, the file is written and loads", [seen])


def t02(folder: pathlib.Path) -> caught.Case:
    """A best value that this training never reports: every epoch is saved; then one that it reports."""

    def kept(monitor: str) -> tuple[float, list[str]]:
        """Train well and then badly; the loss of what the file holds, and what was warned of."""
        callback = keras.callbacks.ModelCheckpoint("best.keras", monitor, save_best_only=True, mode="min")
        spoil = keras.callbacks.LambdaCallback(
            on_epoch_begin=lambda epoch, logs: (
                model.set_weights([100.0 * w for w in model.get_weights()]) if epoch else None
            )
        )
        model = caught.trained()
        with caught.warned() as said:
            model.fit(caught.FEATURES, caught.LABELS, epochs=2, verbose=0, callbacks=[spoil, callback])
        best = keras.models.load_model("best.keras", compile=False)
        best.compile(loss="sparse_categorical_crossentropy", run_eagerly=True)
        loss = float(best.evaluate(caught.FEATURES, caught.LABELS, verbose=0))
        return loss, [line for line in said if "Can save best model only with" in line]

    worse, warned = kept("val_loss")
    better, silent = kept("loss")
    assert warned and not silent and worse > 2 * better, (worse, better)
    return caught.Case(
        "with a value that `fit` reports, the file keeps the better epoch",
        measured="a warning alone, and the worse second epoch lies in the place of the first",
    )


def t03(folder: pathlib.Path) -> caught.Case:
    """A metric of which Keras cannot tell whether more is better; then with the direction."""

    def callback(monitor: str, **options: str) -> keras.callbacks.ModelCheckpoint:
        return keras.callbacks.ModelCheckpoint("best.keras", monitor, save_best_only=True, **options)

    def fitted(callback: keras.callbacks.Callback) -> None:
        model = caught.trained()
        metric = keras.metrics.SparseTopKCategoricalAccuracy(name="sharpness")
        model.compile("sgd", "sparse_categorical_crossentropy", metrics=[metric], run_eagerly=True)
        _fit(model, callbacks=[callback], validation_split=0.25)

    seen = caught.raised(lambda: fitted(callback("val_other")), ValueError)

    fitted(callback("val_sharpness", mode="max"))
    assert keras.models.load_model("best.keras").built
    return caught.Case("with mode and the name of a metric that there is, the file is written", [seen])


def t04(folder: pathlib.Path) -> caught.Case:
    """Arguments of Keras 2; then the one that says the same."""
    make = keras.callbacks.ModelCheckpoint
    errors = [
        caught.raised(lambda: make("m.keras", period=2), TypeError),
        caught.raised(lambda: make("m.keras", options=None), TypeError),
    ]

    _fit(caught.trained(), epochs=5, callbacks=[make("epoch-{epoch}.keras", save_freq=4)])
    assert sorted(path.name for path in folder.glob("*.keras")) == ["epoch-2.keras", "epoch-4.keras"]
    return caught.Case("with save_freq it saves after every second epoch of two steps", errors)


def t05(folder: pathlib.Path) -> caught.Case:
    """BackupAndRestore around a model without weights; then around one that is built."""
    model = keras.Sequential([keras.layers.Dense(10, activation="softmax")])
    model.compile("sgd", "sparse_categorical_crossentropy", run_eagerly=True)
    backup = keras.callbacks.BackupAndRestore("backup")
    seen = caught.raised(lambda: _fit(model, callbacks=[backup]), ValueError)

    model.build((None, 64))
    assert _fit(model, callbacks=[backup]).history["loss"]
    return caught.Case("built first, it trains with the backup", [seen])


def t06(folder: pathlib.Path) -> caught.Case:
    """An optimizer of Keras 2, and the old names of arguments; then those of Keras 3."""
    errors = [
        caught.raised(lambda: keras.optimizers.legacy.Adam(1e-3), ImportError),
        caught.raised(lambda: keras.optimizers.Adam(lr=1e-3), ValueError),
    ]

    model = caught.trained()
    model.compile(keras.optimizers.Adam(learning_rate=1e-3), "sparse_categorical_crossentropy")
    model.save("model.keras")
    loaded = keras.models.load_model("model.keras")
    assert abs(float(loaded.optimizer.learning_rate) - 1e-3) < 1e-9
    return caught.Case("with learning_rate it compiles, and the file gives it back", errors)


def t07(folder: pathlib.Path) -> caught.Case:
    """A file without compile settings, trained; then compiled."""
    model = keras.Sequential([keras.Input((64,)), keras.layers.Dense(10, activation="softmax")])
    model.save("model.keras")
    loaded = keras.models.load_model("model.keras")
    seen = caught.raised(lambda: _fit(loaded), ValueError)

    loaded.compile("sgd", "sparse_categorical_crossentropy", run_eagerly=True)
    _fit(loaded)
    assert int(loaded.optimizer.iterations) == 2
    return caught.Case("compiled, it trains; to predict it needs no compile", [seen])


def t08(folder: pathlib.Path) -> caught.Case:
    """The state of an optimizer as a list of arrays, in the words of Keras 2; then as variables."""
    model = caught.trained()
    arrays = [variable.numpy() for variable in model.optimizer.variables]
    new = caught.fresh()
    new.optimizer = keras.optimizers.Adam()
    errors = [
        caught.raised(lambda: model.optimizer.get_weights(), AttributeError),
        caught.raised(lambda: new.optimizer.set_weights(arrays), ValueError),
    ]

    new.optimizer.build(new.trainable_variables)
    for variable, array in zip(new.optimizer.variables, arrays, strict=True):
        variable.assign(array)
    assert int(new.optimizer.iterations) == 90
    return caught.Case("built first, its variables take the arrays: it stands at step 90", errors)


def t09(folder: pathlib.Path) -> caught.Case:
    """A save as .h5 before the .keras; then from an instance that wrote no .h5."""
    model = caught.trained()
    model.save("first.h5")
    model.save("second.keras")
    lost = keras.models.load_model("second.keras").optimizer
    assert (type(lost).__name__, int(lost.iterations)) == ("RMSprop", 0), lost

    caught.trained().save("alone.keras")
    kept = keras.models.load_model("alone.keras").optimizer
    assert (type(kept).__name__, int(kept.iterations)) == ("Adam", 90), kept
    return caught.Case(
        "saved from another instance, Adam comes back at step 90",
        measured="no error, and the loaded optimizer is RMSprop at step 0 in place of Adam at step 90",
    )


def _noisy() -> keras.Sequential:
    """A model that drops at random, with a seed."""
    keras.utils.set_random_seed(7)
    model = keras.Sequential(
        [keras.Input((64,)), keras.layers.Dropout(0.5, seed=3), keras.layers.Dense(10, activation="softmax")]
    )
    model.compile("adam", "sparse_categorical_crossentropy", run_eagerly=True)
    return model


def _after_two(resume: str) -> list:
    """The weights after two epochs, between which the model went through a file or a checkpoint."""
    model = _noisy()
    _fit(model, shuffle=False)
    seeds = model.layers[0].seed_generator.state
    if resume == "file":
        model.save("model.keras")
        model = keras.models.load_model("model.keras")
        model.compile(model.optimizer, "sparse_categorical_crossentropy", run_eagerly=True)
    if resume == "checkpoint":
        tensorflow.train.Checkpoint(model=model, optimizer=model.optimizer, seeds=seeds.value).write("state")
        model = _noisy()
        model.optimizer.build(model.trainable_variables)
        seeds = model.layers[0].seed_generator.state
        tensorflow.train.Checkpoint(model=model, optimizer=model.optimizer, seeds=seeds.value).read("state")
    _fit(model, shuffle=False)
    return model.get_weights()


def t10(folder: pathlib.Path) -> caught.Case:
    """Two epochs with dropout: in one go, through a .keras file, through a checkpoint with the seeds."""
    wanted = _after_two("")
    moved = max(caught.apart(*pair) for pair in zip(_after_two("file"), wanted, strict=True))
    assert moved > 1e-4, moved
    kept = max(caught.apart(*pair) for pair in zip(_after_two("checkpoint"), wanted, strict=True))
    assert kept == 0, kept
    return caught.Case(
        "with the seed generators in the checkpoint the weights are exactly those of the training in one go",
        measured="no error, and after the resume other units are dropped, so the weights differ",
    )


def t11(folder: pathlib.Path) -> caught.Case:
    """A schedule by the number of the epoch, resumed from 0; then with initial_epoch."""

    def rates(**options: int) -> list[float]:
        seen = []
        schedule = keras.callbacks.LearningRateScheduler(lambda epoch, rate: 0.1 / 2**epoch)
        note = keras.callbacks.LambdaCallback(
            on_epoch_begin=lambda epoch, logs: seen.append(round(float(model.optimizer.learning_rate), 4))
        )
        model = caught.trained()
        model.fit(caught.FEATURES, caught.LABELS, verbose=0, callbacks=[schedule, note], **options)
        return seen

    before, again = rates(epochs=3), rates(epochs=1)
    assert again[0] == before[0] > before[-1], (before, again)

    resumed = rates(epochs=4, initial_epoch=3)
    assert resumed[0] < before[-1], (resumed, before)
    return caught.Case(
        f"with initial_epoch=3 the rate goes on at {resumed[0]}",
        measured=f"no error, and after {before} the resumed training begins at {again[0]} again",
    )


def t12(folder: pathlib.Path) -> caught.Case:
    """A manager that did not restore counts from 1 again; then after a restore."""
    model = caught.trained()

    def manager() -> tensorflow.train.CheckpointManager:
        return tensorflow.train.CheckpointManager(tensorflow.train.Checkpoint(model=model), "steps", 3)

    first = manager()
    for _ in range(2):
        first.save()
    again = manager()
    assert pathlib.Path(again.save()).name == "ckpt-1"

    first.save()
    resumed = manager()
    resumed.checkpoint.restore("steps/ckpt-3")
    assert pathlib.Path(resumed.save()).name == "ckpt-4"
    return caught.Case(
        "restored first, the next checkpoint is number 4",
        measured="no error, and the first checkpoint of the new process is number 1 again",
    )


def t13(folder: pathlib.Path) -> caught.Case:
    """Arguments of save that belonged to Keras 2; then without them."""
    model = caught.trained()
    seen = caught.raised(lambda: model.save("model.keras", save_traces=False), ValueError)

    model.save("model.keras")
    assert caught.apart(keras.models.load_model("model.keras")(caught.BATCH), model(caught.BATCH)) == 0
    return caught.Case("without the argument it saves, and the file answers the same", [seen])
