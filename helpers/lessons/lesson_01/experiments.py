"""What settles the items of lesson 01."""

import contextlib
import io
import os
import pathlib

from helpers import digits, fresh, models
import keras
import numpy


def predict_restart(folder: pathlib.Path) -> str:
    """One process trains and saves nothing; the next one looks for what is left."""
    printed = io.StringIO()
    with contextlib.chdir(folder), contextlib.redirect_stdout(printed):
        fresh.run_cell(
            "from helpers import models\nmodel = models.trained(epochs=1)\nprint(len(model.weights))"
        )
        fresh.run_cell("print(model)")
    trained, after = printed.getvalue().splitlines()
    assert trained == "4" and after == "NameError: name 'model' is not defined", printed.getvalue()
    assert os.listdir(folder) == []
    return (
        f"The first process held {trained} arrays of weights. No file was written. The next process: {after}."
    )


def myth_everything(folder: pathlib.Path) -> str:
    """Pin an attribute on a model, save it, load it, and look for both kinds of things."""
    model = models.trained(epochs=1)
    model.digits_from = "13 people"
    model.save(folder / "digits.keras")
    loaded = keras.models.load_model(folder / "digits.keras")
    assert loaded.optimizer.iterations == model.optimizer.iterations
    assert not hasattr(loaded, "digits_from") and not hasattr(loaded, "history")
    return "Layers, weights and optimizer came back. The attribute `digits_from` and the history did not."


def myth_retrain(folder: pathlib.Path) -> str:
    """Train twice on the same rows, from two different random starts."""
    first, second = (models.trained(epochs=4, seed=seed) for seed in (1, 2))
    rows = digits.load().test_features
    answers = [model.predict(rows, verbose=0) for model in (first, second)]
    assert not numpy.allclose(first.get_weights()[0], second.get_weights()[0], atol=0.01)
    changed = int((answers[0].argmax(axis=1) != answers[1].argmax(axis=1)).sum())
    assert changed > 0
    return (
        f"Two trainings of the same code: other weights, and {changed} of {len(rows)} answers changed sides."
    )


# What settles the items about lesson 01 that only the deck asks.


def deck_scaling(folder: pathlib.Path) -> str:
    """Train on prepared digits, and ask the loaded file with prepared ones and with photographs."""
    model, prepared = models.trained(epochs=2), digits.load().test_features
    photographs = 255 * (1 - prepared)
    answers = model.predict(prepared, verbose=0)  # what both golden batches hold
    model.save(folder / "digits.keras")
    loaded = keras.models.load_model(folder / "digits.keras")
    behind = numpy.abs(loaded.predict(prepared, verbose=0) - answers).max()
    before = numpy.abs(loaded.predict(photographs, verbose=0) - answers).max()
    assert behind < 1e-6, behind
    assert before > 0.5, before
    return (
        f"Asked with prepared inputs, the file answers as stored. Asked with photographs, {before:.2f} away."
    )
