"""`author handout`: what one sheet of paper asks on its front and answers on its back."""

import bs4
from helpers.authoring import command
from helpers.authoring.notebooks import course, markdown, page, parts
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
    assert [box.strong.get_text() for box in boxes] == [
        letter for entry in asked for letter in "ABCDEFGH"[: len(entry["options"])]
    ]


def test_the_front_asks_and_the_back_answers(lesson):
    soup = bs4.BeautifulSoup(handout.handout(lesson), "html.parser")
    front, back = soup.select("main > section")
    assert front.select_one(".name") and front.select(".tick li") and front.select(".myths li")
    assert not front.select(".points, .cures, .read")
    assert back.select(".points li") and back.select(".cures tr") and not back.select(".tick, .myths")


def test_paper_has_the_addresses_to_read_on(lesson):
    soup = bs4.BeautifulSoup(handout.handout(lesson), "html.parser")
    linked = {link for cell in parts.section(lesson, "Read on") for link in markdown.links(cell.source)}
    assert {link for link in linked if link.startswith("http")} == {
        tag.get_text().strip() for tag in soup.select(".read .address")
    }
    assert soup.select(".read .address")


def test_the_key_has_a_letter_and_the_reasons_for_every_question_of_the_sheet(lesson):
    key = bs4.BeautifulSoup(handout.key(lesson), "html.parser")
    sheet = bs4.BeautifulSoup(handout.handout(lesson), "html.parser")
    names = sorted(parts.asked(lesson), key=lambda name: ".myth." in name)
    known = [texts.table("quiz")[name] for name in names]
    asked = sheet.select(".tick > div, .myths > div")
    assert len(key.select("section")) == len(asked) == len(known)
    for entry, question, answer in zip(known, asked, key.select("section"), strict=True):
        number, letter, _ = answer.h2.get_text().split(" · ")
        assert question.b.get_text() == number
        right = entry["options"][entry["right"]]["text"].replace("`", "")
        chosen = next(line for line in question.select("li") if line.strong.get_text() == letter)
        assert chosen.get_text().split(" ", 1)[1].split() == right.split()
        assert all(
            option["why"].split("`")[0][:30] in answer.get_text() for option in entry["options"].values()
        )


def test_paper_gets_no_links_and_needs_no_other_file(lesson):
    said = handout.handout(lesson)
    soup = bs4.BeautifulSoup(said, "html.parser")
    assert not soup.find_all(["a", "script", "link", "img"]) and "url(" not in said
    assert str(scratch.COURSE) not in said
    assert "Previous" not in soup.get_text()


def test_the_command_writes_every_lesson(tmp_path, capsys):
    assert command.main(["handout", "all", "--to", str(tmp_path)]) == 0
    expected = [*COURSE.lessons, *(f"{stem}-key" for stem in COURSE.lessons)]
    assert sorted(path.stem for path in tmp_path.iterdir()) == sorted(expected)
    assert command.main(["handout", "nothing", "--to", str(tmp_path)]) == 1
    assert "There is no notebook 'nothing'" in capsys.readouterr().out
