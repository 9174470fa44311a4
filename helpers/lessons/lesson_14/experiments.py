"""What settles the items of lesson 14."""

import pathlib

from helpers import digits, models
from helpers.lessons.lesson_14 import rotation
import keras
import numpy


def predict_quiet(folder: pathlib.Path) -> str:
    """Ask a saved model about upright and about turned digits."""
    models.trained().save(folder / "digits.keras")
    model, data = keras.models.load_model(folder / "digits.keras"), digits.load()
    right, sure = [], 0
    for angle in (0, 30):
        answers = model.predict(rotation.turned(data.test_features, angle), verbose=0)
        wrong = answers.argmax(axis=1) != data.test_labels
        right.append(1 - wrong.mean())
        sure = int((answers.max(axis=1)[wrong] > 0.8).sum())
    assert right[0] > 0.9
    assert right[1] < 0.7
    assert sure > 10
    return f"No error. Right: {right[0]:.0%} upright, {right[1]:.0%} turned; {sure} wrong answers above 0.8."


def myth_labels(folder: pathlib.Path) -> str:
    """Train a candidate on slipped labels; judge it by slipped and by trusted ones."""
    data = digits.load()
    current, candidate = models.trained(), models.trained()
    slipped = (data.train_labels + 1) % 10
    candidate.fit(data.train_features[:1200], slipped[:1200], epochs=15, verbose=0)

    def right(model: object, rows: numpy.ndarray, labels: numpy.ndarray) -> float:
        return float((model.predict(rows, verbose=0).argmax(axis=1) == labels).mean())

    held_back = data.train_features[1200:], slipped[1200:]
    newest = [right(model, *held_back) for model in (current, candidate)]
    trusted = [right(model, data.test_features, data.test_labels) for model in (current, candidate)]
    assert newest[1] > newest[0]
    assert trusted[1] < trusted[0] - 0.05
    return (
        f"Slipped labels, held back: current {newest[0]:.0%}, candidate {newest[1]:.0%}. "
        f"Trusted labels: current {trusted[0]:.0%}, candidate {trusted[1]:.0%}."
    )
