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
    right, sure = [], []
    for angle in (0, 30):
        answers = model.predict(rotation.turned(data.test_features, angle), verbose=0)
        right.append(float((answers.argmax(axis=1) == data.test_labels).mean()))
        sure.append(float(answers.max(axis=1).mean()))
    assert right[0] > 0.9
    assert right[1] < 0.7
    assert sure[1] < sure[0] - 0.1
    return (
        f"No error. Right: {right[0]:.0%} upright, {right[1]:.0%} turned. "
        f"Mean confidence: {sure[0]:.2f} upright, {sure[1]:.2f} turned."
    )


def predict_luck(folder: pathlib.Path) -> str:
    """Train copies on more digits of the same kind, and count exams in which they have more right."""
    data, draw = digits.load(), numpy.random.default_rng(11)
    known, known_labels = data.train_features[:800], data.train_labels[:800]
    model = models.sequential(seed=7)
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy")
    model.fit(known, known_labels, epochs=20, verbose=0)
    model.save(folder / "model.keras")
    answered, gains = model.predict(data.train_features[1225:], verbose=0).argmax(axis=1), []
    labels = data.train_labels[1225:]
    for _ in range(5):
        copy = keras.models.load_model(folder / "model.keras")
        chosen = draw.choice(numpy.arange(800, 1225), 240, replace=False)
        rows = numpy.concatenate([known, *[data.train_features[chosen]] * 4])
        copy.fit(
            rows, numpy.concatenate([known_labels, *[data.train_labels[chosen]] * 4]), epochs=10, verbose=0
        )
        copied = copy.predict(data.train_features[1225:], verbose=0).argmax(axis=1)
        gained = (copied == labels).astype(int) - (answered == labels).astype(int)
        gains += [int(gained[draw.choice(len(labels), 60, replace=False)].sum()) for _ in range(20)]
    better, worse = (sum(gain > 0 for gain in gains), sum(gain < 0 for gain in gains))
    assert 15 <= better <= 70, better
    return f"Of {len(gains)} exams without drift the copy is better in {better}, and worse in {worse}."


def myth_alarm(folder: pathlib.Path) -> str:
    """Make the digits 20 % darker: alarms by input, and answers that are right."""
    del folder
    model, data = models.trained(), digits.load()
    reference, draw = data.train_features, numpy.random.default_rng(6)
    used = reference.std(axis=0) > 0.05

    def score(rows: numpy.ndarray) -> float:
        error = reference.std(axis=0)[used] * numpy.sqrt(1 / len(rows) + 1 / len(reference))
        return float(numpy.mean(numpy.abs(rows.mean(axis=0) - reference.mean(axis=0))[used] / error))

    orders = [draw.choice(360, 60, replace=False) for _ in range(400)]
    limit = numpy.quantile([score(data.test_features[order]) for order in orders[:200]], 0.999)
    dark = 0.8 * data.test_features
    alarms = numpy.mean([score(dark[order]) > limit for order in orders[200:]])
    right = [
        float((model.predict(rows, verbose=0).argmax(axis=1) == data.test_labels).mean())
        for rows in (data.test_features, dark)
    ]
    assert alarms > 0.9, alarms
    assert right[1] > right[0] - 0.02, right
    return f"Alarm on {alarms:.0%} of the darker days. Right: {right[0]:.1%} before, {right[1]:.1%} darker."


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
