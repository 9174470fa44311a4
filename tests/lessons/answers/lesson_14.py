"""Answers that learners give to the exercises of lesson 14."""

WATCH = """def value(days, outcomes):
    references, alarms = [reference], []
    for rows, outcome in zip(days, outcomes):
        alarms.append(min(score(one, rows) for one in references) > {limit})
        if {when}:
            {then}
    return alarms
"""
APPEND, REPLACE = "references.append(rows)", "references = [rows]"


def _watch(when: str, then: str = APPEND, limit: str = "bound") -> str:
    return WATCH.format(when=when, then=then, limit=limit)


RIGHT_OF = "def right(model, some, wanted):\n    return (numpy.asarray(model(some)).argmax(axis=1) == wanted).sum()\n"
EARNS = "def value(candidate, promoted, rows, labels, exam, exam_labels):\n    return bool({})\n"
GAINS = "all(right(candidate, rows, labels) - right(one, rows, labels) >= 3 for one in promoted)"
KEEPS = "max(right(one, exam, exam_labels) for one in promoted) - right(candidate, exam, exam_labels) <= 10"
FLOOR = "right(candidate, exam, exam_labels) >= 180"
SOUND = "numpy.isfinite(candidate(rows)).all()"


def _earns(*parts: str) -> str:
    return RIGHT_OF + EARNS.format(" and ".join(parts))


WRONG = {
    "14.1": [
        ("", "calm", "no-number"),
        # The pitfalls: the highest score ever seen, and an average.
        ("", "max(calm)", "deaf"),
        ("", "float(numpy.mean(calm))", "nervous"),
    ],
    "14.2": [
        ("", "True", "no-function"),
        ("def value(days): return []", "value", "raises"),
        ("def value(days, outcomes): return True", "value", "no-list"),
        ("", "asleep", "asleep"),
        (_watch("outcome == 'not better'"), "value", "asleep"),
        # An alarm for everything is no monitor, and neither is one that never learns.
        (_watch("outcome == 'promoted'", limit="0.3"), "value", "false-alarm"),
        (_watch("False"), "value", "still-loud"),
        (_watch("outcome == 'promoted'", REPLACE), "value", "first-lost"),
    ],
    "14.3": [
        ("", "0.05", "no-function"),
        (EARNS.format("candidate.predict(rows)"), "value", "raises"),
        ("def value(*given): pass", "value", "not-bool"),
        (EARNS.format("False"), "value", "refuses-better"),
        # One or two more right is what chance gives.
        (_earns(GAINS.replace(">= 3", ">= 1"), KEEPS, FLOOR), "value", "luck"),
        (_earns(GAINS.replace(">= 3", "> 3"), KEEPS, FLOOR), "value", "refuses-better"),
        (_earns(GAINS.replace("in promoted", "in promoted[-1:]"), KEEPS, FLOOR), "value", "older"),
        (_earns(GAINS, FLOOR), "value", "forgets"),
        (_earns(GAINS, KEEPS.replace("in promoted", "in promoted[-1:]"), FLOOR), "value", "staircase"),
        (_earns(GAINS, KEEPS), "value", "floor"),
        (_earns(GAINS, KEEPS, FLOOR), "value", "nan"),
    ],
}  # fmt: skip

RIGHT = {
    "14.1": [("", "sorted(calm)[-3]"), ("", "numpy.quantile(calm, 0.985)")],
    "14.2": [
        (_watch("outcome == 'promoted'"), "value"),
        (_watch("outcome not in ('', 'refused', 'not better')", limit="1.4"), "value"),
    ],
    "14.3": [(_earns(SOUND, GAINS, KEEPS, FLOOR), "value")],
}  # fmt: skip
