"""`author print`: what paper gets of a notebook, and that the file needs nothing beside it."""

import re

import bs4
from helpers.authoring import command
from helpers.authoring.notebooks import course, page, parts
from helpers.authoring.teaching import printing
from helpers.core import scratch, texts
import pytest

from tests.authoring import broken, samples

OUTSIDE = re.compile(r"(?:src|srcset|data)=|url\(|@import|<(?:script|link|iframe|object|embed)\b")


@pytest.fixture
def lesson(tmp_path):
    """A small lesson, as a page that may be changed."""
    whole = samples.write(tmp_path)
    return page.read(whole.path("notebooks", "01_first"))


def soup(one) -> bs4.BeautifulSoup:
    return bs4.BeautifulSoup(printing.printed(one), "html.parser")


def test_a_lesson_is_printed_with_its_title_text_code_outputs_and_versions(lesson):
    printed = soup(lesson)
    assert printed.title.get_text() == "01 · Save a model"
    assert printed.main["class"] == ["column"]
    words = printed.get_text()
    for part in ("One file holds the model.", 'model.save("digits.keras")', "saved", "TensorFlow 2.21.0"):
        assert part in words
    assert printed.footer.get_text() == "TensorFlow 2.21.0"
    assert [image["alt"] for image in printed.find_all("img")] == [
        "The three parts of a saved model",
        samples.PICTURE,
    ]


@pytest.mark.parametrize(
    ("tag", "code", "output"),
    [("print-none", False, False), ("print-input", True, False), ("print-output", False, True)],
)
def test_tags_say_what_paper_gets(lesson, tag, code, output):
    cell = broken.cell(lesson.notebook, "save-keras")
    cell.source, cell.outputs = "the_code()", [samples.printed("the output\n")]
    cell.metadata.tags = [tag]
    words = soup(lesson).get_text()
    assert ("the_code" in words) == code
    assert ("the output" in words) == output


def test_wide_cells_make_two_columns(lesson):
    broken.cell(lesson.notebook, "save").metadata.tags = ["print-wide"]
    printed = soup(lesson)
    assert printed.main["class"] == ["columns"]
    (wide,) = printed.select(".celltag_print-wide")
    assert "One file holds the model." in wide.get_text()


def test_links_to_files_go_and_others_stay(lesson):
    anchors = {anchor["href"] for anchor in soup(lesson).find_all("a")}
    assert anchors == {"#The-question", "https://a.example", "https://b.example"}
    assert "Practice" in soup(lesson).get_text()


def test_a_file_to_copy_loses_the_magic_and_keeps_its_name(lesson):
    broken.cell(lesson.notebook, "save-keras").source = "%%writefile -a own_test.py\nimport keras"
    words = soup(lesson).get_text()
    assert "# own_test.py" in words
    assert "writefile" not in words
    assert "%%writefile" in broken.cell(lesson.notebook, "save-keras").source


def test_questions_on_paper_can_be_answered_there_and_their_answers_stand_at_the_end():
    one = page.read(course.Course().path("notebooks", "04_formats"))
    printed = soup(one)
    (answers,) = printed.select(".answers")
    asked = printed.select(".asked")
    names = parts.asked(one)
    assert len(asked) == len(answers.select("section")) == len(names) > 2
    assert [line for line in printed.get_text().splitlines() if "quiz.ask" in line] == []
    assert texts.words("static") not in printed.get_text()
    for number, name in enumerate(names, start=1):
        entry = texts.table("quiz")[name]
        question, answer = asked[number - 1].section, answers.select("section")[number - 1]
        assert len(question.select("li")) == len(entry["options"])
        assert question.h2.get_text().startswith(f"{number} · ")
        letter = answer.h2.get_text().split(" · ")[1]
        (right,) = [line for line in question.select("li") if line.strong.get_text() == letter]
        assert right.get_text().endswith(entry["options"][entry["right"]]["text"].replace("`", ""))
    reasons = [option["why"].split("`")[0] for option in texts.table("quiz")[names[0]]["options"].values()]
    answers.extract()
    assert not any(reason in printed.get_text() for reason in reasons if reason)


@pytest.mark.parametrize("stem", ["myth_busters", "error_clinic", "04_formats"])
def test_nothing_is_folded_on_paper(stem):
    printed = soup(page.read(course.Course().path("notebooks", stem)))
    assert all(tag.has_attr("open") for tag in printed.select("details"))


@pytest.mark.parametrize("stem", ["cheat_sheet", "02_save_and_load", "04_formats"])
def test_the_file_is_complete_in_itself(stem):
    text = printing.printed(page.read(course.Course().path("notebooks", stem)))
    loaded = [text[match.start() : match.start() + 60] for match in OUTSIDE.finditer(text)]
    assert [part for part in loaded if not part.startswith('src="data:image/')] == []
    assert str(scratch.COURSE) not in text


def test_the_command_writes_the_files_it_names(tmp_path, capsys):
    assert command.main(["print", "cheat_sheet", "2", "--to", str(tmp_path / "paper")]) == 0
    said = capsys.readouterr().out.splitlines()
    written = sorted((tmp_path / "paper").iterdir())
    assert [path.name for path in written] == ["02_save_and_load.html", "cheat_sheet.html"]
    assert [line.partition(": ")[0] for line in said] == [str(path) for path in reversed(written)]
    assert "Your old line" in written[1].read_text(encoding="utf-8")


def test_files_go_to_scratch_unless_told(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_SCRATCH", str(tmp_path))
    assert command.main(["print", "cheat_sheet"]) == 0
    assert (tmp_path / "print" / "cheat_sheet.html").exists()


def test_an_unknown_name_is_answered_in_words(tmp_path, capsys):
    assert command.main(["print", "cheat_sheat", "--to", str(tmp_path / "paper")]) == 1
    assert "There is no notebook 'cheat_sheat'. Choose one of: 00_start_here" in capsys.readouterr().out
    assert not (tmp_path / "paper").exists()
