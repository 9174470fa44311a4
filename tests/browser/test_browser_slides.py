"""The slides of a lesson in a browser that reaches no other machine: keys turn them, nothing is cut off."""

import pathlib

from helpers.authoring import command
from helpers.authoring.notebooks import course
import pytest

LESSONS = course.Course().lessons
WIDTH, HEIGHT = 1280, 720
SMALLEST = 0.6  # of the size that a slide has when everything fits; 15 pixels on this screen
NOW = """() => {
    const [slide, ...others] = [...document.querySelectorAll(".slide")].filter((one) => !one.hidden);
    const pictures = [...slide.querySelectorAll("img")];
    return {
        alone: others.length === 0,
        over: Math.max(slide.scrollHeight - slide.clientHeight, slide.scrollWidth - slide.clientWidth),
        size: parseFloat(slide.style.getPropertyValue("--size")),
        text: slide.innerText,
        alts: pictures.map((one) => one.alt).join(),
        drawn: pictures.every((one) => one.complete && one.naturalWidth > 0 && one.alt),
    };
}"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> pathlib.Path:
    """The slides of every lesson."""
    place = tmp_path_factory.mktemp("slides")
    assert command.main(["slides", "all", "--to", str(place)]) == 0
    return place


@pytest.fixture
def opened(browser, outside, folder):
    """A function that opens the slides of a lesson. A test fails if a page asks for anything but its file."""
    context = browser.new_context(viewport={"width": WIDTH, "height": HEIGHT}, offline=True)
    context.on(
        "request",
        lambda asked: None if asked.url.startswith(("file:", "data:")) else outside.append(asked.url),
    )
    complaints = []

    def open_slides(stem: str):
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto((folder / f"{stem}.html").as_uri())
        return page

    yield open_slides
    context.close()
    assert not outside and not complaints


@pytest.mark.parametrize("stem", LESSONS)
def test_the_keyboard_turns_every_slide_and_nothing_is_cut_off(opened, stem):
    page = opened(stem)
    count = page.locator(".slide").count()
    assert count > 15
    seen = []
    for number in range(1, count + 1):
        assert page.locator("#where").inner_text() == f"{number} of {count}"
        now = page.evaluate(NOW)
        assert now["alone"] and now["drawn"]
        assert now["over"] <= 2 and now["size"] >= SMALLEST, f"slide {number}: {now['text'][:80]}"
        seen.append((now["text"], now["alts"]))  # a slide may be a heading and a picture
        page.keyboard.press("ArrowRight")
    assert page.locator("#where").inner_text() == f"{count} of {count}"
    assert len(set(seen)) == count


def test_every_key_does_what_it_says(opened):
    page = opened(LESSONS[0])
    last = page.locator(".slide").count()
    for key, number in [
        ("PageDown", 2),
        ("Space", 3),
        ("ArrowDown", 4),
        ("ArrowLeft", 3),
        ("Shift+Space", 2),
        ("PageUp", 1),
        ("ArrowUp", 1),
        ("End", last),
        ("ArrowRight", last),
        ("Home", 1),
    ]:
        page.keyboard.press(key)
        assert page.locator("#where").inner_text() == f"{number} of {last}", key


def test_buttons_and_the_address_turn_slides_too(opened):
    page = opened(LESSONS[0])
    page.get_by_role("button", name="On").click()
    assert page.url.endswith("#2")
    page.reload()
    assert page.locator("#where").inner_text().startswith("2 of")
    page.get_by_role("button", name="Back").focus()
    page.keyboard.press("Space")
    assert page.locator("#where").inner_text().startswith("1 of")


def test_an_answer_unfolds_by_keyboard_and_still_fits(opened):
    page = opened(LESSONS[0])
    page.keyboard.press("ArrowRight")
    answer = page.locator(".slide:not([hidden]) details")
    assert not answer.evaluate("(one) => one.open")
    answer.locator("summary").focus()
    page.keyboard.press("Space")
    assert answer.evaluate("(one) => one.open")
    page.wait_for_function(
        "() => { const one = document.querySelector('.slide:not([hidden])');"
        " return one.scrollHeight <= one.clientHeight + 2; }"
    )
    page.keyboard.press("ArrowRight")
    assert page.locator("#where").inner_text().startswith("3 of")


def test_on_paper_every_slide_is_there(opened):
    page = opened(LESSONS[0])
    page.emulate_media(media="print")
    assert page.locator(".slide:visible").count() == page.locator(".slide").count()
