"""Checks, hints and the summary of the exercises: `check("02.3", value)`, `hint("02.3", 1)`, `summary("02")`.

A check says one of three things: not started, not yet (what was seen, what was expected, the likely
mistake) or correct (with one line of why). It looks at how a value behaves, and it never raises.
"""

import textwrap

from helpers import lessons
from helpers.core import progress, texts

_outcomes: dict[str, str] = {}


def check(identifier: str, *values: object) -> None:
    """Print how far an exercise is, and remember it for the summary."""
    exercises = texts.table("exercise")
    if identifier not in exercises:
        print(_unknown(identifier))
        return
    exercise = exercises[identifier]
    state, said = judge(identifier, exercise, values)
    _outcomes[identifier] = state
    progress.add("check", identifier, outcome=state)
    print(_wrapped(said))


def judge(identifier: str, exercise: dict, values: tuple[object, ...]) -> tuple[str, str]:
    """The state of an exercise ("not_started", "not_yet" or "correct") and what to say; prints nothing."""
    if not values or any(value is ... for value in values):
        return "not_started", texts.words("not_started")
    if any(value is None for value in values):
        # A learner who writes `loaded = model.save(...)` has started: the call returned nothing.
        said = exercise.get("nothing") or texts.words("nothing", expects=exercise["expects"])
        return "not_yet", texts.words("not_yet", text=said)
    judge_values = lessons.judge(identifier)
    try:
        verdict = judge_values(*values)
    except Exception as error:  # any value a learner can make must get an answer, not a traceback
        first_line = (str(error).strip().splitlines() or [""])[0]
        seen = texts.words(
            "check_failed",
            error=f"{type(error).__name__}: {first_line}",
            expects=exercise["expects"],
        )
        return "not_yet", texts.words("not_yet", text=seen)
    if verdict.key == "correct":
        return "correct", texts.words("correct", text=exercise["correct"].format(**(verdict.facts or {})))
    mistake = exercise["mistakes"][verdict.key].format(**(verdict.facts or {}))
    return "not_yet", texts.words("not_yet", text=mistake)


def hint(identifier: str, number: int) -> None:
    """Print one of the three hints of an exercise, from a nudge to nearly the answer."""
    exercises = texts.table("exercise")
    if identifier not in exercises:
        print(_unknown(identifier))
        return
    hints = exercises[identifier]["hints"]
    if number not in range(1, len(hints) + 1):
        print(texts.words("unknown_hint", id=identifier))
    else:
        print(_wrapped(texts.words("hint", id=identifier, number=number, text=hints[number - 1])))


def summary(lesson: str) -> None:
    """Print the state of every exercise of a lesson, as checked since this kernel started."""
    exercises = {key: entry for key, entry in texts.table("exercise").items() if key.split(".")[0] == lesson}
    states = {key: _outcomes.get(key, "not_started") for key in exercises}
    for key, entry in exercises.items():
        state = texts.words(f"summary_{states[key]}").ljust(11)
        print(texts.words("summary_line", id=key, state=state, title=entry["title"]))
    print(
        texts.words(
            "summary_total",
            done=list(states.values()).count("correct"),
            all=len(states),
        )
    )


def _unknown(identifier: str) -> str:
    """The sentence for an exercise that does not exist, with those that do in its lesson."""
    exercises = texts.table("exercise")
    known = [key for key in exercises if key.split(".")[0] == identifier.split(".")[0]]
    return texts.words("unknown_check", id=identifier, known=", ".join(known or exercises))


def _wrapped(sentence: str) -> str:
    """Lines of at most 90 signs: the page would break a longer one in the middle of a word."""
    return textwrap.fill(sentence, 90, break_long_words=False, break_on_hyphens=False)
