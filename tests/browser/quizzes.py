"""A quiz on the page, and the texts of its item."""

import html
import typing

from helpers.core import texts

from tests.browser import notebook

if typing.TYPE_CHECKING:
    from playwright import sync_api


def shown(words: str) -> str:
    """A text of the course as the page shows it, without the marks of code and of what stands out."""
    return words.replace("`", "").replace("**", "")


def longest(words: str) -> str:
    """The longest piece of a text that stands in the page's source as it is, without code and its marks."""
    return max(words.split("`"), key=len)


def ask(lesson: notebook.Notebook, cell: str) -> "Quiz":
    """Run the set-up of a lesson and the cell of a quiz; returns the quiz on the page."""
    lesson.run("set-up")
    lesson.run(cell)
    quiz = shown_below(lesson, cell)
    lesson.wait_until_idle()
    return quiz


def shown_below(lesson: notebook.Notebook, cell: str) -> "Quiz":
    """The quiz below a cell that runs or has run; returns once it can be answered."""
    number = lesson.path.partition("/")[2][:2]
    quiz = Quiz(lesson.output(cell).locator("form.course-quiz"), f"{number}.{cell.replace('-', '.')}")
    notebook.expect(quiz.button("commit")).to_be_visible()
    return quiz


class Quiz:
    """One quiz: its parts on the page, and what its item says."""

    def __init__(self, form: "sync_api.Locator", identifier: str, in_deck: bool = False) -> None:
        self.identifier, self.in_deck = identifier, in_deck
        self.form, self.options = form, texts.table("quiz")[identifier]["options"]
        self.entry = texts.table("quiz")[identifier]
        self.right = self.entry["right"]
        self.wrong = next(key for key in self.options if key != self.right)
        self.radios = form.get_by_role("radio")
        self.status = form.get_by_role("status").first
        self.evidence = form.get_by_role("status").last

    def radio(self, option: str) -> "sync_api.Locator":
        """The radio button of an option."""
        return self.radios.and_(self.form.locator(f'[value="{option}"]'))

    def button(self, word: str) -> "sync_api.Locator":
        """A button by the id of its word, such as "commit"."""
        return self.form.get_by_role("button", name=texts.words(word), exact=True)

    def commit(self, option: str) -> None:
        """Choose an option and commit it with the mouse, and expect the answer, asked for where it waits."""
        self.radio(option).click()
        self.button("commit").click()
        if self.waits:
            self.expect_noted(option)
            self.button("tell").click()
        self.expect_locked(option)

    @property
    def waits(self) -> bool:
        """Whether the answer waits for an experiment: a prediction in its lesson."""
        return self.identifier.split(".")[1] == "predict" and not self.in_deck

    def expect_noted(self, option: str) -> None:
        """Expect a prediction that cannot be changed, and nothing of its answer."""
        notebook.expect(self.status.locator("p").first).to_have_text(texts.words("noted"))
        notebook.expect(self.radio(option)).to_be_checked()
        notebook.expect(self.form.get_by_role("radio", disabled=True)).to_have_count(len(self.options))
        source = html.unescape(self.form.page.content())
        assert [reason for reason in self.reasons() if reason in source] == []
        for word in ("show", "again"):
            notebook.expect(self.button(word)).to_be_hidden()

    def reasons(self) -> list[str]:
        """A piece of every text that a learner may see only after the commit."""
        texts = [option["why"] for option in self.options.values()]
        texts += [self.entry[key] for key in ("matters", "root_cause") if key in self.entry]
        return [longest(one) for one in texts]

    def expect_open(self) -> None:
        """Expect a question that can be answered: nothing chosen, nothing said."""
        notebook.expect(self.form.get_by_role("radio", checked=True)).to_have_count(0)
        notebook.expect(self.form.get_by_role("radio", disabled=False)).to_have_count(len(self.options))
        notebook.expect(self.button("commit")).to_have_attribute("aria-disabled", "false")
        notebook.expect(self.status).to_be_empty()
        notebook.expect(self.evidence).to_be_empty()
        for word in ("show", "again", "tell"):
            notebook.expect(self.button(word)).to_be_hidden()

    def expect_locked(self, option: str) -> None:
        """Expect the answer to an option: nothing can be changed, and words say whether it is right."""
        notebook.expect(self.form.get_by_role("radio", disabled=True)).to_have_count(len(self.options))
        notebook.expect(self.radio(option)).to_be_checked()
        notebook.expect(self.button("locked")).to_have_attribute("aria-disabled", "true")
        verdict = texts.words("right" if option == self.right else "wrong")
        notebook.expect(self.status.locator("p").first).to_have_text(verdict)
        for one in (option, self.right):
            for part in ("text", "why"):
                notebook.expect(self.status).to_contain_text(shown(self.options[one][part]))

    def expect_evidence(self) -> None:
        """Expect what the evidence saw, and the code that ran, folded."""
        notebook.expect(self.evidence.locator("summary")).to_have_text(texts.words("evidence_code"))
        notebook.expect(self.evidence.locator("pre")).to_contain_text("assert ")
        notebook.expect(self.evidence.locator("pre")).to_be_hidden()
        line = self.evidence.locator("p").inner_text()
        assert line
        assert not line.startswith(texts.words("evidence_failed", lesson=self.entry["seen_in"][:2], seen=""))
