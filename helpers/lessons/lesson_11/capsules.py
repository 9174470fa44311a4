"""Time capsules: models that TensorFlow 2.5 to 2.21 have saved, each version in each format it writes.

They lie packed in notebooks/data/capsules, with a text on what wrote them; `author capsules` makes them anew.
"""

import json
import pathlib
import typing
import zipfile

from helpers.core import (
    backend,  # noqa: F401  (it settles how TensorFlow is imported)
    scratch,
)
import keras
import numpy

FOLDER = scratch.COURSE / "notebooks" / "data" / "capsules"


class Golden(typing.NamedTuple):
    """Rows a model was asked, and what it answered before it was saved; float32, one row each."""

    rows: numpy.ndarray
    answers: numpy.ndarray


def versions() -> list[str]:
    """The TensorFlows that wrote a capsule, oldest first, as in "2.5"; `info` says the rest."""
    names = [path.stem.removeprefix("tf-") for path in FOLDER.glob("tf-*.zip")]
    return sorted(names, key=lambda name: [int(number) for number in name.split(".")])


def unpack(target: str | pathlib.Path = ".") -> None:
    """Unpack every capsule below a folder: `tf-2.5/digits.h5` and so on."""
    for version in versions():
        with zipfile.ZipFile(FOLDER / f"tf-{version}.zip") as packed:
            packed.extractall(pathlib.Path(target, f"tf-{version}"))


def info(folder: str | pathlib.Path) -> dict[str, typing.Any]:
    """What wrote an unpacked capsule: versions, training steps of each model, every file tried."""
    return json.loads(pathlib.Path(folder, "info.json").read_text(encoding="utf-8"))


def golden(folder: str | pathlib.Path, model: str) -> Golden:
    """The golden batch of one model of an unpacked capsule: "digits", "own" or "gate"."""
    with numpy.load(pathlib.Path(folder, "golden.npz")) as stored:
        return Golden(stored[f"{model}_rows"], stored[f"{model}_answers"])


# The code of two models in the capsules, in Keras of today: what weights and a class of one's own need.


def digits() -> keras.Sequential:
    """The `digits` of every capsule: (rows, 64) to (rows, 10), with first weights, compiled with Adam."""
    layers = [keras.layers.Dense(8, activation="relu"), keras.layers.Dense(10, activation="softmax")]
    model = keras.Sequential([keras.Input((64,)), *layers])
    model.compile(keras.optimizers.Adam(0.01), "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


@keras.saving.register_keras_serializable(package="capsules")
class Scaled(keras.layers.Layer):
    """The layer of `own`, under the name it was registered by: (rows, n) to (rows, units)."""

    def __init__(self, units: int, factor: float = 2.0, **options: object) -> None:
        super().__init__(**options)
        self.units, self.factor = units, factor

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        """Make the one weight."""
        self.kernel = self.add_weight(name="kernel", shape=(input_shape[-1], self.units))

    def call(self, inputs: keras.KerasTensor) -> keras.KerasTensor:
        """Return the product with the kernel times the factor."""
        return self.factor * keras.ops.matmul(inputs, self.kernel)

    def get_config(self) -> dict[str, object]:
        """Return every argument of the constructor."""
        return {**super().get_config(), "units": self.units, "factor": self.factor}
