"""A learner with a keyboard alone: after each key, focus is in the question and the notebook untouched."""

import typing

import pytest

from tests.browser import quizzes

if typing.TYPE_CHECKING:
    from playwright import sync_api

FOCUS = "() => Boolean(document.activeElement.closest('form.course-quiz, .course-deck'))"
# Kind and number of every cell, and which one is active: each shortcut of the notebook changes one of them.
CELLS = """() => Array.from(document.querySelectorAll(".jp-Notebook .jp-Cell"), (cell) => [
    cell.getAttribute("aria-label"),
    cell.querySelector(".jp-InputPrompt").textContent,
    cell.classList.contains("jp-mod-active"),
])"""


class Keyboard:
    """Presses keys, and looks after each where the focus is and whether the notebook is as it was."""

    def __init__(self, page: "sync_api.Page") -> None:
        self.page = page
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

    def choose(self, quiz: quizzes.Quiz, option: str) -> None:
        """Move with the arrows until an option is chosen."""
        self.press("Space")
        while not quiz.radio(option).is_checked():
            self.press("ArrowDown")
