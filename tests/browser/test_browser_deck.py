"""The deck in JupyterLab: with the mouse, with the keyboard, in both themes, enlarged, on the next day."""

import re

from helpers import deck
from helpers.core import texts
import pytest

from tests.browser import accessible, decks, keyboard, notebook


@pytest.fixture(autouse=True)
def _no_answers_yet(server):
    (server.scratch.parent / "progress.sqlite").unlink(missing_ok=True)


def _score(answered: int, all_items: int) -> re.Pattern:
    return re.compile(rf"^{answered} of {all_items} answered")


def test_the_deck_is_answered_filtered_and_goes_on_later(opened, page, server):
    one = decks.Deck(opened(decks.NAME))
    everything = len(deck.choose("", ""))
    notebook.expect(one.score).to_have_text(_score(0, everything))
    first = one.quiz()
    first.commit(first.wrong)
    notebook.expect(one.score).to_have_text(_score(1, everything))
    one.button("next").click()
    notebook.expect(one.form.get_by_role("radio", checked=True)).to_have_count(0)
    second = one.quiz()
    assert second.entry["prompt"] != first.entry["prompt"]
    second.commit(second.right)
    second.button("show").click()
    second.expect_evidence()

    one.selection("lesson").select_option("04")
    notebook.expect(one.score).to_have_text(_score(0, len(deck.choose("04", ""))))
    one.selection("level").select_option("basic")
    notebook.expect(one.score).to_have_text(_score(0, len(deck.choose("04", "basic"))))
    third = one.quiz()
    assert third.entry in deck.choose("04", "basic").values()
    third.expect_open()
    one.selection("lesson").select_option("00")
    one.selection("level").select_option("expert")
    notebook.expect(one.root.get_by_text(texts.words("deck_none"))).to_be_visible()
    notebook.expect(one.form).to_have_count(0)

    notebook.end_kernels(page, server)
    later = decks.Deck(opened(decks.NAME))
    notebook.expect(later.score).to_have_text(_score(2, everything))
    assert later.quiz().entry["prompt"] != second.entry["prompt"]


def test_the_deck_is_answered_with_the_keyboard(opened):
    one = decks.Deck(opened(decks.NAME))
    keys = keyboard.Keyboard(one.page)
    keys.enter()
    notebook.expect(one.selection("lesson")).to_be_focused()
    keys.press("ArrowDown")
    chosen = one.selection("lesson").input_value()
    notebook.expect(one.score).to_have_text(_score(0, len(deck.choose(chosen, ""))))
    keys.look("the choice of a lesson")
    keys.press("Tab")
    notebook.expect(one.selection("level")).to_be_focused()
    keys.press("Shift+Tab", "ArrowUp")
    notebook.expect(one.score).to_have_text(_score(0, len(deck.choose("", ""))))

    keys.press("Tab", "Tab")
    first = one.quiz()
    notebook.expect(first.radios.first).to_be_focused()
    keys.choose(first, first.wrong)
    keys.press("Tab", "Enter")
    first.expect_locked(first.wrong)
    keys.press(*["Tab"] * first.status.get_by_role("link").count(), "Tab", "Tab", "Tab")
    notebook.expect(one.button("next")).to_be_focused()
    keys.press("Enter")
    notebook.expect(one.form.get_by_role("radio", checked=True)).to_have_count(0)
    second = one.quiz()
    assert second.entry["prompt"] != first.entry["prompt"]
    notebook.expect(second.radios.first).to_be_focused()
    keys.look("the next question")
    keys.choose(second, second.right)
    keys.press("Tab", "Enter")
    second.expect_locked(second.right)
    keys.page.keyboard.press("Escape")
    assert not keys.page.evaluate(keyboard.FOCUS)


def test_everything_in_the_deck_can_be_read_and_reached(themed):
    one = decks.Deck(themed(decks.NAME))
    accessible.expect_accessible(one.root)
    quiz = one.quiz()
    quiz.commit(quiz.wrong)
    notebook.expect(one.button("next")).to_be_visible()
    accessible.expect_accessible(one.root)


@pytest.fixture
def enlarged(page):
    """A page at 200 %: half the room, two dots for each. Nothing on it should need to move."""
    page.set_viewport_size({"width": 600, "height": 400})
    page.emulate_media(reduced_motion="reduce")


@pytest.mark.usefixtures("enlarged")
def test_at_twice_the_size_nothing_is_cut_off_and_nothing_moves(opened):
    lesson = opened(decks.NAME)
    lesson.page.keyboard.press("ControlOrMeta+b")  # the file list takes half the room
    one = decks.Deck(lesson)
    quiz = one.quiz()
    accessible.expect_fits(one.root)
    quiz.commit(quiz.wrong)
    quiz.button("show").click()
    quiz.expect_evidence()
    quiz.evidence.locator("summary").click()
    accessible.expect_fits(one.root)
    accessible.expect_still(one.root)

    one.root.evaluate("(part) => { part.animate([{ opacity: 1 }, { opacity: 0.9 }], 60000) }")
    with pytest.raises(AssertionError):
        accessible.expect_still(one.root)
    one.root.evaluate("(part) => { part.style.width = '80em' }")
    with pytest.raises(AssertionError):
        accessible.expect_fits(one.root.locator("xpath=.."))


def test_without_a_kernel_the_deck_is_a_page_of_questions(opened):
    lesson = opened(decks.NAME)
    output = lesson.output("ask")
    notebook.expect(output.locator("details")).to_have_count(len(deck.choose("", "")))
    notebook.expect(output.locator("details[open]")).to_have_count(0)
    entry = next(iter(deck.choose("", "").values()))
    notebook.expect(output.get_by_text(entry["options"][entry["right"]]["why"])).to_be_hidden()
