"""Lesson 12's page in a real browser: it answers as Keras does, by mouse and by keyboard, without the net."""

from helpers import digits
import numpy
import pytest

from tests.browser import accessible
from tests.suite import lesson_cells

LESSON = "12_run_anywhere"
NEEDED = ["set-up", "train", "write-weights", "write-javascript", "draw-page"]


@pytest.fixture(scope="module")
def written(executable, tmp_path_factory):
    """The folder with the page that the lesson's cells wrote, and the answers of the model behind it."""
    folder = tmp_path_factory.mktemp("page")
    answers = lesson_cells.run(LESSON, NEEDED, folder, keep=("answers",))["answers"]
    return folder / f"notebooks-{LESSON}", numpy.array(answers)


@pytest.fixture
def drawn(browser, written):
    """The page, opened from the disk in a browser that may ask nobody."""
    folder, _ = written
    context = browser.new_context(viewport={"width": 900, "height": 700})
    context.set_offline(True)
    asked = []
    context.on("request", lambda request: asked.append(request.url))
    page = context.new_page()
    page.goto((folder / "digits.html").as_uri())
    yield page
    context.close()
    assert [address for address in asked if not address.startswith("file:")] == []


def test_it_answers_as_keras_does(drawn, written):
    _, answers = written
    rows = digits.load().test_features[:50]
    found = drawn.evaluate(
        "(rows) => rows.map((row) => [...forward(weights, new Float32Array(row))])", rows.tolist()
    )
    assert numpy.abs(numpy.array(found) - answers[:50]).max() < 1e-5


def test_a_real_digit_is_read(drawn, written):
    _, answers = written
    drawn.get_by_role("button", name="A real digit").click()
    said = drawn.get_by_role("status").inner_text()
    assert said == f"This looks like a {answers[0].argmax()}: {round(100 * answers[0].max())} %."
    drawn.get_by_role("button", name="Clear").click()
    assert drawn.get_by_role("status").inner_text() == "Nothing is drawn yet."


def test_the_mouse_draws(drawn):
    cells = drawn.locator("#sheet button")
    first, last = cells.nth(3).bounding_box(), cells.nth(59).bounding_box()
    drawn.mouse.move(first["x"] + 9, first["y"] + 9)
    drawn.mouse.down()
    drawn.mouse.move(last["x"] + 9, last["y"] + 9, steps=20)
    drawn.mouse.up()
    pixels = numpy.array(drawn.evaluate("[...pixels]")).reshape(8, 8)
    assert (pixels[:, 3] > 0.5).all() and pixels.sum() == pixels[:, 3].sum()
    assert drawn.get_by_role("status").inner_text().startswith("This looks like a ")


def test_the_keyboard_draws_and_never_loses_the_focus(drawn):
    drawn.keyboard.press("Tab")
    for key in (
        "ArrowRight",
        "ArrowDown",
        "Space",
        "Space",
        "ArrowDown",
        "Space",
        "Delete",
        "ArrowLeft",
        "Space",
    ):
        drawn.keyboard.press(key)
        assert drawn.evaluate("cells.includes(document.activeElement)")
    assert drawn.evaluate("[pixels[9], pixels[17], pixels[16]]") == [0.5, 0, 0.25]
    assert drawn.evaluate("document.activeElement.getAttribute('aria-label')") == "row 3, column 1, 4 of 16"
    drawn.keyboard.press("Tab")
    assert drawn.evaluate("document.activeElement.textContent") == "A real digit"


def test_it_is_accessible(drawn):
    drawn.get_by_role("button", name="A real digit").click()
    accessible.expect_accessible(drawn.locator("body"))


def test_the_lesson_shows_it(opened):
    one = opened("notebooks/12_run_anywhere")
    for identifier in NEEDED:
        one.run(identifier)
    frame = one.page.frame_locator("iframe[title^='A sheet of 8 by 8']")
    frame.get_by_role("button", name="A real digit").click()
    assert frame.get_by_role("status").inner_text().startswith("This looks like a ")
