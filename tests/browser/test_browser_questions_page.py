"""Questions and the deck on a plain page, opened as a file: no kernel, no server, the same behaviour."""

import datetime
import html
import random
import re

from helpers import deck, question, quiz
from helpers.core import texts
import pytest

from tests.browser import accessible, decks, notebook, quizzes

ASKED = ("02.predict.optimizer", "02.myth.retrain")


def written(folder):
    """A page with two questions and the deck."""
    items = texts.table("quiz")
    places = [f'<div data-course-question="{question.sealed(name, items[name])}"></div>' for name in ASKED]
    script = quiz.script("questions.js", "page.js")
    style = quiz._WIDGETS.joinpath("quiz.css").read_text(encoding="utf-8")
    path = folder / "page.html"
    path.write_text(
        f'<!DOCTYPE html><html lang="en"><title>q</title><style>{style}</style><main>'
        f"<h1>Questions</h1>{''.join(places)}"
        f'<div data-course-deck="{deck.sealed()}"></div></main><script type="module">{script}\n'
        'document.addEventListener("course-deck-drawn", (event) => { window.deck = event.detail; });\n'
        "window.nextTime = nextTime; window.unseal = unseal;\n"
        'drawPage(document, { link: (target) => target.replace(".ipynb", ".html") });</script>',
        encoding="utf-8",
    )
    return path


@pytest.fixture
def page(browser, outside, tmp_path):
    """The page in a browser; a test fails if it asks for anything but its file, or raises an error."""
    context = browser.new_context(viewport={"width": 1200, "height": 2000}, offline=True)
    context.on("request", lambda asked: None if asked.url.startswith("file:") else outside.append(asked.url))
    one = context.new_page()
    errors = []
    one.on("pageerror", lambda error: errors.append(error))
    one.goto(written(tmp_path).as_uri())
    yield one
    context.close()
    assert not outside and not errors


def shown(page, place: int) -> quizzes.Quiz:
    return quizzes.Quiz(page.locator("form.course-quiz").nth(place), ASKED[place])


def test_a_question_is_answered_and_the_answer_cannot_be_read_before(page):
    source = html.unescape(page.content())
    prediction, myth = shown(page, 0), shown(page, 1)
    assert [reason for reason in prediction.reasons() + myth.reasons() if reason in source] == []
    prediction.commit(prediction.wrong)  # noted first, then asked for
    notebook.expect(prediction.status.get_by_role("link").first).to_have_attribute(
        "href", re.compile(r"^02_\w+\.html#")
    )
    myth.commit(myth.right)
    notebook.expect(myth.button("show")).to_be_hidden()
    accessible.expect_accessible(myth.form)
    myth.button("again").click()
    myth.expect_open()
    myth.commit(myth.wrong)
    first = quizzes.shown(texts.table("quiz")[ASKED[1]]["options"][myth.right]["text"])
    notebook.expect(myth.status.get_by_text("Before, you answered:")).to_be_visible()
    notebook.expect(myth.status).to_contain_text(first)


def test_order_letters_and_answers_stay_after_a_reload(page):
    orders = page.locator("form.course-quiz label").all_inner_texts()
    myth = shown(page, 1)
    myth.commit(myth.right)
    page.reload()
    assert page.locator("form.course-quiz label").all_inner_texts()[:6] == orders[:6]
    notebook.expect(shown(page, 1).form.locator(".course-quiz-before")).to_contain_text(": right.")
    shown(page, 1).expect_open()
    assert [text.split()[0] for text in orders[:3]] == ["A", "B", "C"]


def test_the_deck_goes_round_resumes_and_sums_up(page):
    everything = len(deck.choose("", ""))
    one = decks.Deck.__new__(decks.Deck)
    one.page, one.root = page, page.locator(".course-deck")
    one.form, one.score = one.root.locator("form.course-quiz"), one.root.locator(".course-deck-score")
    first = one.quiz()
    assert first.identifier == next(iter(deck.choose("", "")))
    first.commit(first.wrong)
    notebook.expect(one.score).to_contain_text(f"1 of {everything} answered")
    accessible.expect_accessible(one.root)
    one.button("next").click()
    second = one.quiz()
    assert second.identifier != first.identifier
    one.button("skip").click()
    assert one.quiz().identifier not in (first.identifier, second.identifier)
    page.reload()
    assert one.quiz().identifier == second.identifier
    one.root.get_by_label(texts.words("deck_lesson")).select_option("04")
    notebook.expect(one.score).to_contain_text(f"0 of {len(deck.choose('04', ''))} answered")
    lines = page.evaluate("() => window.deck.summary()")
    assert f"1 of {everything}" in lines[0] and lines[-1].startswith(f"  {first.identifier}: ")


def test_the_schedule_is_that_of_python(page):
    chance = random.Random(4)
    histories = []
    for _ in range(60):
        at, answers = datetime.datetime(2026, 3, 1, tzinfo=datetime.UTC), []
        for _ in range(chance.randint(1, 8)):
            at += datetime.timedelta(seconds=chance.choice([30, 700, 40_000, 90_000, 500_000, 3_000_000]))
            answers.append({"choice": "x", "right": chance.random() < 0.6, "at": at.isoformat()})
        histories.append(answers)
    script = """([sealed, all]) => {
        const { schedule } = unseal(sealed);
        return all.map((one) => nextTime(one, schedule).getTime() / 1000);
    }"""
    ours = [deck.next_time(answers).timestamp() for answers in histories]
    assert page.evaluate(script, [deck.sealed(), histories]) == pytest.approx(ours, abs=1)


@pytest.mark.parametrize(
    "kept", ["", "{", "null", "[]", '{"02.myth.retrain": 3}', '{"02.myth.retrain": [{"at": "x"}]}']
)
def test_a_damaged_record_stops_nothing(page, kept):
    page.evaluate("(kept) => localStorage.setItem('saved-for-good-answers', kept)", kept)
    page.reload()
    myth = shown(page, 1)
    myth.expect_open()
    myth.commit(myth.right)


def test_a_phone_shows_it_whole(page):
    page.set_viewport_size({"width": 320, "height": 700})
    myth = shown(page, 1)
    myth.commit(myth.wrong)
    accessible.expect_fits(myth.form)
