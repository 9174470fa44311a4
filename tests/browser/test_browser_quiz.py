"""A quiz in JupyterLab, answered with the mouse, and what it keeps to itself."""

import html

from helpers.core import places, texts
import pytest

from tests.browser import notebook, quizzes

BUSY = "import pathlib, time\nwhile not pathlib.Path('go').exists():\n    time.sleep(0.1)"


@pytest.fixture
def quiz(opened):
    return quizzes.ask(opened("notebooks/02_save_and_load"), "myth-shapes")


def test_a_quiz_is_answered_with_the_mouse(quiz):
    quiz.expect_open()
    quiz.button("commit").click()
    notebook.expect(quiz.status).to_have_text(texts.words("choose_first"))

    quiz.commit(quiz.wrong)

    quiz.button("show").click()
    quiz.expect_evidence()
    quiz.evidence.locator("summary").click()
    notebook.expect(quiz.evidence.locator("pre")).to_be_visible()

    quiz.button("again").click()
    quiz.expect_open()
    quiz.commit(quiz.right)
    letter = "ABCD"[[one.get_attribute("value") for one in quiz.radios.all()].index(quiz.wrong)]
    text = f"{letter} · {quiz.options[quiz.wrong]['text']}"
    first = quizzes.shown(texts.words("first_answer", text=text))
    notebook.expect(quiz.status).to_contain_text(first)


def test_a_busy_kernel_is_waited_for_in_words(opened, server):
    lesson = opened("notebooks/00_start_here")
    quiz = quizzes.ask(lesson, "predict-proof")
    lesson.write("hints-1", BUSY)
    lesson.run("hints-1")
    quiz.radio(quiz.wrong).click()
    quiz.button("commit").click()
    notebook.expect(quiz.status).to_have_text(texts.words("waiting"))
    (server.scratch / "notebooks-00_start_here" / "go").touch()
    quiz.expect_noted(quiz.wrong)


def test_a_prediction_is_answered_when_its_experiment_has_run(opened):
    lesson = opened("notebooks/00_start_here")
    quiz = quizzes.ask(lesson, "predict-proof")
    quiz.radio(quiz.wrong).click()
    quiz.button("commit").click()
    quiz.expect_noted(quiz.wrong)
    place = quiz.status.get_by_role("link")
    page, _, cell = quiz.entry["seen_in"].partition("#")
    assert f"/{page}.ipynb#" in place.get_attribute("href")
    address = lesson.page.url
    place.click()
    heading = lesson.page.get_by_role("heading", name=places.headings()[quiz.entry["seen_in"]]).first
    notebook.expect(heading).to_be_in_viewport()
    assert lesson.page.url == address, "the page that is open goes to its own heading"
    lesson.run(cell)
    quiz.expect_locked(quiz.wrong)


def test_the_answer_comes_to_the_page_with_the_commit_and_is_announced(quiz):
    """A screen reader speaks what changes in an element that has had its role from the beginning."""
    status = quiz.status.element_handle()
    before = html.unescape(quiz.form.page.content())
    assert quizzes.longest(quiz.entry["prompt"]) in before
    assert [reason for reason in quiz.reasons() if reason in before] == []

    quiz.commit(quiz.wrong)
    assert status.get_attribute("role") == "status"
    assert status.inner_text().startswith(texts.words("wrong"))
    after = html.unescape(quiz.form.page.content())
    assert [reason for reason in quiz.reasons() if reason in after] != []
