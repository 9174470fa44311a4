"""Keras 2 and Keras 3 side by side: the package tf_keras is Keras 2, installed here."""

import base64
import importlib
import json
import marshal
import pathlib
import pickle
import shutil
import unittest.mock
import zipfile

import h5py
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


def p29(folder: pathlib.Path) -> caught.Case:
    """A layer of Keras 2 in a model of Keras 3; then the same layer as an export."""
    layer = tf_keras.layers.Dense(3)
    seen = caught.raised(lambda: keras.Sequential([keras.Input((64,)), layer]), ValueError)

    tensorflow.saved_model.save(tf_keras.Sequential([tf_keras.layers.Input((64,)), layer]), "module_folder")
    taken = keras.layers.TFSMLayer("module_folder", call_endpoint="serving_default")
    (answers,) = keras.Sequential([keras.Input((64,)), taken])(ROWS).values()
    assert caught.apart(answers, layer(ROWS)) < 1e-6
    return caught.Case("as a TFSMLayer it is taken, and answers the same", [seen])


class Subclassed(tf_keras.Model):
    """One layer, made by Python code."""

    def __init__(self) -> None:
        super().__init__()
        self.inner = tf_keras.layers.Dense(10)

    def call(self, inputs: tensorflow.Tensor) -> tensorflow.Tensor:
        """Return what the layer answers."""
        return self.inner(inputs)


def v09(folder: pathlib.Path) -> caught.Case:
    """A model class of Keras 2, saved as HDF5; then its weights."""
    model = Subclassed()
    model(ROWS)
    seen = caught.raised(lambda: model.save("model.h5"), NotImplementedError)

    model.save_weights("model.weights.h5")
    again = Subclassed()
    again(ROWS)
    again.load_weights("model.weights.h5")
    assert caught.apart(again(ROWS), model(ROWS)) == 0
    return caught.Case("its weights load into a new model of the class, which answers the same", [seen])


def v06(folder: pathlib.Path) -> caught.Case:
    """A pickle that names a function of Keras 2, where Keras 3 is; then read by Keras 2 and saved anew."""
    old = tf_keras.Sequential([tf_keras.layers.Input((64,)), tf_keras.layers.Dense(10)])
    stored = pickle.dumps(old, protocol=0)
    # Under TensorFlow 2.15 Keras 2 is named keras, and not tf_keras.
    named_keras = stored.replace(b"ctf_keras.src.", b"ckeras.src.")
    seen = caught.raised(lambda: pickle.loads(named_keras), ModuleNotFoundError)

    pickle.loads(stored).save("model.h5")
    assert caught.apart(keras.models.load_model("model.h5")(ROWS), old(ROWS)) < 1e-6
    return caught.Case("read by Keras 2 and saved as `.h5`, it loads and answers the same", [seen])


def v11(folder: pathlib.Path) -> caught.Case:
    """A Lambda of Keras 2 in a `.keras` file; then a layer in its place, and the weights by tf_keras."""

    def doubling(library: object, layer: object) -> object:
        return library.Sequential([library.layers.Input((64,)), library.layers.Dense(10), layer])

    old = doubling(tf_keras, tf_keras.layers.Lambda(lambda inputs: 2.0 * inputs))
    old.save("old.keras")
    seen = caught.raised(lambda: keras.models.load_model("old.keras", safe_mode=False), ValueError, TypeError)

    new = doubling(keras, keras.layers.Rescaling(2.0))
    new.set_weights(tf_keras.models.load_model("old.keras", safe_mode=False).get_weights())
    assert caught.apart(new(ROWS), old(ROWS)) < 1e-6
    return caught.Case("with a layer in its place and the old weights, Keras 3 answers the same", [seen])


def _compiled(optimizer: object) -> tf_keras.Sequential:
    """One layer of Keras 2, trained for one step."""
    model = tf_keras.Sequential([tf_keras.layers.Input((64,)), tf_keras.layers.Dense(10)])
    model.compile(optimizer, "mse")
    model.fit(ROWS, numpy.zeros((8, 10)), verbose=0)
    return model


def t14(folder: pathlib.Path) -> caught.Case:
    """A checkpoint with an optimizer from before 2.11, and a newer one; then the same kind again."""
    old = _compiled(tf_keras.optimizers.legacy.Adam())
    tensorflow.train.Checkpoint(model=old, optimizer=old.optimizer).write("state")
    new = _compiled(tf_keras.optimizers.Adam())
    seen = caught.raised(
        lambda: tensorflow.train.Checkpoint(model=new, optimizer=new.optimizer).read("state"), ValueError
    )

    alone = tf_keras.Sequential([tf_keras.layers.Input((64,)), tf_keras.layers.Dense(10)])
    tensorflow.train.Checkpoint(model=alone).read("state").expect_partial()
    assert caught.apart(alone(ROWS), old(ROWS)) == 0
    same = _compiled(tf_keras.optimizers.legacy.Adam())
    tensorflow.train.Checkpoint(model=same, optimizer=same.optimizer).read("state").assert_consumed()
    assert caught.apart(same.optimizer.get_weights()[1], old.optimizer.get_weights()[1]) == 0
    return caught.Case("before its compile the model is restored, and a legacy Adam takes all of it", [seen])


def t15(folder: pathlib.Path) -> caught.Case:
    """Arrays of an optimizer in another order; then the file as it was written."""
    model = _compiled(tf_keras.optimizers.Adam())
    model.save("whole.h5")
    shutil.copyfile("whole.h5", "mixed.h5")
    with h5py.File("mixed.h5", "a") as file:
        names = file["optimizer_weights"].attrs
        names["weight_names"] = list(names["weight_names"])[::-1]
    with unittest.mock.patch.object(tensorflow.get_logger(), "warning") as said:
        mixed = tf_keras.models.load_model("mixed.h5")
    assert "Error in loading the saved optimizer state" in said.call_args.args[0]
    first = mixed.optimizer.variables[1]  # the first array of Adam, after its number of steps
    assert caught.apart(mixed(ROWS), model(ROWS)) == 0 == numpy.abs(first).max()

    whole = tf_keras.models.load_model("whole.h5")
    assert caught.apart(whole.optimizer.variables[1], model.optimizer.variables[1]) == 0
    return caught.Case(
        "the file that fits its optimizer brings the arrays back",
        measured="a warning; the model answers the same, and the first array of its Adam is zero again",
    )


def l07(folder: pathlib.Path) -> caught.Case:
    """A Lambda whose code no Python of this release can have made; then a registered function."""
    code = base64.b64encode(b"\x00" + marshal.dumps((lambda inputs: 2 * inputs).__code__)).decode()
    model = keras.Sequential([keras.Input((64,)), keras.layers.Lambda(lambda inputs: 2 * inputs)])
    model.save("old.keras")
    with zipfile.ZipFile("old.keras") as old, zipfile.ZipFile("other.keras", "w") as other:
        for name in old.namelist():
            content = old.read(name)
            if name == "config.json":
                found = json.loads(content)
                found["config"]["layers"][1]["config"]["function"]["config"]["code"] = code
                content = json.dumps(found)
            other.writestr(name, content)
    load = keras.models.load_model
    seen = caught.raised(lambda: load("other.keras", safe_mode=False), ValueError, TypeError)

    registered = keras.saving.register_keras_serializable(package="clinic")(_doubled)
    keras.Sequential([keras.Input((64,)), keras.layers.Lambda(registered)]).save("model.keras")
    assert caught.apart(load("model.keras")(ROWS), 2 * ROWS) == 0
    return caught.Case("with a registered function it holds no code, loads and answers the same", [seen])


def _doubled(inputs: object) -> object:
    return 2 * inputs
