"""`author handout`: what one page of paper says of a lesson."""

import bs4
from helpers.authoring import command
from helpers.authoring.notebooks import course, page, parts
from helpers.authoring.teaching import handout
from helpers.core import scratch, texts
import pytest

COURSE = course.Course()


@pytest.fixture(params=COURSE.lessons)
def lesson(request):
    return page.read(COURSE.path("notebooks", request.param))


def test_the_page_has_the_question_the_points_the_cures_and_the_times(lesson):
    soup = bs4.BeautifulSoup(handout.handout(lesson), "html.parser")
    said = " ".join(soup.get_text(" ").split())
    title, (read, practise) = parts.title_and_minutes(lesson)
    assert soup.h1.get_text() == f"{lesson.number} · {title}"
    assert f"{read} minutes to read · {practise} minutes to practise" in said
    headings = [heading.get_text() for heading in soup.find_all("h2")]
    assert [
        name for name in headings if name in ("The question", "Key points", "If it breaks", "Read on")
    ] == [
        "The question",
        "Key points",
        "If it breaks",
        "Read on",
    ]
    assert len(soup.select(".points li")) >= 3 and len(soup.select(".cures tr")) >= 2
    assert len(soup.select(".tasks li")) >= 3


def test_questions_are_asked_and_not_answered(lesson):
    soup = bs4.BeautifulSoup(handout.handout(lesson), "html.parser")
    asked = [texts.table("quiz")[name] for name in parts.asked(lesson)]
    boxes = soup.select(".tick li, .myths li")
    assert len(boxes) == sum(len(entry["options"]) for entry in asked) > 5
    for entry in asked:
        assert entry["options"][entry["right"]]["why"] not in soup.get_text()


def test_paper_gets_no_links_and_needs_no_other_file(lesson):
    said = handout.handout(lesson)
    soup = bs4.BeautifulSoup(said, "html.parser")
    assert not soup.find_all(["a", "script", "link", "img"]) and "url(" not in said
    assert str(scratch.COURSE) not in said
    assert "Previous" not in soup.get_text()


def test_the_command_writes_every_lesson(tmp_path, capsys):
    assert command.main(["handout", "all", "--to", str(tmp_path)]) == 0
    assert sorted(path.stem for path in tmp_path.iterdir()) == list(COURSE.lessons)
    assert command.main(["handout", "nothing", "--to", str(tmp_path)]) == 1
    assert "There is no notebook 'nothing'" in capsys.readouterr().out
