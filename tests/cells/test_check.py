"""Checks: wrong answers are refused with the right words, right ones pass, nothing makes a check raise."""

import contextlib
import importlib
import io
import re

from helpers import check
from helpers.core import progress, scratch, texts
import keras
import nbformat
import numpy
import pytest

from tests.lessons import answers

EXERCISES = texts.load("en")["exercise"]


@pytest.fixture(scope="module", params=sorted({key.split(".")[0] for key in EXERCISES}))
def lesson(request, tmp_path_factory):
    """A lesson's number, and what its notebook holds after set-up and given cells, in its scratch folder."""
    number = request.param
    folder = "notebooks" if number == "00" else "solutions"
    (path,) = (scratch.COURSE / folder).glob(f"{number}_*.ipynb")
    namespace = {"__name__": "__main__"}
    with pytest.MonkeyPatch.context() as patch, contextlib.redirect_stdout(io.StringIO()):
        patch.setenv("COURSE_SCRATCH", str(tmp_path_factory.mktemp(f"lesson-{number}")))
        with contextlib.chdir(tmp_path_factory.mktemp("start")):
            for cell in nbformat.read(path, as_version=4).cells:
                if cell.cell_type == "code" and (cell.id == "set-up" or cell.id.startswith("given-")):
                    source = re.sub(r"^%.*", "", cell.source, flags=re.M)
                    exec(compile(source, f"{path.name}:{cell.id}", "exec"), namespace)
            yield number, namespace


def _said(identifier: str, namespace: dict, code: str, expression: str) -> str:
    exec(code, namespace)
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        eval(f"__check({identifier!r}, {expression})", {**namespace, "__check": check.check})
    return " ".join(printed.getvalue().split())


def _pattern(mistake: str) -> str:
    """A mistake's text as a pattern: what is filled in may be anything."""
    parts = re.split(r"\{[^{}]*\}", mistake.replace("{{", "\0").replace("}}", "\1"))
    return ".+".join(re.escape(part.replace("\0", "{").replace("\1", "}")) for part in parts)


def test_wrong_answers_are_refused_with_the_right_words(lesson):
    number, namespace = lesson
    for identifier in (key for key in EXERCISES if key.startswith(number)):
        mistakes = EXERCISES[identifier]["mistakes"]
        for code, expression, mistake in answers.WRONG[identifier]:
            said = _said(identifier, namespace, code, expression)
            assert re.fullmatch(f"Not yet. {_pattern(mistakes[mistake])}", said), (
                f"{identifier} {expression}: {said}"
            )


def test_right_ways_pass(lesson):
    number, namespace = lesson
    for identifier in (key for key in EXERCISES if key.startswith(number)):
        for code, expression in answers.RIGHT[identifier]:
            said = _said(identifier, namespace, code, expression)
            assert said == f"Correct. {EXERCISES[identifier]['correct']}", (
                f"{identifier} {expression}: {said}"
            )


class _Hostile:
    """A value whose every use raises."""

    def __getattr__(self, name: str) -> object:
        raise RuntimeError("hands off")

    def __float__(self) -> float:
        raise RuntimeError("hands off")

    __int__ = __str__ = __eq__ = __len__ = __array__ = __float__
    __hash__ = object.__hash__


ODD = [
    0,
    -1,
    10**400,
    float("nan"),
    "",
    "text",
    b"bytes",
    [],
    {},
    (1,),
    object(),
    len,
    keras.Model,
    _Hostile(),
]
ODD += [numpy.zeros((2, 2)), numpy.array([]), keras.Sequential(), keras.Sequential([keras.layers.Dense(1)])]


def test_no_value_makes_a_check_raise_or_pass(lesson):
    number, namespace = lesson
    for identifier in (key for key in EXERCISES if key.startswith(number)):
        for value in ODD:
            said = _said(identifier, {**namespace, "odd": value}, "", "odd")
            assert said.startswith("Not yet. "), f"{identifier} {type(value)}: {said}"


def test_untouched_values_are_not_started(lesson):
    number, namespace = lesson
    for identifier in (key for key in EXERCISES if key.startswith(number)):
        for expression in ("...", "model, ..." if "model" in namespace else "..."):
            assert _said(identifier, namespace, "", expression).startswith("Not started. ")


def test_what_a_call_without_a_result_gives_is_named(lesson):
    """`loaded = model.save(...)` is None: the learner has begun, and is told what went wrong."""
    number, namespace = lesson
    for identifier in (key for key in EXERCISES if key.startswith(number)):
        said = _said(identifier, namespace, "", "None")
        assert said.startswith("Not yet. ") and "None" in said, f"{identifier}: {said}"


def test_every_exercise_has_its_words_its_judge_and_its_wrong_answers():
    assert EXERCISES.keys() == answers.WRONG.keys() == answers.RIGHT.keys()
    for identifier, exercise in EXERCISES.items():
        number, task = identifier.split(".")
        module = importlib.import_module(f"helpers.lessons.lesson_{number}.judges")
        assert callable(getattr(module, f"task_{task}"))
        assert exercise.keys() - {"nothing"} == {"title", "expects", "correct", "hints", "mistakes"}
        assert len(exercise["hints"]) == 3 and all(len(line) >= 30 for line in exercise["hints"])
        tried = {mistake for _, _, mistake in answers.WRONG[identifier]}
        assert tried == exercise["mistakes"].keys(), (
            f"{identifier}: each mistake needs an answer that makes it"
        )
        assert len(answers.WRONG[identifier]) >= 2
        for mistake, said in exercise["mistakes"].items():
            assert re.search(r"Expected|\?|Copy|Load|Each|Look", said), (
                f"{identifier} {mistake} says not what to do"
            )


def test_an_unknown_exercise_and_an_unknown_hint_are_sentences(capsys):
    check.check("02.99", 1)
    check.check("99.1", 1)
    check.hint("02.1", 4)
    check.hint("02.99", 1)
    check.hint("02.1", "x")
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("There is no exercise 02.99. Those of this lesson: 02.1, 02.2")
    assert lines[1].startswith("There is no exercise 99.1.")
    assert lines[2] == lines[4] == "Exercise 02.1 has the hints 1, 2 and 3."
    assert lines[3].startswith("There is no exercise 02.99. Those of this lesson: 02.1, 02.2")


def test_a_hint_and_the_summary_are_printed(capsys, monkeypatch, tmp_path):
    monkeypatch.setattr(check, "_outcomes", {})
    monkeypatch.setenv("COURSE_PROGRESS", str(tmp_path / "progress.json"))
    check.hint("00.1", 2)
    check.summary("00")
    check.check("00.1", 640)
    check.summary("00")
    check.check("00.1", 650)
    check.summary("00")
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "Hint 2 of 3 for 00.1: 64 inputs and 10 units make 64 x 10 pairs."
    assert all(len(line) <= 90 for line in lines)
    states = [
        lines[place - 1 : place + 1] for place, line in enumerate(lines) if line.endswith("of 1 correct.")
    ]
    assert states == [
        ["00.1  not started  a first check", "0 of 1 correct."],
        ["00.1  not yet      a first check", "0 of 1 correct."],
        ["00.1  correct      a first check", "1 of 1 correct."],
    ]
    assert [entry["outcome"] for entry in progress.read()["check"]["00.1"]] == ["not_yet", "correct"]
