"""What is in a saved model: claims about formats and what they hold."""

import pathlib
import shutil
import zipfile

from helpers.tools import anatomy
import keras
import numpy
import tensorflow

from tests.claims import trying
from tests.claims.shelf import Shelf, settled

_ABSENT = ("none", "not in this format")


def _inside(path: pathlib.Path) -> dict[str, str]:
    """What stands in a file, read without loading it."""
    return dict(anatomy.read(path).rows)


def _formats(shelf: Shelf) -> dict[str, pathlib.Path]:
    return {
        ".keras": shelf.whole,
        ".h5": shelf.legacy,
        "export": shelf.exported,
        ".weights.h5": shelf.weights,
        "checkpoint": shelf.checkpoint,
    }


def a01(shelf: Shelf) -> dict[str, bool]:
    """Open each format and look for architecture or graph, weights, optimizer and compile settings."""
    parts = ("architecture", "weights", "optimizer", "compile settings")
    inside = {name: _inside(path) for name, path in _formats(shelf).items()}
    return {
        name: not any(found[part].startswith(_ABSENT) for part in parts) for name, found in inside.items()
    }


def a06(shelf: Shelf) -> dict[str, bool]:
    """Load both kinds of folder and look for layers; graph and weights are there."""
    for folder in (shelf.exported, shelf.old_way):
        inside = _inside(folder)
        assert "graph" in inside["architecture"] and not inside["weights"].startswith(_ABSENT)
    return {
        "a folder by export": bool(getattr(shelf.artefact, "layers", [])),
        "a folder by tf.saved_model.save": bool(getattr(shelf.old_artefact, "layers", [])),
    }


def a09(shelf: Shelf) -> dict[str, bool]:
    """Load whole `.h5` files where nothing was rebuilt before: lessons do it with stacked models."""
    inputs, path = keras.Input((64,)), shelf.place() / "functional.h5"
    model = keras.Model(inputs, keras.layers.Dense(3)(inputs))
    model.save(path)
    needed = trying.refused(lambda: keras.models.load_model(path), ValueError, "No model config")
    return {
        "compiled": not shelf.shows("04.myth.hdf5"),
        "not compiled": not shelf.shows("06.deck.hdf5"),
        "functional": needed or not trying.same(keras.models.load_model(path)(shelf.rows), model(shelf.rows)),
    }


# Whole `.h5` files, asked for something besides weights.
a11 = settled({"compiled": "not 04.myth.hdf5", "not compiled": "not 06.deck.hdf5"})


def b23(shelf: Shelf) -> dict[str, bool]:
    """Open each format and look for layers beside the weights."""
    inside = {name: _inside(path) for name, path in _formats(shelf).items()}
    assert not any(found["weights"].startswith(_ABSENT) for found in inside.values())
    return {
        name: not found["architecture"].startswith(_ABSENT) and "no layers" not in found["architecture"]
        for name, found in inside.items()
    }


def b24(shelf: Shelf) -> dict[str, bool]:
    """Look for a message of the protocol buffers, and for every weight in the files beside it."""
    weights = shelf.another().get_weights()

    def as_said(folder: pathlib.Path) -> bool:
        reader = tensorflow.train.load_checkpoint(str(folder / "variables" / "variables"))
        names = [name for name in reader.get_variable_to_shape_map() if "OBJECT_GRAPH" not in name]
        stored = [reader.get_tensor(name) for name in names]
        found = all(any(numpy.array_equal(weight, array) for array in stored) for weight in weights)
        return bool(trying.graph(folder).graph_def.node) and found

    return {
        "a folder by export": as_said(shelf.exported),
        "a folder by tf.saved_model.save": as_said(shelf.old_way),
    }


def b27(shelf: Shelf) -> dict[str, bool]:
    """Look for the bytes of the largest weight in the file of the graph and in the file of the numbers."""
    plain = shelf.another().get_weights()[0].tobytes()
    with zipfile.ZipFile(shelf.whole) as box:
        keras_parts = box.read("config.json"), box.read("model.weights.h5")
    numbers = shelf.exported / "variables" / "variables.data-00000-of-00001"
    parts = {
        "SavedModel": ((shelf.exported / "saved_model.pb").read_bytes(), numbers.read_bytes()),
        ".keras": keras_parts,
    }
    return {name: plain not in graph and plain in numbers for name, (graph, numbers) in parts.items()}


def b28(shelf: Shelf) -> dict[str, bool]:
    """Export into a folder named 7, and look for signatures and for the 7."""
    folder = shelf.place() / "7"
    shutil.copytree(shelf.exported, folder)
    graph = trying.graph(folder)
    return {
        "signatures with their inputs": bool(graph.signature_def["serving_default"].inputs),
        "the version of TensorFlow": bool(graph.meta_info_def.tensorflow_version),
        "the version of the model": bool(graph.meta_info_def.meta_graph_version),
    }


def b29(shelf: Shelf) -> dict[str, bool]:
    """Save models that are more than a chain of layers into one file, and load them in a new process."""
    return {
        "a subclassed model, layers in a list and a dictionary": not shelf.as_before("Block"),
        "an own layer with an argument": not shelf.as_before("Scaled"),
    }
