"""get_config that leaves something out: the load fills it with defaults, without a word."""

import pathlib

from helpers.clinic.proofs import caught
import keras
import numpy

ROWS = numpy.ones((1, 4), "float32")


class Times(keras.layers.Layer):
    """Multiplies by a factor; its get_config says everything."""

    def __init__(self, factor: float = 1.0, **options: object) -> None:
        super().__init__(**options)
        self.factor = factor

    def call(self, inputs: keras.KerasTensor) -> keras.KerasTensor:
        """Return the product."""
        return self.factor * inputs

    def get_config(self) -> dict[str, object]:
        """Return the arguments of the base class and its own."""
        return {**super().get_config(), "factor": self.factor}


class Forgetful(Times):
    """Leaves its factor out."""

    def get_config(self) -> dict[str, object]:
        """Return the arguments of the base class only."""
        return keras.layers.Layer.get_config(self)


class Alone(Times):
    """Leaves the base class out."""

    def get_config(self) -> dict[str, object]:
        """Return its own argument only."""
        return {"factor": self.factor}


def _round_trip(kind: type[Times]) -> tuple[keras.Sequential, keras.Sequential]:
    """A model with a layer of this kind, and what its file gives back."""
    layer = kind(5.0, name="mine", trainable=False)
    model = keras.Sequential([keras.Input((4,)), layer])
    model.save("model.keras")
    return model, keras.models.load_model("model.keras", custom_objects={kind.__name__: kind})


def p10(folder: pathlib.Path) -> caught.Case:
    """The factor is 5 before the save; what is it after the load?"""
    model, loaded = _round_trip(Forgetful)
    before, after = float(model(ROWS)[0, 0]), float(loaded(ROWS)[0, 0])
    assert (before, after) == (5.0, 1.0), (before, after)

    model, loaded = _round_trip(Times)
    assert caught.apart(loaded(ROWS), model(ROWS)) == 0
    measured = (
        f"no error, and the answer to 1 was {before:.1f} before the save and is {after:.1f} after the load"
    )
    return caught.Case("with every argument in get_config the answer stays 5.0", measured=measured)


def p11(folder: pathlib.Path) -> caught.Case:
    """The layer is called mine and is frozen before the save; what is it after the load?"""
    _, loaded = _round_trip(Alone)
    layer = loaded.layers[0]
    assert (layer.name, layer.trainable) == ("alone", True), (layer.name, layer.trainable)
    with caught.error(ValueError) as seen:
        loaded.get_layer("mine")

    _, loaded = _round_trip(Times)
    layer = loaded.get_layer("mine")
    assert not layer.trainable
    return caught.Case("with super().get_config() it is called mine again, and frozen", [seen])
