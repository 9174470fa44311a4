"""Keras 2 and Keras 3 side by side: the package tf_keras is Keras 2, installed here."""

import importlib
import pathlib

from helpers.tools.clinic.proofs import caught
import keras
import numpy
import tensorflow
import tf_keras

ROWS = numpy.asarray(caught.BATCH)


def _functional(library: object) -> object:
    """A small functional model, of the library that is handed over."""
    inputs = library.layers.Input((64,))
    return library.Model(inputs, library.layers.Dense(10)(library.layers.Dense(8)(inputs)))


def p04(folder: pathlib.Path) -> caught.Case:
    """A file of Keras 3, read by Keras 2; then its numbers alone."""
    model = keras.Sequential([keras.Input((64,)), keras.layers.Dense(10)])
    model.save("new.h5")
    model.save_weights("model.weights.h5")
    seen = caught.raised(lambda: tf_keras.models.load_model("new.h5"), TypeError, ValueError)

    rebuilt = tf_keras.Sequential([tf_keras.layers.Input((64,)), tf_keras.layers.Dense(10)])
    rebuilt.load_weights("model.weights.h5")
    assert caught.apart(rebuilt(ROWS), model(ROWS)) < 1e-6
    return caught.Case(
        "built in code under Keras 2, the model takes `.weights.h5` and answers the same", [seen]
    )


def v01(folder: pathlib.Path) -> caught.Case:
    """A functional model of Keras 2, read by Keras 3; then carried over by tf_keras."""
    old = _functional(tf_keras)
    old.save("old.keras")
    pathlib.Path("old.json").write_text(old.to_json(), encoding="utf-8")
    errors = [
        caught.raised(lambda: keras.models.load_model("old.keras"), TypeError),
        caught.raised(
            lambda: keras.models.model_from_json(pathlib.Path("old.json").read_text(encoding="utf-8")),
            TypeError,
        ),
    ]

    carrier = tf_keras.models.load_model("old.keras")
    new = _functional(keras)
    new.set_weights(carrier.get_weights())
    assert caught.apart(new(ROWS), old(ROWS)) < 1e-6
    return caught.Case("loaded with tf_keras and handed over, the weights give the same answers", errors)


def v02(folder: pathlib.Path) -> caught.Case:
    """A functional model of Keras 3, read by Keras 2; then its numbers alone."""
    model = _functional(keras)
    model.save("new.keras")
    model.save_weights("model.weights.h5")
    seen = caught.raised(lambda: tf_keras.models.load_model("new.keras"), TypeError)

    rebuilt = _functional(tf_keras)
    rebuilt.load_weights("model.weights.h5")
    assert caught.apart(rebuilt(ROWS), model(ROWS)) < 1e-6
    return caught.Case(
        "built in code under Keras 2, the model takes `.weights.h5` and answers the same", [seen]
    )


def v04(folder: pathlib.Path) -> caught.Case:
    """Modules inside Keras 2 that moved; then the public names."""
    errors = [
        caught.raised(lambda name=name: importlib.import_module(name), ModuleNotFoundError)
        for name in ("keras.engine", "keras.src.engine", "keras.preprocessing.text")
    ]

    assert issubclass(keras.layers.Dense, keras.layers.Layer) and keras.layers.TextVectorization
    return caught.Case("the public name `keras.layers.Layer` is the same in Keras 2 and 3", errors)


def v05(folder: pathlib.Path) -> caught.Case:
    """A checkpoint of Keras 2 poured into Keras 3, with an Adam and without; then by way of tf_keras."""
    old = _functional(tf_keras)
    old.compile(tf_keras.optimizers.Adam(), "mse")
    old.fit(ROWS, numpy.zeros((8, 10)), verbose=0)
    tensorflow.train.Checkpoint(model=old, optimizer=old.optimizer).write("state")
    new = _functional(keras)
    before = new(ROWS)
    tensorflow.train.Checkpoint(model=new).read("state").expect_partial()
    assert caught.apart(new(ROWS), before) == 0
    new.compile(keras.optimizers.Adam(), "mse")
    new.optimizer.build(new.trainable_variables)
    whole = tensorflow.train.Checkpoint(model=new, optimizer=new.optimizer)
    seen = caught.raised(lambda: whole.read("state"), ValueError)

    carrier = _functional(tf_keras)
    tensorflow.train.Checkpoint(model=carrier).read("state").expect_partial()
    new.set_weights(carrier.get_weights())
    assert caught.apart(new(ROWS), old(ROWS)) < 1e-6
    return caught.Case("restored with tf_keras and handed over, the weights give the same answers", [seen])


def v14(folder: pathlib.Path) -> caught.Case:
    """A BatchNormalization of Keras 2, read by Keras 3; then carried over by tf_keras."""

    def normalised(library: object) -> object:
        return library.Sequential([library.layers.Input((64,)), library.layers.BatchNormalization()])

    old = normalised(tf_keras)
    old.set_weights([numpy.arange(1.0, 65.0) for _ in old.get_weights()])
    old.save("old.keras")
    seen = caught.raised(lambda: keras.models.load_model("old.keras"), TypeError)

    new = normalised(keras)
    new.set_weights(tf_keras.models.load_model("old.keras").get_weights())
    assert caught.apart(new(ROWS), old(ROWS)) < 1e-4
    return caught.Case("loaded with tf_keras and handed over, the arrays give the same answers", [seen])
