"""How far a resumed training ends from the uninterrupted one: measured, noted, drawn.

The notes lie in the folder `resuming` of the current one, because each run has a process of its own.
"""

import json
import pathlib

from helpers import (
    digits,
    figures,
)
from helpers.core import backend  # noqa: F401  (it settles how TensorFlow is imported)
import keras
import matplotlib.pyplot as pyplot
import numpy

CLEAR = 1e-3  # what rounding never reaches in these trainings, and every forgotten piece exceeds
_NOTES = pathlib.Path("resuming")


def remember(run: str, model: keras.Model) -> None:
    """Keep the weights of the uninterrupted training called `run`; what was noted about it is dropped."""
    _NOTES.mkdir(exist_ok=True)
    numpy.savez(_NOTES / f"{run}.npz", *_weights(model))
    (_NOTES / f"{run}.json").unlink(missing_ok=True)


def note(run: str, way: str, model: keras.Model) -> None:
    """Measure the largest difference of any weight to the uninterrupted `run`, note it and print it.

    Raises:
        FileNotFoundError: that run was not remembered.
    """
    with numpy.load(_NOTES / f"{run}.npz") as stored:
        pairs = zip(_weights(model), stored.values(), strict=True)
        difference = max(_largest(one - other) for one, other in pairs)
    (_NOTES / f"{run}.json").write_text(json.dumps(differences(run) | {way: difference}), encoding="utf-8")
    print(f"{way:<30} largest difference of a weight: {shown(difference)}")


def differences(run: str) -> dict[str, float]:
    """What was noted about a run, way by way, in the order of the notes."""
    path = _NOTES / f"{run}.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def shown(difference: float) -> str:
    """A difference as what holds on every machine: "0", "above 1e-3" or "not 0, below 1e-3"."""
    if difference == 0:
        return "0"
    return f"above {CLEAR:.0e}".replace("e-0", "e-") if difference > CLEAR else "not 0, below 1e-3"


def draw(titles: dict[str, str]) -> None:
    """Draw the differences of each run under its title, on a logarithmic axis, exact zeros as rings."""
    notes = {run: differences(run) for run in titles}
    heights = [len(found) for found in notes.values()]
    figure, axes = pyplot.subplots(
        len(titles), figsize=(8, 0.34 * sum(heights) + 1.1), sharex=True, height_ratios=heights
    )
    for axis, (run, found) in zip(numpy.atleast_1d(axes), notes.items(), strict=True):
        for place, difference in enumerate(found.values()):
            if difference:
                axis.plot(min(difference, 3), place, "o", color=figures.ORANGE)
                axis.text(min(difference, 3) * 1.2, place, f"{difference:.2g}", va="center", fontsize=9)
            else:
                axis.plot(1.5e-5, place, "o", color=figures.BLUE, fillstyle="none", markeredgewidth=2)
                axis.text(2e-5, place, "exactly 0", va="center", fontsize=9, color=figures.BLUE)
        axis.set_yticks(range(len(found)), list(found))
        axis.set(xscale="log", xlim=(1e-5, 3), ylim=(len(found) - 0.4, -0.6))
        axis.set_title(titles[run], loc="left", fontsize=10)
        axis.spines[["top", "right"]].set_visible(False)
    axis.set_xlabel("largest difference of a weight to the uninterrupted training")
    figure.tight_layout()
    figures.show(figure, alt=_alt(titles, notes))


def _alt(titles: dict[str, str], notes: dict[str, dict[str, float]]) -> str:
    parts = []
    for run, found in notes.items():
        said = ", ".join(f"{way} {shown(difference)}" for way, difference in found.items())
        parts.append(f"{titles[run]}: {said}.")
    return "Largest difference of a weight to the uninterrupted training. " + " ".join(parts)


def _largest(difference: numpy.ndarray) -> float:
    """The largest size in it. What is not a number is infinitely far from any weight."""
    return float(numpy.nan_to_num(numpy.abs(difference), nan=numpy.inf).max())


def _weights(model: keras.Model) -> list[numpy.ndarray]:
    """The kernels and biases that the layers compute with.

    `get_weights` would not do: a checkpoint restored into an unbuilt model leaves a kernel there that no
    layer uses.
    """
    return [
        numpy.asarray(getattr(layer, name))
        for layer in model.layers
        for name in ("kernel", "bias")
        if hasattr(layer, name)
    ]


# Two small models whose training is cut off in the middle, and the digits they train on.
#
# Each call makes a new instance, compiled with Adam, with the same first weights every time. Both take
# (rows, 64) and return (rows, 10) probabilities.


# Few rows keep the many trainings of the lesson short: float32 (640, 64) from 0 to 1, and int64 (640,).
data = features, labels = [part[:640] for part in digits.load()[:2]]
_LOSS = "sparse_categorical_crossentropy"


@keras.saving.register_keras_serializable(package="saved_for_good")
class Reader(keras.Model):
    """A model class of one's own: Dense 32 relu, Dense 10 softmax. Its first call makes the weights."""

    def __init__(self, **options: object) -> None:
        super().__init__(**options)
        self.hidden = keras.layers.Dense(32, activation="relu")
        self.last = keras.layers.Dense(10, activation="softmax")

    def call(self, inputs: keras.KerasTensor) -> keras.KerasTensor:
        """Return the probabilities of the ten digits."""
        return self.last(self.hidden(inputs))


def plain(built: bool = True) -> Reader:
    """A Reader, in which nothing is random once it has its weights; with built=False it has none yet."""
    keras.utils.set_random_seed(7)
    model = Reader()
    model.compile(keras.optimizers.Adam(0.01), _LOSS)
    if built:
        model(features[:1])
    return model


def noisy() -> keras.Sequential:
    """The same two layers with dropout between them: every step draws random numbers."""
    keras.utils.set_random_seed(7)
    layers = [keras.layers.Dense(32, "relu"), keras.layers.Dropout(0.3), keras.layers.Dense(10, "softmax")]
    model = keras.Sequential([keras.Input((64,)), *layers])
    model.compile(keras.optimizers.Adam(0.01), _LOSS)
    return model
