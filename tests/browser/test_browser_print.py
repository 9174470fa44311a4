"""What `author print` and `author handout` write, on paper: readable, nothing cut off, one page or sheet."""

from helpers.authoring import command
from helpers.authoring.notebooks import course
from helpers.authoring.teaching import printing
import pytest

from tests.browser.paper import CUT, HEIGHT, PIXELS, SMALLEST, TEXTS, WIDTH, pages


@pytest.fixture
def paper(browser, outside, tmp_path):
    """A function that opens a printed page as wide as A4 leaves room for, in the media type of paper."""
    context = browser.new_context(viewport={"width": round(WIDTH), "height": round(HEIGHT)})
    context.on(
        "request",
        lambda asked: None if asked.url.startswith(("file:", "data:")) else outside.append(asked.url),
    )

    def open_page(name: str, subcommand: str = "print"):
        assert command.main([subcommand, name, "--to", str(tmp_path)]) == 0
        (path,) = (path for path in tmp_path.glob("*.html") if "-key" not in path.name)
        page = context.new_page()
        page.goto(path.as_uri())
        page.emulate_media(media="print")
        return page

    yield open_page
    context.close()
    assert not outside


def test_the_cheat_sheet_is_one_page_of_a4(paper):
    page = paper("cheat_sheet")
    assert pages(page) == 1
    page.evaluate(
        "document.querySelector('main').append(...document.querySelector('main').cloneNode(true).children)"
    )
    assert pages(page) == 2


@pytest.mark.parametrize(
    "style",
    ["footer { padding-bottom: 6mm; }", "html { font-family: wide; } code, pre { font-family: monospace; }"],
)
def test_the_cheat_sheet_keeps_room_for_the_letters_of_another_machine(paper, style):
    page = paper("cheat_sheet")
    page.add_style_tag(content=style)
    assert pages(page) == 1


def test_nothing_on_the_cheat_sheet_is_too_small_or_cut_off(paper):
    page = paper("cheat_sheet")
    texts = page.evaluate(TEXTS)
    assert len(texts) > 100
    assert [text for text, pixels in texts if pixels < (SMALLEST - 0.01) * PIXELS] == []
    assert page.evaluate(CUT, round(WIDTH)) == []
    page.add_style_tag(content="pre { white-space: pre !important; } td:first-child { font-size: 6pt; }")
    assert page.evaluate(CUT, round(WIDTH)) != []
    assert min(pixels for _, pixels in page.evaluate(TEXTS)) < SMALLEST * PIXELS


def test_a_lesson_is_printed_without_cutting_anything_off(paper):
    page = paper("02_save_and_load")
    assert pages(page) > 1
    assert page.evaluate(CUT, round(WIDTH)) == []


TORN = """(most) => [...document.querySelectorAll("pre")].filter((pre) => {
    const lines = pre.textContent.trimEnd().split("\\n"), style = getComputedStyle(pre);
    if (pre.closest(".highlight") || Math.max(...lines.map((line) => line.length)) > most) return false;
    const height = pre.clientHeight - parseFloat(style.paddingTop) - parseFloat(style.paddingBottom);
    return Math.round(height / parseFloat(style.lineHeight)) > lines.length;
}).map((pre) => pre.textContent.slice(0, 80))"""


@pytest.mark.parametrize("stem", ["04_formats", "07_inside_the_files", "11_across_versions"])
def test_no_table_made_of_text_is_torn_on_paper(paper, stem):
    page = paper(stem)
    assert page.evaluate(TORN, printing.MOST) == []
    page.add_style_tag(content="pre { font-size: 12pt !important; }")
    assert page.evaluate(TORN, printing.MOST) != []


@pytest.mark.parametrize("stem", course.Course().lessons)
def test_the_handout_of_a_lesson_is_one_sheet_with_nothing_small_or_cut_off(paper, stem):
    page = paper(stem, "handout")
    assert pages(page) == 2
    assert page.evaluate(CUT, round(WIDTH)) == []
    assert min(pixels for _, pixels in page.evaluate(TEXTS)) >= (SMALLEST - 0.01) * PIXELS
    # The same sides once more must not fit: otherwise the count of pages would prove nothing.
    page.evaluate("document.body.append(document.querySelector('main').cloneNode(true))")
    assert pages(page) > 2
