"""A question says in words where its cell stands, and those words are up to date."""

from helpers import question
from helpers.authoring.notebooks import course
from helpers.authoring.notebooks import headings as writing
from helpers.core import places, texts


def test_the_headings_are_those_of_the_notebooks():
    assert places.headings() == writing.headings(course.Course()), "run `uv run author build`"


def test_every_place_of_a_question_is_known():
    wanted = {entry["seen_in"] for entry in texts.load("en")["quiz"].values() if "seen_in" in entry}
    assert wanted == places.headings().keys()
    assert all(places.headings().values())


def test_a_place_is_shown_as_a_link_with_lesson_and_heading(monkeypatch):
    monkeypatch.setattr(places, "headings", lambda: {"04_formats#fresh-trap": "A trap"})
    assert places.shown("04_formats#fresh-trap") == "[lesson 04, “A trap”](04_formats.ipynb#A-trap)"
    assert places.shown("04_formats#other") == "04_formats#other"


def test_the_answer_names_the_heading():
    entry = texts.load("en")["quiz"]["04.predict.trap"]
    letters = dict.fromkeys(entry["options"], "A")
    said = question.feedback(entry, entry["right"], None, letters)[-1]
    assert places.headings()[entry["seen_in"]] in said


def test_headings_are_written_once(tmp_path, monkeypatch):
    monkeypatch.setattr(places, "FILE", tmp_path / "headings.json")
    assert writing.write(course.Course())
    assert not writing.write(course.Course())
