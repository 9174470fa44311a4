"""The deck on the page."""

import typing

from helpers.core import texts

from tests.browser import notebook, quizzes

if typing.TYPE_CHECKING:
    from playwright import sync_api

NAME = "notebooks/myth_busters"


class Deck:
    """The deck: its parts on the page."""

    def __init__(self, lesson: notebook.Notebook) -> None:
        lesson.run("set-up")
        lesson.run("ask")
        self.page = lesson.page
        self.root = lesson.output("ask").locator("section.course-deck")
        self.score = self.root.locator(".course-deck-score")
        self.form = self.root.locator("form.course-quiz")
        notebook.expect(self.form).to_be_visible()
        lesson.wait_until_idle()

    def selection(self, name: str) -> "sync_api.Locator":
        """The choice of a "lesson" or a "level"."""
        return self.root.get_by_label(texts.words(f"deck_{name}"))

    def button(self, word: str) -> "sync_api.Locator":
        """The button below the question, by its word "next" or "skip"."""
        return self.root.get_by_role("button", name=texts.words(f"deck_{word}"), exact=True)

    def quiz(self) -> quizzes.Quiz:
        """The question that is asked now."""
        prompt = self.form.locator("legend > span").inner_text()
        items = texts.table("quiz")
        (identifier,) = [key for key, entry in items.items() if _bare(entry["prompt"]) == _bare(prompt)]
        return quizzes.Quiz(self.form, identifier, in_deck=True)


def _bare(prompt: str) -> str:
    return " ".join(quizzes.shown(prompt).split())
