"""`save` and `load_model` with the names in the articles; what `save_weights` and `.h5` do today."""

import pathlib

import h5py
import keras

from tests.claims import own, trying
from tests.claims.shelf import Shelf, settled

_NO_SUFFIX = (ValueError, "Invalid filepath extension")
_NO_FORMAT = (ValueError, "File format not supported")


def _takes(model: keras.Model, path: object) -> bool:
    """Whether `save` takes a path and leaves something there."""
    taken = not trying.refused(lambda: model.save(path), *_NO_SUFFIX)
    assert taken == pathlib.Path(path).exists()
    return taken


def _reads(path: pathlib.Path) -> bool:
    return not trying.refused(lambda: keras.models.load_model(path), *_NO_FORMAT)


def _functional() -> keras.Model:
    inputs = keras.Input((64,))
    return keras.Model(inputs, keras.layers.Dense(3)(inputs))


def _formats(shelf: Shelf) -> dict[str, set[str]]:
    """Which of three formats `save` writes and `load_model` reads."""
    place = shelf.place()
    targets = {"folder": place / "plain", "HDF5": place / "whole.h5", "zip": place / "whole.keras"}
    files = {"folder": shelf.exported, "HDF5": shelf.legacy, "zip": shelf.whole}
    return {
        "what save writes": {name for name, path in targets.items() if _takes(shelf.another(), path)},
        "what load_model reads": {name for name, path in files.items() if _reads(path)},
    }


def _advice(shelf: Shelf) -> str:
    """What Keras says to somebody who saves as `.h5`."""
    model, path = shelf.another(), shelf.place() / "advice.h5"
    return trying.said(lambda: model.save(path))


def a04(shelf: Shelf) -> dict[str, bool]:
    """Ask `save` and `load_model` for a folder, HDF5 and a third format; read what Keras advises."""
    cases = {name: formats == {"folder", "HDF5"} for name, formats in _formats(shelf).items()}
    return cases | {"what the library advises": ".keras" not in _advice(shelf)}


b14 = a04


# Is the folder what `save` writes, `load_model` reads, or Keras advises?
a05 = settled(
    {
        "save writes it": "not 04.predict.formats",
        "load_model reads it": "not 02.deck.exists",
        "the library advises it": "not 04.deck.recommended",
    }
)


def b07(shelf: Shelf) -> dict[str, bool]:
    """Save under a plain name."""
    place = shelf.place()
    return {
        "a Sequential": _takes(shelf.another(), place / "path"),
        "functional": _takes(_functional(), place / "path_too"),
    }


def b08(shelf: Shelf) -> dict[str, bool]:
    """Save under a plain name and look for what structure and weights can come back from."""
    place = shelf.place()

    def comes_back(path: object) -> bool:
        if not _takes(shelf.another(), path):
            return False
        return trying.same(keras.models.load_model(path)(shelf.rows), shelf.answers)

    return {"a plain name": comes_back(str(place / "text")), "a plain path": comes_back(place / "path")}


def b09(shelf: Shelf) -> dict[str, bool]:
    """Save under a plain name, and load folders: one exported today, and one of TensorFlow 2.15."""
    path = shelf.place() / "my_model"
    saved = _takes(shelf.another(), path)
    return {
        "save and load_model": saved and _reads(path),
        "load_model of an export": _reads(shelf.exported),
        "load_model of a folder of TensorFlow 2.15": _reads(shelf.capsule / "relu"),
    }


b46 = b09


# Training that goes on from a compiled `.h5`; a model that is saved as `.h5`, then as `.keras`.
b16 = settled(
    {
        "a compiled model trains on": "not 04.deck.quick",
        "the model in memory stays as it was": "not 04.predict.trap",
    }
)


# Weights saved as `weights.h5`, then loaded as a model.
b45 = settled({"save_weights, then load_model": "not 02.deck.filename"})


def _custom(shelf: Shelf) -> tuple[keras.Model, pathlib.Path, pathlib.Path]:
    """A model with an own layer, and two plain names: a folder by export, an HDF5 file."""
    model, place = shelf.small(own.Unregistered(3, gain=5.0)), shelf.place()
    model.save(place / "file.h5")
    model.export(place / "custom_model", verbose=False)
    (place / "file.h5").rename(place / "custom_file")
    assert h5py.is_hdf5(place / "custom_file")
    return model, place / "custom_model", place / "custom_file"


def b48(shelf: Shelf) -> dict[str, bool]:
    """Load a model with an own layer by a plain name: does the error speak of the layer?"""
    _, folder, file = _custom(shelf)

    def speaks_of_the_layer(path: pathlib.Path) -> bool:
        try:
            keras.models.load_model(path)
        except (TypeError, ValueError) as error:
            return "Unregistered" in str(error)
        return False

    return {
        "a folder of that name": speaks_of_the_layer(folder),
        "an HDF5 file of that name": speaks_of_the_layer(file),
    }


def b49(shelf: Shelf) -> dict[str, bool]:
    """The same with `custom_objects`; with the suffix it works, which is the control."""
    model, folder, file = _custom(shelf)
    known = {"Unregistered": own.Unregistered}

    def loads(path: pathlib.Path) -> bool:
        if trying.refused(lambda: keras.models.load_model(path, custom_objects=known), *_NO_FORMAT):
            return False
        return trying.same(keras.models.load_model(path, custom_objects=known)(shelf.rows), model(shelf.rows))

    whole = folder.parent / "custom.keras"
    model.save(whole)
    assert loads(whole)
    return {"a folder of that name": loads(folder), "an HDF5 file of that name": loads(file)}


def b52(shelf: Shelf) -> dict[str, bool]:
    """Save a trained model under a plain name, load it, train on; with the suffix it works: the control."""

    def goes_on(path: pathlib.Path) -> bool:
        model = shelf.another()
        if not _takes(model, path) or not _reads(path):
            return False
        loaded = keras.models.load_model(path)
        loaded.train_on_batch(*shelf.few)
        return int(loaded.optimizer.iterations) == int(model.optimizer.iterations) + 1

    place = shelf.place()
    assert goes_on(place / "trainable.keras")
    return {"save, load_model, fit": goes_on(place / "trainable_model")}
