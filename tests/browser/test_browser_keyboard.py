"""A quiz in JupyterLab, answered with the keyboard alone: neither focus nor notebook goes astray."""

import pytest

from tests.browser import keyboard, notebook, quizzes

SHORTCUTS = "ddbaxcvzymrojk1lii00"  # delete, insert, cut, copy, paste, undo, change the kind, move, restart


@pytest.fixture
def quiz(opened):
    return quizzes.ask(opened("notebooks/02_save_and_load"), "myth-retrain")


@pytest.fixture
def keys(quiz):
    return keyboard.Keyboard(quiz.form.page)


def test_a_quiz_is_answered_with_the_keyboard(quiz, keys):
    keys.enter()
    notebook.expect(quiz.radios.first).to_be_focused()
    keys.press("Space")
    notebook.expect(quiz.radios.first).to_be_checked()
    keys.press("ArrowDown")
    notebook.expect(quiz.radios.nth(1)).to_be_checked()
    keys.press("ArrowUp", "ArrowUp")
    notebook.expect(quiz.radios.last).to_be_checked()

    keys.choose(quiz, quiz.wrong)
    keys.press("Tab", "Enter")
    quiz.expect_locked(quiz.wrong)
    keys.look("the answer")
    keys.press("Enter")  # on the button that is locked now
    quiz.expect_locked(quiz.wrong)

    keys.press("Tab")
    notebook.expect(quiz.status.get_by_role("link")).to_be_focused()
    keys.press("Tab")
    notebook.expect(quiz.button("show")).to_be_focused()
    keys.press("Enter")
    quiz.expect_evidence()
    keys.press("Tab", "Tab", "Enter")  # past Try again to the folded code
    notebook.expect(quiz.evidence.locator("pre")).to_be_visible()

    keys.press("Shift+Tab", "Enter")
    quiz.expect_open()
    keys.look("Try again")
    keys.choose(quiz, quiz.right)
    keys.press("Tab", "Space")
    quiz.expect_locked(quiz.right)
    keys.look("the answer")


def test_the_shortcuts_of_the_notebook_sleep_in_a_quiz_and_wake_after_escape(quiz, keys):
    keys.enter()
    keys.press(*SHORTCUTS, "Space", *SHORTCUTS, "Tab", *SHORTCUTS, "Enter", *SHORTCUTS)
    (chosen,) = [option for option in quiz.options if quiz.radio(option).is_checked()]
    quiz.expect_locked(chosen)
    keys.press("Tab", *SHORTCUTS, "Tab", *SHORTCUTS, "Tab", *SHORTCUTS)
    keys.page.keyboard.press("Escape")
    assert not keys.page.evaluate(keyboard.FOCUS)
    keys.page.keyboard.press("b")  # a new cell below
    notebook.expect(keys.page.locator(".jp-Notebook .jp-Cell")).to_have_count(len(keys.cells) + 1)
