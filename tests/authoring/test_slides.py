"""`author slides`: what stands on which slide, what the speaker says, and that a file needs no other."""

import re

import bs4
from helpers.authoring import command
from helpers.authoring.notebooks import course, page, parts
from helpers.authoring.teaching import slide_pieces, slides
from helpers.core import option_order, scratch, texts
import pytest

from tests.authoring import samples

COURSE = course.Course()
LOADED = re.compile(r"(?:src|srcset|data)=\"(?!data:image/)|@import|<(?:link|iframe|object|embed)\b")
reveal = pytest.mark.skipif(
    slides.importlib.util.find_spec("sphinx_revealjs") is None, reason="the group `site` is not installed."
)


@pytest.fixture
def lesson(tmp_path):
    """A small lesson, as a page that may be changed."""
    return page.read(samples.write(tmp_path).path("notebooks", "01_first"))


def of(lesson, *cells) -> list[str]:
    """The words on each slide of a lesson of these cells, what appears later in brackets."""
    lesson.notebook.cells = [samples.text("title", "# 01 · One\n\nStart."), *cells]
    found = []
    for slide in slide_pieces.slides(lesson)[1:]:
        said = [bs4.BeautifulSoup(piece.html, "html.parser").get_text().strip() for piece in slide.pieces]
        words = [f"[{text}]" if piece.later else text for text, piece in zip(said, slide.pieces, strict=True)]
        found.append(" | ".join([slide.title, *words]))
    return found


def test_a_result_appears_later_and_what_is_noticed_after_it(lesson):
    assert of(
        lesson,
        samples.text("a", "## One\n\nLook."),
        samples.code("run", "1", samples.printed("one")),
        samples.text("b", "Seen.\n\n## Two\n\nMore."),
    ) == ["One | Look. | 1 | [one] | [Seen.]", "Two | More."]


def test_each_cell_that_runs_has_a_slide_under_the_same_heading(lesson):
    assert of(lesson, samples.text("a", "## One"), samples.code("b", "1"), samples.code("c", "2")) == [
        "One | 1",
        "One | 2",
    ]


def test_a_long_result_and_a_long_cell_go_on_on_other_slides(lesson):
    lines = [f"line {number}" for number in range(45)]
    long = samples.code("run", "\n".join(lines), samples.printed("\n".join(lines)))
    found = of(lesson, samples.text("a", "## One"), long)
    assert len(found) > 3 and all(slide.startswith("One | ") for slide in found)
    assert re.findall(r"line \d+", " ".join(found)) == lines * 2


def test_a_long_table_is_cut_between_rows_below_the_same_headings(lesson):
    rows = "\n".join(f"| {number} | value |" for number in range(30))
    found = of(lesson, samples.text("a", f"## One\n\n| number | what |\n|---|---|\n{rows}"))
    assert len(found) > 1 and all("number" in slide for slide in found)
    assert re.findall(r"(\d+)\s+value", " ".join(found)) == [str(number) for number in range(30)]


def test_a_picture_has_a_slide_for_itself(lesson):
    drawn = samples.code("draw", "draw()", samples.shown(samples.LOSS))
    found = of(lesson, samples.text("a", "## One"), drawn)
    assert len(found) == 2 and found[0] == "One | draw()"


def test_set_up_links_and_headings_alone_make_no_slide(lesson):
    cells = [samples.code("set-up", "1"), samples.text("t", "## One"), samples.text("u", "## Two\n\nText.")]
    assert of(lesson, *cells, samples.text("navigation", "next")) == ["Two | Text."]


@pytest.mark.parametrize("stem", COURSE.lessons)
def test_questions_have_letters_and_are_answered_where_the_lesson_answers_them(stem):
    one = page.read(COURSE.path("notebooks", stem))
    made = slide_pieces.slides(one)
    known = texts.table("quiz")
    for identifier in parts.asked(one):
        entry = known[identifier]
        order = option_order.printed(identifier, list(entry["options"]))
        letter = option_order.letters(order)[entry["right"]]
        begun = [
            f"{mark} {entry['options'][name]['text'].split('`')[0][:25]}"
            for name, mark in option_order.letters(order).items()
        ]
        (asked,) = [
            number
            for number, slide in enumerate(made)
            if all(any(option in bs4_text(piece.html) for piece in slide.pieces) for option in begun)
        ]
        why = entry["options"][entry["right"]]["why"].split("`")[0][:25]
        shown = [
            number
            for number, slide in enumerate(made)
            for piece in slide.pieces
            if f"<strong>{letter} ✓</strong>" in piece.html and why in bs4_text(piece.html)
        ]
        assert shown and min(shown) > asked, identifier
        assert any(why in bs4_text(note) for note in made[asked].notes)
        if entry["kind"] == "predict" and entry.get("seen_in", "").startswith(stem):
            source = next(
                cell.source for cell in one.notebook.cells if cell.id == entry["seen_in"].split("#")[1]
            )
            line = source.strip().splitlines()[-1].strip()[:30]
            ran = [
                number
                for number, slide in enumerate(made)
                if any(line in bs4_text(piece.html) for piece in slide.pieces)
            ]
            assert asked < min(ran) < min(shown), identifier


def bs4_text(html: str) -> str:
    return bs4.BeautifulSoup(html, "html.parser").get_text()


@pytest.mark.parametrize("stem", COURSE.lessons)
def test_every_paragraph_is_said_and_the_teacher_says_something_first(stem):
    one = page.read(COURSE.path("notebooks", stem))
    made = slide_pieces.slides(one)
    said = " ".join(bs4_text("".join(slide.notes)) for slide in made)
    for cell in one.notebook.cells:
        if cell.cell_type == "markdown" and cell.id not in slide_pieces.LEFT_OUT:
            for block in slide_pieces.markdown.rendered(cell.source).find_all("p", recursive=False):
                assert block.find("img") or block.get_text() in said
    first = slide_pieces.guide.of(one.number, COURSE).parts["Say first"].split("`")[0].split("\n")[0]
    assert first[:30] in bs4_text("".join(made[0].notes))


@reveal
@pytest.mark.parametrize("stem", COURSE.lessons[::4])
def test_a_lesson_is_complete_in_one_file(stem):
    one = page.read(COURSE.path("notebooks", stem))
    text = slides.slides(one)
    soup = bs4.BeautifulSoup(text, "html.parser")
    assert soup.html["lang"] == "en" and len(soup.find_all("script")) == 1
    assert LOADED.findall(str(soup.main)) == [] and not soup.find(["link", "iframe"])
    assert str(scratch.COURSE) not in text
    pictures = sum(
        "image/png" in output.get("data", {})
        for cell in one.notebook.cells
        for output in cell.get("outputs", [])
    )
    assert len(soup.find_all("img")) >= pictures >= (stem != "17_many_devices")  # which has tables alone
    assert all(image.get("alt") for image in soup.find_all("img"))
    assert "quiz.ask" not in soup.main.get_text() and "Run this cell" not in soup.main.get_text()


@reveal
def test_the_command_writes_the_files_it_names(tmp_path, capsys):
    assert command.main(["slides", "4", "02", "--to", str(tmp_path / "ü x")]) == 0
    assert sorted(path.name for path in (tmp_path / "ü x").iterdir()) == [
        "02_save_and_load.html",
        "04_formats.html",
    ]
    assert "S opens your notes" in capsys.readouterr().out
    assert command.main(["slides", "cheat_sheet", "--to", str(tmp_path)]) == 1
    assert "Choose one of: 01_what" in capsys.readouterr().out
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    assert command.main(["slides", "04", "--to", str(tmp_path / "file")]) == 1
    assert "cannot be written" in capsys.readouterr().out


def test_a_notebook_without_outputs_is_named(lesson):
    for cell in lesson.notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = []
    with pytest.raises(page.NotExecuted, match=r"notebooks/01_first\.ipynb has no outputs"):
        slides.slides(lesson)


def test_without_reveal_the_line_to_type_is_said(monkeypatch, capsys):
    monkeypatch.setattr(slides.importlib.util, "find_spec", lambda name: None)
    assert command.main(["slides", "04"]) == 1
    assert "uv run --group site author slides 04" in capsys.readouterr().out
