"""Judges of the exercises of lesson 14. They make days of their own: a learner's variables do not matter."""

import collections.abc

from helpers import digits
from helpers.lessons import judgement
from helpers.lessons.lesson_14 import rotation
import numpy

_Model = collections.abc.Callable[[numpy.ndarray], numpy.ndarray]


def task_1(limit: object) -> judgement.Verdict:
    """A limit that one to four of the 200 calm days of the exercise pass."""
    if isinstance(limit, bool) or not isinstance(limit, int | float | numpy.number):
        return judgement.Verdict("no-number", {"seen": judgement.kind(limit)})
    alarms = sum(value > float(limit) for value in _calm())
    if 1 <= alarms <= 4:
        return judgement.CORRECT
    return judgement.Verdict("deaf" if alarms == 0 else "nervous", {"seen": alarms})


def task_2(alarm: object) -> judgement.Verdict:
    """A monitor that tells turned digits from upright ones."""
    if not callable(alarm) or isinstance(alarm, type):
        return judgement.Verdict("no-function", {"seen": judgement.kind(alarm)})
    data = digits.load()
    draw = numpy.random.default_rng(8)
    for angle in (0, 0, 0, 15, -20, 30):
        rows = rotation.turned(data.test_features[draw.choice(360, 60, replace=False)], angle)
        try:
            said = alarm(rows)
        except Exception as error:  # what a learner's function raises may be anything
            return judgement.Verdict("raises", {"seen": judgement.kind(error)})
        if not isinstance(said, bool | numpy.bool_):
            return judgement.Verdict("not-bool", {"seen": judgement.kind(said)})
        if bool(said) != (angle != 0):
            return judgement.Verdict("asleep" if angle else "false-alarm", {"angle": angle})
    return judgement.CORRECT


def task_3(earns: object) -> judgement.Verdict:
    """A function that compares two models on new rows, and on an exam with trusted labels."""
    if not callable(earns) or isinstance(earns, type):
        return judgement.Verdict("no-function", {"seen": judgement.kind(earns)})
    labels = numpy.arange(100) % 10
    new, exam = numpy.zeros((100, 64), "float32"), numpy.ones((100, 64), "float32")
    current = _model(labels, 60, 95)
    cases = [("refuses-better", _model(labels, 90, 93), True), ("not-better", _model(labels, 50, 95), False)]
    # The same on the newest rows is no reason to change what is served.
    cases += [("equal", _model(labels, 60, 95), False), ("forgets", _model(labels, 90, 60), False)]
    cases += [("nan", _broken, False)]
    for mistake, candidate, wanted in cases:
        # All labels 0 for the last one: argmax of a row of NaN is 0, and would be right.
        truth = numpy.zeros_like(labels) if mistake == "nan" else labels
        try:
            said = earns(candidate, current, new, truth, exam, truth)
        except Exception as error:  # what a learner's function raises may be anything
            return judgement.Verdict("raises", {"seen": judgement.kind(error)})
        if not isinstance(said, bool | numpy.bool_):
            return judgement.Verdict("not-bool", {"seen": judgement.kind(said)})
        if bool(said) != wanted:
            return judgement.Verdict(mistake)
    return judgement.CORRECT


def _model(labels: numpy.ndarray, new: int, exam: int) -> _Model:
    """A model that has `new` of 100 new rows right (zeros), and `exam` of 100 of the exam (ones)."""

    def answer(rows: numpy.ndarray) -> numpy.ndarray:
        right = exam if numpy.asarray(rows)[0, 0] else new
        said = numpy.where(numpy.arange(100) < right, labels, (labels + 1) % 10)
        return numpy.eye(10, dtype="float32")[said]

    return answer


def _broken(rows: numpy.ndarray) -> numpy.ndarray:
    return numpy.full((len(rows), 10), numpy.nan, "float32")


def _calm() -> list[float]:
    """The 200 scores of the given cell."""
    features = digits.load().train_features
    reference, rows = features[:300], features[300:]
    draw = numpy.random.default_rng(5)
    return [_score(reference, rows[draw.choice(len(rows), 60, replace=False)]) for _ in range(200)]


def _score(reference: numpy.ndarray, rows: numpy.ndarray) -> float:
    used = reference.std(axis=0) > 0.05
    moved = numpy.abs(rows.mean(axis=0) - reference.mean(axis=0))[used]
    error = reference.std(axis=0)[used] * numpy.sqrt(1 / len(rows) + 1 / len(reference))
    return float(numpy.mean(moved / error))
