"""Training that goes on after a load: the optimizer's state, and the best value so far."""

import io
import logging
import pathlib

from helpers.tools.clinic.proofs import caught
import keras
import tensorflow


def _loss(model: keras.Model) -> float:
    return float(model.fit(caught.FEATURES, caught.LABELS, shuffle=False, verbose=0).history["loss"][0])


def p14(folder: pathlib.Path) -> caught.Case:
    """Weights into a freshly compiled model, then with the optimizer built first, then a .keras file."""
    model = caught.trained()
    model.save_weights("model.weights.h5")
    model.save("model.keras")
    reset = caught.fresh()
    with caught.warned() as said:
        reset.load_weights("model.weights.h5")
    (warning,) = [line for line in said if "Skipping variable loading" in line]
    assert int(reset.optimizer.iterations) == 0

    ready = caught.fresh()
    ready.optimizer.build(ready.trainable_variables)
    ready.load_weights("model.weights.h5")
    whole = keras.models.load_model("model.keras")
    _loss(model)
    for resumed in (ready, whole):
        assert int(resumed.optimizer.iterations) == 90
        _loss(resumed)
        assert caught.apart(resumed(caught.BATCH), model(caught.BATCH)) < 1e-6
    _loss(reset)
    assert caught.apart(reset(caught.BATCH), model(caught.BATCH)) > 1e-3
    return caught.Case(
        "at step 90 the training goes on exactly, from `.keras` and with the optimizer built first",
        measured=f"the optimizer stands at step 0 instead of 90, and no error: {warning.strip()}",
    )


def p15(folder: pathlib.Path) -> caught.Case:
    """Train a loaded .h5 model, then compile it again."""
    model = caught.trained()
    model.save("old.h5")
    loaded = keras.models.load_model("old.h5")
    with caught.error(ValueError) as seen:
        _loss(loaded)

    loaded = keras.models.load_model("old.h5", compile=False)
    loaded.compile(optimizer="adam", loss="sparse_categorical_crossentropy", run_eagerly=True)
    assert caught.apart(loaded(caught.BATCH), caught.trained()(caught.BATCH)) < 1e-6
    _loss(loaded)
    assert int(loaded.optimizer.iterations) == 4
    return caught.Case("compiled again it trains, from step 0 of the optimizer", [seen])


def t17(folder: pathlib.Path) -> caught.Case:
    """Train two models with one optimizer, then unfreeze a layer; each time with a new one in the end."""
    optimizer = keras.optimizers.Adam()
    first, second = caught.fresh(seed=1), caught.fresh(seed=2)
    for model in (first, second):
        model.compile(optimizer=optimizer, loss="sparse_categorical_crossentropy", run_eagerly=True)
    _loss(first)
    shared = caught.raised(lambda: _loss(second), ValueError)

    frozen = caught.fresh(seed=3)
    frozen.layers[0].trainable = False
    _loss(frozen)
    frozen.layers[0].trainable = True
    thawed = caught.raised(lambda: _loss(frozen), ValueError)

    for model in (second, frozen):
        model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", run_eagerly=True)
        before = model.layers[0].get_weights()[0]
        _loss(model)
        assert caught.apart(model.layers[0].get_weights()[0], before) > 0
    return caught.Case("with an optimizer of its own each of them trains", [shared, thawed])


def p20(folder: pathlib.Path) -> caught.Case:
    """A good model in best.keras, and a restart with a worse one; then with the value to beat."""

    def restart(**options: float) -> float:
        """The loss of what lies in best.keras after a second run."""
        caught.trained().save("best.keras")
        callback = keras.callbacks.ModelCheckpoint(
            "best.keras", monitor="loss", save_best_only=True, **options
        )
        caught.fresh().fit(caught.FEATURES, caught.LABELS, verbose=0, callbacks=[callback])
        kept = keras.models.load_model("best.keras", compile=False)
        kept.compile(loss="sparse_categorical_crossentropy", run_eagerly=True)
        return float(kept.evaluate(caught.FEATURES, caught.LABELS, verbose=0))

    best = float(caught.trained().evaluate(caught.FEATURES, caught.LABELS, verbose=0))
    worse = restart()
    assert worse > 1.5 * best, (worse, best)
    kept = restart(initial_value_threshold=best)
    assert abs(kept - best) < 1e-6, (kept, best)
    return caught.Case(
        "with the value to beat, best.keras keeps the better model",
        measured="no error, and best.keras holds a model whose loss is more than half as high again",
    )


# Variables that find no place, or no number.


class Bent(keras.layers.Layer):
    """A kernel, and a bias if it is asked for; get_config forgets to say so."""

    def __init__(self, bias: bool = False, **options: object) -> None:
        super().__init__(**options)
        self.with_bias = bias

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        """Make one variable or two."""
        self.kernel = self.add_weight((input_shape[-1], 3), name="kernel")
        if self.with_bias:
            self.bias = self.add_weight((3,), name="bias")

    def call(self, inputs: keras.KerasTensor) -> keras.KerasTensor:
        """Return inputs times kernel, plus the bias if there is one."""
        return inputs @ self.kernel + (self.bias if self.with_bias else 0.0)

    def get_config(self) -> dict[str, object]:
        """Return the arguments of the base class only."""
        return super().get_config()


class Whole(Bent):
    """The same with a get_config that says everything."""

    def get_config(self) -> dict[str, object]:
        """Return every argument."""
        return {**super().get_config(), "bias": self.with_bias}


class Half(keras.Model):
    """Two layers, of which `build` makes the first only."""

    def __init__(self, **options: object) -> None:
        super().__init__(**options)
        self.first, self.second = keras.layers.Dense(8), keras.layers.Dense(3)

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        """Forget the second layer."""
        self.first.build(input_shape)
        self.built = True

    def call(self, inputs: keras.KerasTensor) -> keras.KerasTensor:
        """Return what the second layer makes of the first one's answers."""
        return self.second(self.first(inputs))


class Built(Half):
    """The same with a build that makes both."""

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        """Make every variable."""
        self.first.build(input_shape)
        self.second.build((None, 8))
        self.built = True


class Nested(keras.Model):
    """Layers in a list of lists, and in a list in a dictionary."""

    def __init__(self, **options: object) -> None:
        super().__init__(**options)
        self.blocks = [[keras.layers.Dense(8), keras.layers.Dense(8)], [keras.layers.Dense(4)]]
        self.heads = {"digits": [keras.layers.Dense(3)]}

    def call(self, inputs: keras.KerasTensor) -> keras.KerasTensor:
        """Apply one after the other."""
        for layer in [layer for block in [*self.blocks, self.heads["digits"]] for layer in block]:
            inputs = layer(inputs)
        return inputs


class Around(keras.layers.Layer):
    """A layer that is given the layer inside, and builds it whatever it finds."""

    def __init__(self, inner: keras.layers.Layer, **options: object) -> None:
        super().__init__(**options)
        self.inner = inner

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        """Build the layer inside."""
        self.inner.build(input_shape)

    def call(self, inputs: keras.KerasTensor) -> keras.KerasTensor:
        """Ask it."""
        return self.inner(inputs)

    def get_config(self) -> dict[str, object]:
        """Return the layer inside as a recipe."""
        return {**super().get_config(), "inner": keras.saving.serialize_keras_object(self.inner)}

    @classmethod
    def from_config(cls, config: dict[str, object]) -> "Around":
        """Make the layer inside again: it comes back built."""
        return cls(**{**config, "inner": keras.saving.deserialize_keras_object(config["inner"])})


class Asking(Around):
    """The same, and it asks first."""

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        """Build the layer inside, if it is not built yet."""
        if not self.inner.built:
            self.inner.build(input_shape)


def _round_trip(model: keras.Model) -> float:
    """How far the answers of the loaded model are from those before the save."""
    answers = model(caught.BATCH)
    model.save("model.keras")
    loaded = keras.models.load_model("model.keras", custom_objects={type(model).__name__: type(model)})
    return caught.apart(loaded(caught.BATCH), answers)


def p12(folder: pathlib.Path) -> caught.Case:
    """A layer with other variables than the file has, and a model whose build forgets a layer."""
    kinds = {"Bent": Bent, "Whole": Whole}
    errors = []
    for kind in (Bent, Whole):
        model = keras.Sequential([keras.Input((64,)), kind(bias=True)])
        model.save(f"{kind.__name__}.keras")
    with caught.error(ValueError) as seen:
        keras.models.load_model("Bent.keras", custom_objects=kinds)
    errors.append(seen)
    for kind in (Around, Asking):
        inner = keras.Sequential([keras.Input((64,)), kind(keras.layers.Dense(4))])
        inner.save(f"{kind.__name__}.keras")
    kinds |= {"Around": Around, "Asking": Asking}
    with caught.error(ValueError) as seen:
        keras.models.load_model("Around.keras", custom_objects=kinds)
    errors.append(seen)
    asking = keras.models.load_model("Asking.keras", custom_objects=kinds)
    assert caught.apart(asking(caught.BATCH), inner(caught.BATCH)) == 0
    moved = _round_trip(Half())
    assert moved > 0.1, moved

    loaded = keras.models.load_model("Whole.keras", custom_objects=kinds)
    assert caught.apart(loaded(caught.BATCH), model(caught.BATCH)) == 0
    assert _round_trip(Built()) == 0
    return caught.Case(
        "with every argument and every layer built, both load and answer the same. "
        "The forgotten layer raised nothing, and the answers had moved by more than 0.1",
        errors,
    )


def p13(folder: pathlib.Path) -> caught.Case:
    """Layers in lists in lists: are they saved here?"""
    model = Nested()
    moved = _round_trip(model)
    assert moved == 0 and len(model.weights) == 8, (moved, len(model.weights))
    measured = "four layers in nested lists have 8 variables, and all come back: the difference is 0"
    return caught.Case("none is needed here", measured=measured)


# Checkpoints: numbers that are poured into objects which have to be there.


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
    model(caught.BATCH)
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
    answers = model(caught.BATCH)
    tensorflow.train.Checkpoint(model=model).write("state")
    unbuilt, named, built = Reader(), Reader(), Reader()
    early = tensorflow.train.Checkpoint(model=unbuilt).read("state")
    named(caught.BATCH)
    elsewhere = tensorflow.train.Checkpoint(reader=named).read("state")
    for wrong in (unbuilt, named):
        assert caught.apart(wrong(caught.BATCH), answers) > 0.1
    errors = []
    for status in (early, elsewhere):
        with caught.error(AssertionError) as seen:
            status.assert_consumed()
        errors.append(seen)
    assert "Value in checkpoint could not be found in the restored object: (root).step" in _warned(folder)

    built(caught.BATCH)
    tensorflow.train.Checkpoint(model=built).read("state").assert_consumed()
    assert caught.apart(built(caught.BATCH), answers) == 0
    return caught.Case("built first and asked with assert_consumed, it answers exactly as before", errors)
