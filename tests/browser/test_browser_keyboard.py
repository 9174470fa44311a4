"""A quiz in JupyterLab, answered with the keyboard alone: neither focus nor notebook goes astray."""

import pytest

from tests.browser import notebook, quizzes

FOCUS = "() => Boolean(document.activeElement.closest('form.course-quiz'))"
# Kind and number of every cell, and which one is active: each shortcut of the notebook changes one of them.
CELLS = """() => Array.from(document.querySelectorAll(".jp-Notebook .jp-Cell"), (cell) => [
    cell.getAttribute("aria-label"),
    cell.querySelector(".jp-InputPrompt").textContent,
    cell.classList.contains("jp-mod-active"),
])"""
SHORTCUTS = "ddbaxcvzymrojk1lii00"  # delete, insert, cut, copy, paste, undo, change the kind, move, restart


class Keyboard:
    """Presses keys, and looks after each where the focus is and whether the notebook is as it was."""

    def __init__(self, quiz: quizzes.Quiz) -> None:
        self.quiz, self.page = quiz, quiz.form.page
        self.cells = self.page.evaluate(CELLS)

    def enter(self) -> None:
        """Press Tab until the focus is in the quiz, from the cell that was run."""
        for _ in range(10):
            self.page.keyboard.press("Tab")
            assert self.page.evaluate(CELLS) == self.cells
            if self.page.evaluate(FOCUS):
                return
        pytest.fail("Ten times Tab did not lead from the cell into its quiz.")

    def press(self, *keys: str) -> None:
        """Press one key after the other."""
        for key in keys:
            self.page.keyboard.press(key)
            self.look(key)

    def look(self, last: str) -> None:
        """Look where the focus is now, and at the notebook."""
        assert self.page.evaluate(FOCUS), f"the focus has left the quiz after {last}"
        assert self.page.evaluate(CELLS) == self.cells, f"the notebook has changed after {last}"

    def choose(self, option: str) -> None:
        """Move with the arrows until an option is chosen."""
        self.press("Space")
        while not self.quiz.radio(option).is_checked():
            self.press("ArrowDown")


@pytest.fixture
def keyboard(opened):
    return Keyboard(quizzes.ask(opened("notebooks/02_save_and_load"), "myth-retrain"))


def test_a_quiz_is_answered_with_the_keyboard(keyboard):
    quiz = keyboard.quiz
    keyboard.enter()
    notebook.expect(quiz.radios.first).to_be_focused()
    keyboard.press("Space")
    notebook.expect(quiz.radios.first).to_be_checked()
    keyboard.press("ArrowDown")
    notebook.expect(quiz.radios.nth(1)).to_be_checked()
    keyboard.press("ArrowUp", "ArrowUp")
    notebook.expect(quiz.radios.last).to_be_checked()

    keyboard.choose(quiz.wrong)
    keyboard.press("Tab", "Enter")
    quiz.expect_locked(quiz.wrong)
    keyboard.look("the answer")
    keyboard.press("Enter")  # on the button that is locked now
    quiz.expect_locked(quiz.wrong)

    keyboard.press("Tab")
    notebook.expect(quiz.button("show")).to_be_focused()
    keyboard.press("Enter")
    quiz.expect_evidence()
    keyboard.press("Tab", "Tab", "Enter")  # past Try again to the folded code
    notebook.expect(quiz.evidence.locator("pre")).to_be_visible()

    keyboard.press("Shift+Tab", "Enter")
    quiz.expect_open()
    keyboard.look("Try again")
    keyboard.choose(quiz.right)
    keyboard.press("Tab", "Space")
    quiz.expect_locked(quiz.right)
    keyboard.look("the answer")


def test_the_shortcuts_of_the_notebook_sleep_in_a_quiz_and_wake_after_escape(keyboard):
    quiz = keyboard.quiz
    keyboard.enter()
    keyboard.press(*SHORTCUTS, "Space", *SHORTCUTS, "Tab", *SHORTCUTS, "Enter", *SHORTCUTS)
    quiz.expect_locked(quiz.right if quiz.radio(quiz.right).is_checked() else quiz.wrong)
    keyboard.press("Tab", *SHORTCUTS, "Tab", *SHORTCUTS)
    keyboard.page.keyboard.press("Escape")
    assert not keyboard.page.evaluate(FOCUS)
    keyboard.page.keyboard.press("b")  # a new cell below
    notebook.expect(keyboard.page.locator(".jp-Notebook .jp-Cell")).to_have_count(len(keyboard.cells) + 1)
