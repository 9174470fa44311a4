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


def task_2(watch: object) -> judgement.Verdict:
    """A monitor that adds a reference with a promotion only, and keeps the ones it has."""
    if not callable(watch) or isinstance(watch, type):
        return judgement.Verdict("no-function", {"seen": judgement.kind(watch)})
    # Days as angles, with what became of the candidate, the alarms wanted, and the mistake that misses them.
    calm = ([(0, ""), (0, ""), (0, "")], [False] * 3, "false-alarm")
    nothing = [(0, ""), (20, "not better"), (20, ""), (20, "refused"), (20, "not better"), (20, "")]
    earned = [(20, "promoted"), (20, ""), (20, "not better")]
    back = [(0, ""), (20, "promoted"), (0, ""), (0, ""), (20, "")]
    cases = [calm, (nothing, [False] + [True] * 5, "asleep"), (earned, [True, False, False], "still-loud")]
    cases.append((back, [False, True, False, False, False], "first-lost"))
    for story, wanted, mistake in cases:
        draw = numpy.random.default_rng(8)
        features = digits.load().test_features
        days = [rotation.turned(features[draw.choice(360, 60, replace=False)], angle) for angle, _ in story]
        try:
            said = watch(days, [outcome for _, outcome in story])
        except Exception as error:  # what a learner's function raises may be anything
            return judgement.Verdict("raises", {"seen": judgement.kind(error), "count": len(days)})
        if not isinstance(said, list | numpy.ndarray) or len(said) != len(days):
            return judgement.Verdict("no-list", {"seen": judgement.kind(said), "count": len(days)})
        alarms = [bool(one) for one in said]
        if alarms != wanted:
            day = next(
                number for number, pair in enumerate(zip(alarms, wanted, strict=True)) if len({*pair}) > 1
            )
            return judgement.Verdict(mistake, {"day": day + 1, "count": len(days)})
    return judgement.CORRECT


# Right of 60 new rows and of 200 in the exam: the candidate, those promoted before, whether it may follow.
_CASES = [
    ("refuses-better", (54, 188), [(40, 190)], True),
    ("luck", (41, 190), [(40, 190)], False),
    ("luck", (42, 190), [(40, 190)], False),
    ("refuses-better", (43, 190), [(40, 190)], True),
    ("older", (45, 190), [(50, 190), (40, 190)], False),
    ("forgets", (54, 181), [(40, 196)], False),
    ("staircase", (54, 182), [(30, 195), (40, 190)], False),
    ("floor", (54, 178), [(40, 186)], False),
]


def task_3(earns: object) -> judgement.Verdict:
    """A function that compares a candidate with all promoted versions, on new rows and in an exam."""
    if not callable(earns) or isinstance(earns, type):
        return judgement.Verdict("no-function", {"seen": judgement.kind(earns)})
    new, exam = numpy.zeros((60, 64), "float32"), numpy.ones((200, 64), "float32")
    # All labels are 0 at the end: argmax of a row of NaN is 0, and would be right.
    broken = ("nan", None, [(40, 190)], False)
    for mistake, candidate, before, wanted in [*_CASES, broken]:
        labels = [numpy.arange(len(rows)) % 10 * (mistake != "nan") for rows in (new, exam)]
        asked = _broken if candidate is None else _model(*candidate)
        try:
            said = earns(asked, [_model(*one) for one in before], new, labels[0], exam, labels[1])
        except Exception as error:  # what a learner's function raises may be anything
            return judgement.Verdict("raises", {"seen": judgement.kind(error)})
        if not isinstance(said, bool | numpy.bool_):
            return judgement.Verdict("not-bool", {"seen": judgement.kind(said)})
        if bool(said) != wanted:
            return judgement.Verdict(mistake, _facts(candidate, before))
    return judgement.CORRECT


def _facts(candidate: tuple[int, int] | None, before: list[tuple[int, int]]) -> dict[str, object]:
    """What the text of a mistake mentions: how many each had right."""
    if candidate is None:
        return {}
    return {
        "new": candidate[0],
        "exam": candidate[1],
        "others_new": " and ".join(str(one) for one, _ in before),
        "others_exam": " and ".join(str(one) for _, one in before),
    }


def _model(new: int, exam: int) -> _Model:
    """A model that has `new` of the new rows right (zeros), and `exam` of the exam (ones)."""

    def answer(rows: numpy.ndarray) -> numpy.ndarray:
        places = numpy.arange(len(rows))
        right = exam if numpy.asarray(rows)[0, 0] else new
        said = numpy.where(places < right, places % 10, (places + 1) % 10)
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
