"""How far a resumed training ends from the uninterrupted one: measured, noted, drawn.

The notes lie in the folder `resuming` of the current one, because each run has a process of its own.
"""

import json
import pathlib

from helpers import figures
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
                axis.barh(place, min(difference, 3), color=figures.ORANGE, height=0.6)
                axis.text(min(difference, 3) * 1.1, place, f"{difference:.2g}", va="center", fontsize=9)
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
