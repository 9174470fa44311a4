"""A question says in words where its cell stands, and those words are up to date."""

from helpers import places, quiz_page, text
from helpers.authoring import course
from helpers.authoring import places as writing


def test_the_headings_are_those_of_the_notebooks():
    assert places.headings() == writing.headings(course.Course()), "run `uv run author build`"


def test_every_place_of_a_question_is_known():
    wanted = {entry["seen_in"] for entry in text.load("en")["quiz"].values() if "seen_in" in entry}
    assert wanted == places.headings().keys()
    assert all(places.headings().values())


def test_a_place_is_shown_with_lesson_heading_and_cell(monkeypatch):
    monkeypatch.setattr(places, "headings", lambda: {"04_formats#fresh-trap": "A trap"})
    assert places.shown("04_formats#fresh-trap") == "lesson 04, under “A trap” (cell fresh-trap)"
    assert places.shown("04_formats#other") == "04_formats#other"


def test_the_answer_names_the_heading():
    entry = text.load("en")["quiz"]["04.predict.trap"]
    said = quiz_page.feedback(entry, entry["right"], None)[-1]
    assert places.headings()[entry["seen_in"]] in said


def test_headings_are_written_once(tmp_path, monkeypatch):
    monkeypatch.setattr(places, "FILE", tmp_path / "headings.json")
    assert writing.write(course.Course())
    assert not writing.write(course.Course())
