"""An export inside a Keras model: TFSMLayer."""

import pathlib

from helpers.clinic.proofs import caught, shelf
import keras


def _around(folder: pathlib.Path) -> keras.Sequential:
    """A model around an export; the folder is written once."""
    if not (folder / "exported").exists():
        shelf.trained().export("exported", verbose=False)
    layer = keras.layers.TFSMLayer("exported", call_endpoint="serve")
    return keras.Sequential([keras.Input((64,)), layer])


def l01(folder: pathlib.Path) -> caught.Case:
    """Train it with Adam, then with plain SGD."""
    model = _around(folder)
    model.compile("adam", "sparse_categorical_crossentropy")
    with caught.error(ValueError) as seen:
        model.fit(shelf.FEATURES, shelf.LABELS, verbose=0)

    model = _around(folder)
    before = model(shelf.BATCH)
    model.compile("sgd", "sparse_categorical_crossentropy")
    model.fit(shelf.FEATURES, shelf.LABELS, verbose=0)
    assert caught.apart(model(shelf.BATCH), before) > 0
    return caught.Case("with plain SGD it trains, and its answers move", [seen])


def l02(folder: pathlib.Path) -> caught.Case:
    """Save a model around an export as .keras, load it, then load it without safe mode."""
    model = _around(folder)
    model.save("model.keras")
    with caught.error(ValueError) as seen:
        keras.models.load_model("model.keras")

    loaded = keras.models.load_model("model.keras", safe_mode=False)
    assert caught.apart(loaded(shelf.BATCH), model(shelf.BATCH)) < 1e-6
    return caught.Case("with safe_mode=False the file of our own loads, and answers the same", [seen])
