"""What comes back from a SavedModel folder: what it can do, and what it cannot."""

import pathlib
import types
import warnings

import keras
import numpy
import tensorflow

from tests.claims import trying
from tests.claims.shelf import Shelf, settled

_NOT_CALLABLE = (TypeError, "not callable")
_NOT_THERE = (AttributeError, "has no attribute")
_DELETED = (AssertionError, "variables which have been deleted")


def _called(artefact: object, rows: numpy.ndarray, answers: numpy.ndarray) -> bool:
    """Whether what was loaded is called like a model, and answers like it."""
    return not trying.refused(lambda: artefact(rows), *_NOT_CALLABLE) and trying.same(artefact(rows), answers)


def _saved_the_old_way(shelf: Shelf, model: keras.Model) -> object:
    folder = str(shelf.place() / "old")
    tensorflow.saved_model.save(model, folder)
    return tensorflow.saved_model.load(folder)


def _has(artefact: object, name: str) -> bool:
    return not trying.refused(lambda: getattr(artefact, name), *_NOT_THERE)


def a14(shelf: Shelf) -> dict[str, bool]:
    """Save with `tf.saved_model.save`, load, and call what came back."""
    inputs = keras.Input((64,))
    functional = keras.Model(inputs, keras.layers.Dense(3)(inputs))
    return {
        "a Sequential": _called(shelf.old_artefact, shelf.rows, shelf.answers),
        "a functional model": _called(
            _saved_the_old_way(shelf, functional), shelf.rows, functional(shelf.rows)
        ),
    }


def a15(shelf: Shelf) -> dict[str, bool]:
    """Look for layers and their configuration in what came back."""
    loaded = {"a Sequential": shelf.old_artefact, "a Sequential, exported": shelf.artefact}
    return {
        name: _has(artefact, "layers") or _has(artefact, "get_config") for name, artefact in loaded.items()
    }


def a16(shelf: Shelf) -> dict[str, bool]:
    """Load and ask: with the artefact kept in a variable, in one line, and through a signature."""
    folder, rows = str(shelf.exported), tensorflow.constant(shelf.rows)

    def in_one_line() -> object:
        return tensorflow.saved_model.load(folder).serve(rows)

    by_signature = tensorflow.saved_model.load(folder).signatures["serving_default"](pixels=rows)
    return {
        "kept in a variable": trying.same(shelf.artefact.serve(rows), shelf.answers),
        "in one line": not trying.refused(in_one_line, *_DELETED)
        and trying.same(in_one_line(), shelf.answers),
        "in one line, by signature": trying.same(by_signature["output_0"], shelf.answers),
    }


def a17(shelf: Shelf) -> dict[str, bool]:
    """Ask what came back in three ways."""
    by_signature = shelf.artefact.signatures["serving_default"](pixels=tensorflow.constant(shelf.rows))
    return {
        "serve": trying.same(shelf.artefact.serve(shelf.rows), shelf.answers),
        "a signature": trying.same(by_signature["output_0"], shelf.answers),
        "predict": _has(shelf.artefact, "predict"),
        "a call": _called(shelf.artefact, shelf.rows, shelf.answers),
    }


def a18(shelf: Shelf) -> dict[str, bool]:
    """Export models that declare their input and were never called; without a declaration it is refused."""
    dense = keras.layers.Dense
    undeclared = keras.Sequential([dense(3)])
    export = (ValueError, "has not yet been built")
    assert trying.refused(lambda: undeclared.export(shelf.place() / "no", verbose=False), *export)

    def has_to_be_called(model: keras.Model) -> bool:
        folder = shelf.place() / "never_called"
        if not model.built or trying.refused(lambda: model.export(folder, verbose=False), *export):
            return True
        artefact = tensorflow.saved_model.load(str(folder))
        return not trying.same(artefact.serve(shelf.rows), model(shelf.rows))

    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Do not pass an `input_shape`")
        by_argument = keras.Sequential([dense(3, input_shape=(64,))])
    return {
        "an Input layer": has_to_be_called(keras.Sequential([keras.Input((64,)), dense(3)])),
        "the argument input_shape": has_to_be_called(by_argument),
    }


def a19(shelf: Shelf) -> dict[str, bool]:
    """The first example as it stands: save with `tf.saved_model.save`, load, call, compare."""
    return {"the first example": _called(shelf.old_artefact, shelf.rows, shelf.answers)}


def a22(shelf: Shelf) -> dict[str, bool]:
    """The second example: an own layer whose weights have no names, in a subclassed model."""

    class Nameless(keras.layers.Layer):
        def build(self, input_shape: tuple[int | None, ...]) -> None:
            self.kernel = self.add_weight(shape=(input_shape[-1], 10), initializer="random_normal")

        def call(self, inputs: keras.KerasTensor) -> keras.KerasTensor:
            return tensorflow.matmul(inputs, self.kernel)

    class Example(keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.first = Nameless()

        def call(self, inputs: keras.KerasTensor) -> keras.KerasTensor:
            return self.first(inputs)

    model = Example()
    answers = model(shelf.rows)
    return {"save, load, call": _called(_saved_the_old_way(shelf, model), shelf.rows, answers)}


def b15(shelf: Shelf) -> dict[str, bool]:
    """Serve from a new process; serve pixels from 0 to 255 with the scaling inside the model, and outside."""
    model = keras.Sequential([keras.Input((64,)), keras.layers.Rescaling(1 / 255), *shelf.another().layers])
    folder = shelf.place() / "scaled"
    model.export(folder, verbose=False)
    scaled = tensorflow.saved_model.load(str(folder))
    return {
        "weights and graph": shelf.stranger["exported"].same(shelf.answers),
        "preparation as a layer": trying.same(scaled.serve(255 * shelf.rows), shelf.answers),
        "preparation in the script": trying.same(shelf.artefact.serve(255 * shelf.rows), shelf.answers),
    }


def a25(shelf: Shelf) -> dict[str, bool]:
    """Look for the optimizer among the variables of a folder, and for the loss in what is loaded."""

    def optimizer_in(folder: pathlib.Path) -> bool:
        variables = tensorflow.train.list_variables(str(folder / "variables" / "variables"))
        return any("optimizer" in name for name, _ in variables)

    return {
        "the optimizer, by tf.saved_model.save": optimizer_in(shelf.old_way),
        "loss and metrics, by tf.saved_model.save": _has(shelf.old_artefact, "loss"),
        "the optimizer, by export": optimizer_in(shelf.exported),
    }


# What `tf.saved_model.load` returns, asked for `fit`.
a28 = settled({"a Sequential": "not 04.deck.slots", "a Sequential, exported": "not 02.myth.retrain"})


# An export, and a model saved before it was compiled, asked for `fit`.
b33 = settled({"an export": "02.myth.retrain", "a .keras saved without compiling": "02.deck.training"})


def b34(shelf: Shelf) -> dict[str, bool]:
    """Train on an export: with `fit`, as a layer, by hand, and with its numbers in rebuilt code."""

    def as_layer(optimizer: keras.optimizers.Optimizer) -> keras.Model:
        layer = keras.layers.TFSMLayer(str(shelf.exported), call_endpoint="serve")
        model = shelf.small(layer)
        model.compile(optimizer, "sparse_categorical_crossentropy")
        return model

    scope = (ValueError, "not a valid scope name")
    artefact = tensorflow.saved_model.load(str(shelf.exported))
    rows, labels = map(tensorflow.constant, shelf.few)
    losses = []
    for _ in range(2):
        with tensorflow.GradientTape() as tape:
            costs = keras.losses.sparse_categorical_crossentropy(labels, artefact.serve(rows))
            losses.append(tensorflow.reduce_mean(costs))
        for variable, slope in zip(
            artefact.variables, tape.gradient(losses[-1], artefact.variables), strict=True
        ):
            variable.assign_sub(0.1 * slope)
    rebuilt = shelf.compiled()
    rebuilt.set_weights([variable.numpy() for variable in shelf.artefact.variables])
    assert trying.same(rebuilt(shelf.rows), shelf.answers)
    before = float(rebuilt.evaluate(*shelf.few, verbose=0)[0])
    rebuilt.fit(*shelf.few, epochs=2, verbose=0)
    return {
        "fit": not _has(artefact, "fit"),
        "as a layer, with Adam": trying.refused(lambda: as_layer("adam").train_on_batch(*shelf.few), *scope),
        "a step by hand": bool(losses[1] >= losses[0]),
        "its numbers in rebuilt code": float(rebuilt.evaluate(*shelf.few, verbose=0)[0]) >= before,
    }


def b35(shelf: Shelf) -> dict[str, bool]:
    """Read the signature, and ask with another width."""
    signature = shelf.artefact.signatures["serving_default"]
    (pixels,) = signature.structured_input_signature[1].values()
    (answer,) = signature.structured_outputs.values()
    return {
        "inputs are named, with shape and type": (pixels.name, *pixels.shape, pixels.dtype)
        == ("pixels", None, 64, tensorflow.float32),
        "outputs too": (tuple(answer.shape), answer.dtype) == ((None, 10), tensorflow.float32),
        "another width is refused": trying.refused(
            lambda: shelf.artefact.serve(shelf.rows[:, 1:]), TypeError, "Can not cast TensorSpec"
        ),
    }


def b37(shelf: Shelf) -> dict[str, bool]:
    """Save a model with dropout, and ask what was saved in training mode; two endpoints can, by hand."""
    model = shelf.small(keras.layers.Dropout(0.5))
    exported = shelf.place() / "exported"
    model.export(exported, verbose=False)
    loaded = {
        "export": tensorflow.saved_model.load(str(exported)).serve,
        "tf.saved_model.save": _saved_the_old_way(shelf, model),
    }

    def both_modes(ask: types.FunctionType) -> bool:
        try:
            training, inference = ask(shelf.rows, training=True), ask(shelf.rows, training=False)
        except TypeError:  # it is not callable, or takes no such argument
            return False
        return not trying.same(training, inference)

    archive = keras.export.ExportArchive()
    archive.track(model)
    pixels = [tensorflow.TensorSpec((None, 64), tensorflow.float32)]
    for name, training in (("serve", False), ("train", True)):
        archive.add_endpoint(name, lambda rows, mode=training: model(rows, training=mode), pixels)
    several = shelf.place() / "several"
    archive.write_out(str(several), verbose=False)
    endpoints = tensorflow.saved_model.load(str(several))
    assert not trying.same(endpoints.train(shelf.rows), endpoints.serve(shelf.rows))
    return {name: both_modes(ask) for name, ask in loaded.items()}


# What was saved for inference: does `load_model` read it, and does `fit` fail then?
b51 = settled({"an export": "not 02.deck.pair", "a .keras not compiled": "02.deck.training"})


def b53(shelf: Shelf) -> dict[str, bool]:
    """Mix up the artefact for inference, and the mode of inference: does training fail?"""
    dropout, inputs = keras.layers.Dropout(0.5), keras.Input((64,))
    assert not trying.same(dropout(shelf.rows, training=True), dropout(shelf.rows, training=False))

    def fails(training: bool) -> bool:
        answers = keras.layers.Dense(10, activation="softmax")(dropout(inputs, training=training))
        model = keras.Model(inputs, answers)
        model.compile("adam", "sparse_categorical_crossentropy", run_eagerly=True)
        try:
            return not numpy.isfinite(model.train_on_batch(*shelf.few)).all()
        except (AttributeError, TypeError, ValueError):
            return True

    assert not fails(training=True)
    return {
        "an export in place of a model": not _has(shelf.artefact, "fit"),
        "training=False where True was meant": fails(training=False),
    }


# One line to save and one to load, for an artefact that serves without Keras.
b54 = settled(
    {"export, then tf.saved_model.load": "02.deck.called", "export, then load_model": "not 02.deck.pair"}
)
