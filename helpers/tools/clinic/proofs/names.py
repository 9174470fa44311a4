"""Names and places: files that are something else than their name says, folders that are not there."""

import pathlib
import shutil

import h5py
from helpers.tools.clinic.proofs import caught
import keras
import numpy
import tensorflow
import tf_keras


def f01(folder: pathlib.Path) -> caught.Case:
    """A file of weights alone, read as a model; then poured into a model that is built in code."""
    model = caught.trained()
    model.save_weights("model.weights.h5")
    seen = caught.raised(lambda: keras.models.load_model("model.weights.h5"), ValueError)

    rebuilt = caught.fresh()
    rebuilt.load_weights("model.weights.h5")
    assert caught.apart(rebuilt(caught.BATCH), model(caught.BATCH)) == 0
    return caught.Case("built in code, the model takes the weights and answers as before", [seen])


def f02(folder: pathlib.Path) -> caught.Case:
    """Names that end in something else: a file that a download renamed, and files of other tools."""
    model = caught.trained()
    model.save("model.keras")
    names = ("model.keras.zip", "model.ckpt", "model.tflite", "model.pb")
    for name in names:
        shutil.copyfile("model.keras", name)
    errors = [caught.raised(lambda name=name: keras.models.load_model(name), ValueError) for name in names]

    shutil.move("model.keras.zip", "back.keras")
    assert caught.apart(keras.models.load_model("back.keras")(caught.BATCH), model(caught.BATCH)) == 0
    return caught.Case("renamed to `.keras`, the file that was one loads and answers as before", errors)


def f03(folder: pathlib.Path) -> caught.Case:
    """Weights of Keras 2 as a TensorFlow checkpoint, given to Keras 3; then by way of tf_keras."""
    old = tf_keras.Sequential([tf_keras.layers.Input((64,)), tf_keras.layers.Dense(10)])
    old.save_weights("weights/cp.ckpt")
    new = keras.Sequential([keras.Input((64,)), keras.layers.Dense(10)])
    seen = caught.raised(lambda: new.load_weights("weights/cp.ckpt"), ValueError)

    carrier = tf_keras.Sequential([tf_keras.layers.Input((64,)), tf_keras.layers.Dense(10)])
    carrier.load_weights("weights/cp.ckpt")
    new.set_weights(carrier.get_weights())
    assert caught.apart(new(caught.BATCH), old(caught.BATCH)) < 1e-6
    return caught.Case("loaded with tf_keras and handed over, the weights give the same answers", [seen])


def f04(folder: pathlib.Path) -> caught.Case:
    """A path where nothing is."""
    model = caught.trained()
    pathlib.Path("models").mkdir()
    model.save("models/model.h5")
    model.save_weights("models/model.weights.h5")
    errors = [
        caught.raised(lambda: keras.models.load_model("model.h5"), OSError),
        caught.raised(lambda: caught.fresh().load_weights("model.weights.h5"), OSError),
    ]

    path = pathlib.Path("models/model.h5").resolve()
    assert path.is_file() and not pathlib.Path("model.h5").exists()
    assert caught.apart(keras.models.load_model(path)(caught.BATCH), model(caught.BATCH)) < 1e-6
    return caught.Case("with the whole path of the file that is there, it loads", errors)


def f05(folder: pathlib.Path) -> caught.Case:
    """A save into a folder that is not there."""
    model = caught.trained()
    errors = [
        caught.raised(lambda: model.save_weights("runs/1/model.weights.h5"), OSError),
        caught.raised(lambda: model.save("runs/1/model.keras"), OSError),
    ]

    pathlib.Path("runs/1").mkdir(parents=True)
    model.save("runs/1/model.keras")
    loaded = keras.models.load_model("runs/1/model.keras")
    assert caught.apart(loaded(caught.BATCH), model(caught.BATCH)) == 0
    return caught.Case("with the folder made first, the save works and the file loads", errors)


def f06(folder: pathlib.Path) -> caught.Case:
    """A save over an .h5 file that this process has open."""
    model = caught.trained()
    model.save("model.h5")
    with h5py.File("model.h5", "r"):
        seen = caught.raised(lambda: model.save("model.h5"), OSError)

    model.save("model.h5")
    assert caught.apart(keras.models.load_model("model.h5")(caught.BATCH), model(caught.BATCH)) < 1e-6
    return caught.Case("closed first, the file can be written again", [seen])


def f07(folder: pathlib.Path) -> caught.Case:
    """The folder above an export, a file in it, and no folder at all."""
    model = caught.trained()
    model.export("digits/1", verbose=False)
    errors = [
        caught.raised(lambda path=path: tensorflow.saved_model.load(path), OSError)
        for path in ("digits", "digits/1/saved_model.pb", "missing")
    ]

    loaded = tensorflow.saved_model.load("digits/1")
    assert caught.apart(loaded.serve(caught.BATCH), model(caught.BATCH)) < 1e-6
    return caught.Case("the folder that holds `saved_model.pb` loads and answers as the model did", errors)


def f20(folder: pathlib.Path) -> caught.Case:
    """Arrays of different lengths in one array: NumPy pickles them; then each under a name."""
    pieces = [numpy.zeros(3), numpy.zeros(5)]
    numpy.save("pieces.npy", numpy.array(pieces, dtype=object), allow_pickle=True)
    seen = caught.raised(lambda: numpy.load("pieces.npy"), ValueError)

    numpy.savez("pieces.npz", **{f"piece_{number}": piece for number, piece in enumerate(pieces)})
    with numpy.load("pieces.npz") as stored:
        assert [stored[name].shape for name in stored.files] == [(3,), (5,)]
    return caught.Case("each array under a name of its own is read without a pickle", [seen])
