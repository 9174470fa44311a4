"""Answers that learners give to the exercises of lesson 14."""

RIGHT_OF = "def right(model, some, wanted):\n    return (numpy.asarray(model(some)).argmax(axis=1) == wanted).mean()\n"
EARNS = "def value(candidate, current, rows, labels, exam, exam_labels):\n    return bool({})\n"
BETTER = "right(candidate, rows, labels) > right(current, rows, labels)"
KEEPS = "right(current, exam, exam_labels) - right(candidate, exam, exam_labels) <= 0.05"
SOUND = "numpy.isfinite(candidate(rows)).all()"

WRONG = {
    "14.1": [
        ("", "calm", "no-number"),
        # The pitfalls: the highest score ever seen, and an average.
        ("", "max(calm)", "deaf"),
        ("", "float(numpy.mean(calm))", "nervous"),
    ],
    "14.2": [
        ("", "True", "no-function"),
        ("def value(rows): return score(rows)", "value", "raises"),
        ("def value(rows): return score(reference, rows)", "value", "not-bool"),
        ("def value(rows): return bool(abs(rows.mean() - reference.mean()) > 0.05)", "value", "asleep"),
        ("def value(rows): return score(reference, rows) > 0.3", "value", "false-alarm"),
    ],
    "14.3": [
        ("", "0.05", "no-function"),
        (EARNS.format("candidate.predict(rows)"), "value", "raises"),
        ("def value(*given): pass", "value", "not-bool"),
        (EARNS.format("False"), "value", "refuses-better"),
        (RIGHT_OF + EARNS.format(KEEPS), "value", "not-better"),
        (RIGHT_OF + EARNS.format(f"{BETTER.replace('>', '>=')} and {KEEPS}"), "value", "equal"),
        (RIGHT_OF + EARNS.format(BETTER), "value", "forgets"),
        (RIGHT_OF + EARNS.format(f"{BETTER} and {KEEPS}"), "value", "nan"),
    ],
}  # fmt: skip

RIGHT = {
    "14.1": [("", "sorted(calm)[-3]"), ("", "numpy.quantile(calm, 0.985)")],
    "14.2": [
        ("def value(rows): return score(reference, rows) > 1.4", "value"),
        ("def value(rows):\n    return numpy.abs(rows.mean(axis=0) - reference.mean(axis=0)).mean() > 0.05", "value"),
    ],
    "14.3": [(RIGHT_OF + EARNS.format(f"{SOUND} and {BETTER} and {KEEPS}"), "value")],
}  # fmt: skip
