"""The same questions in Notebook 7, which shares JupyterLab's widgets and has a page of its own."""

import shutil

from helpers.core import scratch
import pytest

from tests.browser import accessible, decks, notebook, quizzes

pytest.importorskip("notebook", reason="Notebook 7 is not installed: run `uv sync --group browser`.")


@pytest.fixture
def opened_there(page, server):
    """A function that opens a fresh copy of a notebook in Notebook 7."""

    def open_notebook(name: str) -> notebook.Notebook:
        one = notebook.Notebook(page, server, name, application="notebooks")
        shutil.copyfile(scratch.COURSE / one.path, server.folder / one.path)
        one.show()
        notebook.expect(page.locator("body[data-notebook='notebooks']")).to_have_count(1)
        return one

    return open_notebook


def test_a_lesson_is_answered_in_notebook_7(opened_there):
    quiz = quizzes.ask(opened_there("notebooks/02_save_and_load"), "myth-shapes")
    quiz.commit(quiz.wrong)
    quiz.button("show").click()
    quiz.expect_evidence()
    accessible.expect_fits(quiz.form)


def test_the_deck_is_answered_in_notebook_7(opened_there, server):
    (server.scratch.parent / "progress.sqlite").unlink(missing_ok=True)
    one = decks.Deck(opened_there(decks.NAME))
    first = one.quiz()
    first.commit(first.right)
    one.button("next").click()
    notebook.expect(one.form.get_by_role("radio", checked=True)).to_have_count(0)
    assert one.quiz().entry["prompt"] != first.entry["prompt"]
