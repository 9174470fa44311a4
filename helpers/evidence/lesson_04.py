"""What settles the items of lesson 04."""

import json
import pathlib

import h5py
from helpers import models
import keras
import tensorflow


def predict_trap(folder: pathlib.Path) -> str:
    """Save one instance as .h5 and then as .keras; save another as .keras alone."""
    trapped, alone = models.trained(epochs=2), models.trained(epochs=2)
    trapped.save(folder / "first.h5")
    trapped.save(folder / "then.keras")
    alone.save(folder / "alone.keras")
    found = [keras.models.load_model(folder / name).optimizer for name in ("then.keras", "alone.keras")]
    seen = [(type(optimizer).__name__, int(optimizer.iterations)) for optimizer in found]
    assert seen == [("RMSprop", 0), ("Adam", 90)], seen
    return (
        "From then.keras: RMSprop at step 0. From an instance that was never saved as .h5: Adam at step 90."
    )


def myth_hdf5(folder: pathlib.Path) -> str:
    """Open both kinds of .h5, and load the whole model without any code."""
    model = models.trained(epochs=1)
    model.save_weights(folder / "only.weights.h5")
    model.save(folder / "whole.h5")
    with h5py.File(folder / "whole.h5") as whole, h5py.File(folder / "only.weights.h5") as weights:
        layers = [
            layer["class_name"] for layer in json.loads(whole.attrs["model_config"])["config"]["layers"]
        ]
        bare = "model_config" not in weights.attrs
    loaded = keras.models.load_model(folder / "whole.h5")
    assert bare
    assert layers == ["InputLayer", "Dense", "Dense"]
    assert loaded.count_params() == 9610
    return f"whole.h5 names its layers ({', '.join(layers)}) and loads without code; the other names none."


def myth_everything(folder: pathlib.Path) -> str:
    """Ask a loaded export for its layers, its loss and a training step."""
    models.trained(epochs=1).export(folder / "exported", verbose=False)
    artefact = tensorflow.saved_model.load(str(folder / "exported"))
    missing = [name for name in ("layers", "loss", "optimizer", "fit") if not hasattr(artefact, name)]
    assert hasattr(artefact, "serve")
    assert missing == ["layers", "loss", "optimizer", "fit"]
    return f"The loaded folder answers at `serve`. It has no {', no '.join(missing)}."
