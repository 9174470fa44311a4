"""Layers, losses and functions of one's own: what a file needs from whoever loads it."""

import numpy
import tensorflow

from tests.claims import trying
from tests.claims.shelf import Shelf, settled

_NO_CLASS = "Could not locate class 'CustomDense'"
_NO_CLASS_H5 = "Unknown layer: 'saved_for_good>CustomDense'"


def _without_class(shelf: Shelf) -> dict[str, bool]:
    """Whether each format is refused where nobody defined the class; if not, it has to answer as before."""
    refused = {
        ".keras": shelf.stranger["own.keras"].refused(_NO_CLASS),
        ".h5": shelf.stranger["own.h5"].refused(_NO_CLASS_H5),
        "export": shelf.stranger["own"].refused("CustomDense"),
    }
    names = {".keras": "own.keras", ".h5": "own.h5", "export": "own"}
    loaded = [names[name] for name, each in refused.items() if not each]
    assert all(shelf.stranger[name].same(shelf.own_answers) for name in loaded)
    return refused


def a03(shelf: Shelf) -> dict[str, bool]:
    """Load what has an own layer, loss or activation in a process that knows none of them."""
    return {
        "a layer": shelf.stranger["own.keras"].refused(_NO_CLASS),
        "a loss": shelf.stranger["loss.keras"].refused("Could not locate function 'strict'"),
        "an activation": shelf.stranger["activation.keras"].refused("Could not locate function 'bent'"),
    }


def a10(shelf: Shelf) -> dict[str, bool]:
    """Ask an export with an own layer for its answers, its layer, and a value changed afterwards."""
    model = shelf.own_models["Scaled"]
    folder = shelf.place() / "scaled"
    model.export(folder, verbose=False)
    artefact = tensorflow.saved_model.load(str(folder))
    before = numpy.asarray(model(shelf.rows))
    assert trying.same(artefact.serve(shelf.rows), before)
    layer = model.layers[0]
    layer.gain = 50.0
    try:
        assert not trying.same(model(shelf.rows), before)
        follows = trying.same(artefact.serve(shelf.rows), model(shelf.rows))
    finally:
        layer.gain = 5.0
    return {
        "answers, without the class": shelf.stranger["own"].same(shelf.own_answers),
        "the layer itself": hasattr(artefact, "layers"),
        "a value of Python, changed later": follows,
    }


def a21(shelf: Shelf) -> dict[str, bool]:
    """Load a model with an own layer where nobody defined it."""
    return {name: not refused for name, refused in _without_class(shelf).items()}


def a23(shelf: Shelf) -> dict[str, bool]:
    """Look into an export for what the layer computes, its text and its arguments."""
    graph = (shelf.folder / shelf.own_files[1] / "saved_model.pb").read_bytes()
    artefact = tensorflow.saved_model.load(str(shelf.folder / "own"))
    return {
        "its computation": shelf.stranger["own"].same(shelf.own_answers),
        "its source": b"def call" in graph,
        "its arguments": hasattr(artefact, "get_config"),
    }


# Where the class was edited or is missing, the `.keras` fails or errs, and the export answers.
a24 = settled({"the class was edited": "06.deck.edited", "the class is missing": "06.predict.colleague"})


def b20(shelf: Shelf) -> dict[str, bool]:
    """Load each format with nothing but the file."""
    return _without_class(shelf)


b50 = b20


def b21(shelf: Shelf) -> dict[str, bool]:
    """Load without `custom_objects` and without a special save: unknown, registered, exported."""
    locate = "Could not locate class 'Unregistered'"
    assert shelf.as_before("Unregistered", "custom_objects")
    return {
        "unregistered": shelf.colleague["Unregistered"].refused(locate),
        "registered, its module imported": not shelf.as_before("Scaled"),
        "exported": _without_class(shelf)["export"],
    }


# A load of what was not told to Keras, or told with something left out.
b22 = settled(
    {
        "a class not registered": "06.predict.colleague",
        "an argument left out of get_config, a model without get_config": "06.myth.silence",
        "a raw variable": "06.deck.variable",
    }
)


# Without care a model with an own layer fails or answers otherwise; with care it comes back.
b30 = settled(
    {
        "fails": "06.predict.colleague",
        "answers otherwise": "06.myth.silence",
        "comes back with care": "06.deck.cure",
    }
)


def b31(shelf: Shelf) -> dict[str, bool]:
    """Load whole models where there is no code of ours."""
    lambdas = "Requested the deserialization of a `Lambda` layer"
    return {
        "built-in layers": shelf.stranger["whole.keras"].same(shelf.answers),
        "an own layer": not shelf.stranger["own.keras"].refused(_NO_CLASS),
        "a Lambda": not shelf.stranger["lambda.keras"].refused(lambdas),
    }
