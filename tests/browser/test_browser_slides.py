"""The slides of a lesson in a browser that reaches no other machine: large, in steps, nothing cut off."""

import pathlib
import re

from helpers.authoring import command
from helpers.authoring.notebooks import course
import pytest

LESSONS = course.Course().lessons
SCREENS = ((1280, 720), (1920, 1080), (2560, 1440))
TEXT, CODE = 0.04, 0.03  # of the height of the screen, at least
# Of each slide: how far it is longer than the screen, and the smallest text and code as shares of its height.
MEASURED = """() => {
    const found = [];
    const own = (node) => [...node.childNodes].some((one) => one.nodeType === 3 && one.data.trim());
    Reveal.getSlides().forEach((slide, number) => {
        const at = Reveal.getIndices(slide);
        Reveal.slide(at.h, at.v, 99);
        const scale = slide.getBoundingClientRect().height / slide.offsetHeight;
        const share = (node) => parseFloat(getComputedStyle(node).fontSize) * scale / window.innerHeight;
        const shown = [...slide.querySelectorAll("*")].filter((one) => own(one) && !one.closest("aside"));
        const code = shown.filter((one) => one.closest("pre, code"));
        const text = shown.filter((one) => !one.closest("pre, code"));
        const boxes = [...slide.querySelectorAll("*")].filter((one) => !one.closest("aside"));
        const pictures = [...slide.querySelectorAll("img")];
        const ends = boxes.map((one) => one.getBoundingClientRect());
        found.push({
            number: number + 1,
            title: slide.innerText.slice(0, 60),
            below: Math.max(...ends.map((one) => one.bottom)) / window.innerHeight,
            right: Math.max(...ends.map((one) => one.right)) / window.innerWidth,
            text: Math.min(...text.map(share)),
            code: Math.min(...code.map(share)),
            drawn: pictures.every((one) => one.complete && one.naturalWidth > 0 && one.alt),
        });
    });
    return found;
}"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> pathlib.Path:
    """The slides of every lesson."""
    pytest.importorskip(
        "sphinx_revealjs", reason="the group `site` is not installed: run `uv sync --group site`."
    )
    place = tmp_path_factory.mktemp("slides ü")
    assert command.main(["slides", "all", "--to", str(place)]) == 0
    return place


@pytest.fixture
def opened(browser, outside, folder):
    """A function that opens the slides of a lesson. A test fails if a page asks for anything but its file."""
    contexts, complaints = [], []

    def open_slides(stem: str, screen: tuple[int, int] = SCREENS[0], address: str = ""):
        context = browser.new_context(viewport={"width": screen[0], "height": screen[1]}, offline=True)
        contexts.append(context)
        context.on(
            "request",
            lambda asked: None if asked.url.startswith(("file:", "data:")) else outside.append(asked.url),
        )
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto((folder / f"{stem}.html").as_uri() + address)
        page.wait_for_function("() => window.Reveal && Reveal.isReady()")
        return page

    yield open_slides
    for context in contexts:
        context.close()
    assert not outside and not complaints


@pytest.mark.parametrize("stem", LESSONS)
def test_everybody_in_the_room_can_read_every_slide_and_nothing_is_cut_off(opened, stem):
    for screen in SCREENS:
        found = opened(stem, screen).evaluate(MEASURED)
        assert len(found) > 15
        for slide in found:
            assert slide["below"] <= 1 and slide["right"] <= 1, (screen, slide)
            assert slide["text"] is None or slide["text"] >= TEXT, (screen, slide)
            assert slide["code"] is None or slide["code"] >= CODE, (screen, slide)
            assert slide["drawn"], (screen, slide)


def test_a_smaller_text_a_longer_slide_and_a_missing_picture_are_noticed(opened):
    page = opened(LESSONS[3])
    page.add_style_tag(content=".reveal p { font-size: 28px; } .reveal pre { font-size: 21px; }")
    page.evaluate(
        "document.querySelectorAll('section section').forEach((one) => one.append('x', ...Array.from("
        "{length: 20}, () => document.createElement('p')).map((one) => (one.append('y'), one))))"
    )
    found = page.evaluate(MEASURED)
    assert max(slide["below"] for slide in found) > 1
    assert min(slide["text"] for slide in found) < TEXT
    assert min(slide["code"] for slide in found if slide["code"]) < CODE


def place(page) -> tuple[int, int, int]:
    """(column, row, step) of the slide that is shown."""
    at = page.evaluate("Reveal.getIndices()")
    return at["h"], at["v"], at.get("f", -1)


def test_a_result_appears_on_the_next_key_press(opened):
    page = opened("04_formats")
    steps = page.evaluate("Reveal.getSlides().findIndex((one) => one.querySelector('.fragment pre.result'))")
    while page.evaluate("Reveal.getSlidePastCount()") < steps:
        page.keyboard.press("PageDown")  # as a clicker does
    result = page.locator("section.present .fragment pre.result").first
    assert result.evaluate("(one) => getComputedStyle(one.closest('.fragment')).visibility") == "hidden"
    before = place(page)
    page.keyboard.press("PageDown")
    assert result.evaluate("(one) => getComputedStyle(one.closest('.fragment')).visibility") == "visible"
    assert place(page)[:2] == before[:2]
    page.keyboard.press("PageUp")
    assert result.evaluate("(one) => getComputedStyle(one.closest('.fragment')).visibility") == "hidden"


@pytest.mark.parametrize("key", ["ArrowRight", "PageDown", "Space"])
def test_each_key_that_turns_slides_comes_past_all_of_them(opened, key):
    page = opened(LESSONS[0])
    count = page.evaluate("Reveal.getTotalSlides()")
    seen = {place(page)[:2]}
    for _ in range(4 * count):
        page.keyboard.press(key)
        seen.add(place(page)[:2])
        if page.evaluate("Reveal.isLastSlide()"):
            break
    assert len(seen) == count
    page.keyboard.press("Home")
    assert place(page)[:2] == (0, 0)
    page.keyboard.press("End")
    assert page.evaluate("Reveal.getIndices().h") == max(seen)[0]


def test_the_place_is_in_the_address_and_a_reload_keeps_it(opened):
    page = opened(LESSONS[0])
    for _ in range(3):
        page.keyboard.press("PageDown")
    before = place(page)[:2]
    page.wait_for_function("(column) => location.hash.startsWith(`#/${column}`)", arg=before[0])
    page.reload()
    page.wait_for_function("() => window.Reveal && Reveal.isReady()")
    assert place(page)[:2] == before != (0, 0)


def test_the_overview_shows_the_slides_side_by_side(opened):
    page = opened(LESSONS[0])
    page.keyboard.press("o")
    assert page.evaluate("Reveal.isOverview()")
    page.keyboard.press("o")
    assert not page.evaluate("Reveal.isOverview()")


def test_the_speaker_has_a_window_with_what_to_say_and_turns_the_slides_from_it(opened):
    page = opened("04_formats")
    with page.expect_popup() as opening:
        page.keyboard.press("s")
    speaker = opening.value
    notes = speaker.locator(".speaker-controls-notes .value")
    notes.get_by_text("Ask for a show of hands").wait_for()
    speaker.keyboard.press("PageDown")
    page.wait_for_function("() => Reveal.getIndices().h + Reveal.getIndices().v > 0")


def test_what_a_picture_shows_is_said_in_the_notes_and_a_click_enlarges_a_part_of_it(opened):
    page = opened("04_formats")
    found = page.evaluate(
        "Reveal.getSlides().map((one) => [...one.querySelectorAll('.picture img')].map("
        "(picture) => one.querySelector('aside').innerText.includes(picture.alt)))"
    )
    said = [one for slide in found for one in slide]
    assert len(said) >= 3 and all(said)
    page.evaluate(
        "(() => { const at = Reveal.getIndices(document.querySelector('.picture img').closest('section'));"
        " Reveal.slide(at.h, at.v, 99); })()"
    )
    picture = page.locator("section.present .picture img")
    before = picture.bounding_box()["width"]
    key = "Control" if page.evaluate("/Linux/.test(navigator.platform)") else "Alt"
    picture.click(modifiers=[key], position={"x": 60, "y": 60})
    page.wait_for_function(
        "(before) => document.querySelector('section.present .picture img').getBoundingClientRect().width "
        "> 1.5 * before",
        arg=before,
    )


def test_a_pdf_has_a_page_for_each_slide_with_its_results(opened):
    page = opened(LESSONS[0], address="?print-pdf")
    page.wait_for_selector(".pdf-page")
    count = page.locator(".pdf-page").count()
    assert count == page.evaluate("Reveal.getTotalSlides()")
    hidden = "(all) => all.filter((one) => getComputedStyle(one).visibility === 'hidden').length"
    assert page.locator(".pdf-page .fragment").evaluate_all(hidden) == 0
    written = page.pdf(prefer_css_page_size=True, print_background=True)
    assert len(re.findall(rb"/Type\s*/Page\b", written)) == count
