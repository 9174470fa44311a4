"""Damage: a flipped bit, a cut or missing file, writers that come between each other, strays."""

import hashlib
import os
import pathlib
import shutil
import tempfile
import zipfile

import h5py
from helpers.tools.clinic.proofs import caught
import keras
import numpy
import tensorflow


def _flip(path: pathlib.Path, place: int) -> None:
    """Turn every bit of one byte around."""
    content = bytearray(path.read_bytes())
    content[place] ^= 255
    path.write_bytes(content)


def _halve(path: pathlib.Path) -> None:
    """Cut a file after its first half."""
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def _exported(name: str) -> keras.Sequential:
    """Write an export and a copy of it to go back to."""
    model = caught.trained()
    model.export(name, verbose=False)
    shutil.copytree(name, "copy")
    return model


def _fetched_again(model: keras.Sequential, name: str) -> None:
    """Put the copy in the place of what is damaged, and compare its answers."""
    shutil.rmtree(name)
    shutil.copytree("copy", name)
    loaded = tensorflow.saved_model.load(name)
    assert caught.apart(loaded.serve(caught.BATCH), model(caught.BATCH)) < 1e-6


def f08(folder: pathlib.Path) -> caught.Case:
    """One flipped byte among the weights in a .keras file."""
    model = caught.trained()
    model.save("model.keras")
    content = pathlib.Path("model.keras").read_bytes()
    with zipfile.ZipFile("model.keras") as archive:
        inside = archive.getinfo("model.weights.h5")
    _flip(folder / "model.keras", inside.header_offset + inside.compress_size // 2)
    # Since Python 3.12 zipfile compares later, and Keras wraps what it says.
    seen = caught.raised(lambda: keras.models.load_model("model.keras"), zipfile.BadZipFile, ValueError)

    (folder / "model.keras").write_bytes(content)
    assert caught.apart(keras.models.load_model("model.keras")(caught.BATCH), model(caught.BATCH)) == 0
    return caught.Case("fetched again, it loads and answers as the model did", [seen])


def f09(folder: pathlib.Path) -> caught.Case:
    """A flipped byte among the numbers of an export, and of a checkpoint."""
    model = _exported("served")
    _flip(folder / "served/variables/variables.data-00000-of-00001", 400)
    variable = tensorflow.Variable(tensorflow.ones((100,)))
    tensorflow.train.Checkpoint(numbers=variable).write("state")
    _flip(folder / "state.data-00000-of-00001", 40)
    errors = [
        caught.raised(lambda: tensorflow.saved_model.load("served"), tensorflow.errors.DataLossError),
        caught.raised(
            lambda: tensorflow.train.Checkpoint(numbers=variable).read("state"),
            tensorflow.errors.DataLossError,
        ),
    ]

    _fetched_again(model, "served")
    return caught.Case("fetched again, the export loads and answers as the model did", errors)


def f10(folder: pathlib.Path) -> caught.Case:
    """Half a saved_model.pb."""
    model = _exported("served")
    _halve(folder / "served/saved_model.pb")
    seen = caught.raised(lambda: tensorflow.saved_model.load("served"), OSError)

    _fetched_again(model, "served")
    return caught.Case("fetched again, the export loads and answers as the model did", [seen])


def f11(folder: pathlib.Path) -> caught.Case:
    """An export whose variables.index has not come along."""
    model = _exported("served")
    (folder / "served/variables/variables.index").unlink()
    seen = caught.raised(lambda: tensorflow.saved_model.load("served"), FileNotFoundError)

    _fetched_again(model, "served")
    return caught.Case("copied with the whole folder, the export loads and answers as before", [seen])


def f12(folder: pathlib.Path) -> caught.Case:
    """A cut index, and a file of another format under the name of one."""
    model = _exported("served")
    _halve(folder / "served/variables/variables.index")
    errors = [caught.raised(lambda: tensorflow.saved_model.load("served"), tensorflow.errors.OpError)]

    _fetched_again(model, "served")
    return caught.Case("fetched again, the export loads and answers as the model did", errors)


def f13(folder: pathlib.Path) -> caught.Case:
    """An export, read as the frozen graph that had this suffix too."""
    model = _exported("served")
    graph = tensorflow.compat.v1.GraphDef()
    content = (folder / "served/saved_model.pb").read_bytes()
    seen = caught.raised(lambda: graph.ParseFromString(content), Exception)

    _fetched_again(model, "served")
    return caught.Case("loaded as a folder, it answers as the model did", [seen])


def f15(folder: pathlib.Path) -> caught.Case:
    """Half of the numbers of an export."""
    model = _exported("served")
    _halve(folder / "served/variables/variables.data-00000-of-00001")
    seen = caught.raised(lambda: tensorflow.saved_model.load("served"), Exception)

    _fetched_again(model, "served")
    return caught.Case("fetched again, the export loads and answers as the model did", [seen])


def f16(folder: pathlib.Path) -> caught.Case:
    """An .h5 file whose inside is zeros, as a save leaves it that is killed."""
    model = caught.trained()
    model.save_weights("model.weights.h5")
    content = (folder / "model.weights.h5").read_bytes()
    (folder / "model.weights.h5").write_bytes(content[:96] + bytes(len(content) - 96))
    seen = caught.raised(lambda: h5py.File("model.weights.h5"), OSError)

    (folder / "model.weights.h5").write_bytes(content)
    other = caught.fresh()
    other.load_weights("model.weights.h5")
    assert caught.apart(other(caught.BATCH), model(caught.BATCH)) == 0
    return caught.Case("the last whole copy loads and answers as before", [seen])


def f17(folder: pathlib.Path) -> caught.Case:
    """Two writers with one temporary name, then each with its own."""
    first, second = caught.fresh(1), caught.fresh(2)
    first.save("aside.keras")
    second.save("aside.keras")
    os.replace("aside.keras", "model.keras")  # the first one has moved what the second one wrote
    seen = caught.raised(lambda: os.replace("aside.keras", "model.keras"), FileNotFoundError)

    places = [pathlib.Path(tempfile.mkdtemp(dir=folder)) / "model.keras" for _ in range(2)]
    for model, place in zip((first, second), places, strict=True):
        model.save(place)
    for place in places:
        os.replace(place, "model.keras")
    assert caught.apart(keras.models.load_model("model.keras")(caught.BATCH), second(caught.BATCH)) == 0
    return caught.Case("with a folder for each save, both are whole and the last one stays", [seen])


def f18(folder: pathlib.Path) -> caught.Case:
    """A stray file among numbered folders."""
    for name in ("1", "2", "10"):
        (folder / "store" / name).mkdir(parents=True)
    (folder / "store" / ".DS_Store").touch()
    names = os.listdir("store")
    seen = caught.raised(lambda: max(map(int, names)), ValueError)

    assert max(int(name) for name in names if name.isdecimal()) == 10
    return caught.Case("of the names that are numbers, 10 is the highest", [seen])


def d09(folder: pathlib.Path) -> caught.Case:
    """One byte of a weight in a file without checksums: it loads; then its hash, and the whole copy."""
    model = caught.trained()
    model.save_weights("model.weights.h5")
    content = (folder / "model.weights.h5").read_bytes()
    bias = model.layers[-1].get_weights()[1]
    place = content.index(bias.tobytes())
    # The highest byte of the first number: sign and exponent of a float32.
    (folder / "model.weights.h5").write_bytes(content[: place + 3] + b"\x7e" + content[place + 4 :])
    damaged = caught.fresh()
    damaged.load_weights("model.weights.h5")
    digits = set(numpy.argmax(damaged.predict_on_batch(caught.FEATURES), 1).tolist())
    assert digits == {0}, digits

    assert (
        hashlib.sha256((folder / "model.weights.h5").read_bytes()).digest()
        != hashlib.sha256(content).digest()
    )
    (folder / "model.weights.h5").write_bytes(content)
    whole = caught.fresh()
    whole.load_weights("model.weights.h5")
    assert caught.apart(whole(caught.BATCH), model(caught.BATCH)) == 0
    return caught.Case(
        "the hash tells, and the whole copy answers as the model did",
        measured="no error, and the loaded model reads the digit 0 everywhere",
    )
