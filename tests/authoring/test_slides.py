"""`author slides`: what stands on which slide, and that the file needs nothing beside it."""

import re

import bs4
from helpers.authoring import command
from helpers.authoring.notebooks import course, page
from helpers.authoring.teaching import slides
from helpers.core import scratch
import nbformat
import pytest

from tests.authoring import broken, samples

COURSE = course.Course()
LOADED = re.compile(
    r"(?:src|srcset|data|href)=\"(?!data:image/|#|https?:)|url\(|@import|<(?:link|iframe|object|embed)\b"
)


@pytest.fixture
def lesson(tmp_path):
    """A small lesson, as a page that may be changed."""
    return page.read(samples.write(tmp_path).path("notebooks", "01_first"))


def shown(one) -> list[bs4.Tag]:
    return bs4.BeautifulSoup(slides.slides(one), "html.parser").select(".slide")


def of(*cells) -> list[list[str]]:
    """The ids of the cells on each slide."""
    groups = slides.grouped(nbformat.v4.new_notebook(cells=list(cells)))
    return [[cell.id for cell in group] for group in groups]


def test_a_slide_holds_what_is_said_one_cell_and_what_is_noticed():
    cells = [
        samples.text("a", "## One"),
        samples.code("run", "1"),
        samples.text("b", "Seen.\n\n## Two\n\nMore"),
    ]
    assert of(*cells) == [["a-0", "run", "b-0"], ["b-1"]]


def test_two_cells_that_run_are_two_slides_and_so_is_a_text_between_them():
    cells = [
        samples.code("one", "1"),
        samples.code("two", "2"),
        samples.text("c", "On."),
        samples.code("three", "3"),
    ]
    assert of(*cells) == [["one"], ["two"], ["c-0", "three"]]


def test_code_and_a_long_result_are_two_slides():
    long = samples.printed("line\n" * 30)
    assert of(samples.code("run", "1", long)) == [["run"], ["run-result"]]
    assert of(samples.code("run", "1\n" * 12, samples.shown(samples.LOSS))) == [["run"], ["run-result"]]
    assert of(samples.code("run", "1", samples.printed("short"))) == [["run"]]


def test_set_up_and_links_are_left_out_and_a_heading_is_repeated():
    cells = [
        samples.code("set-up", "1"),
        samples.text("t", "## One"),
        samples.code("a", "2"),
        samples.code("b", "3"),
    ]
    assert of(*cells, samples.text("navigation", "next")) == [["t-0", "a"], ["b"]]


def test_every_cell_of_a_lesson_is_on_a_slide_and_pictures_keep_their_text(lesson):
    texts = " ".join(slide.get_text() for slide in shown(lesson))
    for part in ("It comes back.", "One file holds the model.", 'save("digits.keras")', "Key points"):
        assert part in texts
    alts = [image["alt"] for slide in shown(lesson) for image in slide.find_all("img")]
    assert alts == ["The three parts of a saved model", samples.PICTURE]


def test_a_result_comes_without_its_code_a_second_time(lesson):
    broken.cell(lesson.notebook, "save-keras").source = "the_code()"
    broken.cell(lesson.notebook, "save-keras").outputs = [samples.printed("result\n" * 40)]
    first, second = [
        slide for slide in shown(lesson) if "the_code" in str(slide) or "result" in slide.get_text()
    ]
    assert "the_code" in first.get_text() and "result" not in first.get_text()
    assert "the_code" not in second.get_text() and "result" in second.get_text()
    assert second.select_one(".running")


@pytest.mark.parametrize("stem", COURSE.lessons[::4])
def test_a_lesson_is_complete_in_one_file(stem):
    one = page.read(COURSE.path("notebooks", stem))
    text = slides.slides(one)
    assert LOADED.findall(text) == [] and "<script src" not in text
    assert str(scratch.COURSE) not in text
    soup = bs4.BeautifulSoup(text, "html.parser")
    assert all(image.get("alt") for image in soup.find_all("img"))
    pictures = sum(
        "image/png" in output.get("data", {})
        for cell in one.notebook.cells
        for output in cell.get("outputs", [])
    )
    assert len(soup.find_all("img")) >= pictures > 0
    for line in (
        cell.source for cell in one.notebook.cells if cell.cell_type == "code" and "quiz.ask" in cell.source
    ):
        assert line not in soup.get_text()
    assert soup.find("details") and "Run this cell" not in soup.get_text()


def test_the_command_writes_the_files_it_names(tmp_path, capsys):
    assert command.main(["slides", "4", "02", "--to", str(tmp_path / "ü x")]) == 0
    assert sorted(path.name for path in (tmp_path / "ü x").iterdir()) == [
        "02_save_and_load.html",
        "04_formats.html",
    ]
    assert "arrow keys" in capsys.readouterr().out
    assert command.main(["slides", "cheat_sheet", "--to", str(tmp_path)]) == 1
    assert "Choose one of: 01_what" in capsys.readouterr().out
