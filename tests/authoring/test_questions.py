"""The questions elsewhere: read back by readers of their own, each with every option and its reason."""

import re
import xml.etree.ElementTree as ElementTree
import zipfile

import bs4
from helpers import question
from helpers.authoring import command
from helpers.authoring.teaching import questions
from helpers.core import option_order, texts
import pytest

ITEMS = texts.load("en")["quiz"]
ONE = re.compile(r"^::((?:\\.|[^:\\])+)::\[html\]((?:\\.|[^{\\])+)\{\n((?:\\.|[^}\\])+)\n\}$", re.DOTALL)
OPTION = re.compile(r"^  ([=~])((?:\\.|[^#\\])+)#((?:\\.|[^#\\])+)$")


@pytest.fixture
def written(tmp_path, capsys):
    def write(kind: str, *more: str):
        assert command.main(["questions", kind, "--to", str(tmp_path / "räum"), *more]) == 0
        assert f"{len(ITEMS)} questions" in capsys.readouterr().out or more
        return tmp_path / "räum" / questions.FILES[kind]

    return write


def plain(escaped: str) -> str:
    return re.sub(r"\\(.)", r"\1", escaped)


def test_gift_has_every_question_with_a_reason_for_every_option(written):
    blocks = written("gift").read_text(encoding="utf-8").strip().split("\n\n")
    found = {}
    for block in (block for block in blocks if not block.startswith("$CATEGORY: ")):
        name, prompt, inside = ONE.fullmatch(block).groups()
        *options, general = inside.split("\n")
        assert general.startswith("  ####")
        found[plain(name)] = plain(prompt), [OPTION.fullmatch(line).groups() for line in options]
    assert found.keys() == ITEMS.keys()
    for name, (prompt, options) in found.items():
        entry = ITEMS[name]
        assert prompt.endswith(question.marked(entry["prompt"]))
        assert [(plain(text), plain(why)) for _, text, why in options] == [
            (question.marked(option["text"]), question.marked(option["why"]))
            for option in entry["options"].values()
        ]
        assert [sign for sign, *_ in options].count("=") == 1
        assert list(entry["options"])[[sign for sign, *_ in options].index("=")] == entry["right"]


def test_qti_has_every_question_with_a_reason_for_every_option(written):
    space = {"q": questions.QTI, "p": questions.PACKAGE}
    with zipfile.ZipFile(written("qti")) as package:
        manifest = ElementTree.fromstring(package.read("imsmanifest.xml"))
        named = [one.get("href") for one in manifest.iterfind(".//p:resource", space)]
        assert {*named, "imsmanifest.xml"} == set(package.namelist()) and len(named) == len(ITEMS)
        for name in named:
            item = ElementTree.fromstring(package.read(name))
            entry = ITEMS[name.removesuffix(".xml")]
            assert item.find("q:responseDeclaration//q:value", space).text == entry["right"]
            choices = {one.get("identifier"): _text(one) for one in item.iterfind(".//q:simpleChoice", space)}
            modal = {one.get("identifier"): _text(one) for one in item.iterfind("q:modalFeedback", space)}
            assert choices == {key: _bare(option["text"]) for key, option in entry["options"].items()}
            for key, option in entry["options"].items():
                assert modal[key].startswith(_bare(option["why"]))


def _text(element: ElementTree.Element) -> str:
    return "".join(element.itertext())


def _bare(words: str) -> str:
    return bs4.BeautifulSoup(question.marked(words), "html.parser").get_text()


def test_the_quiz_on_paper_gives_nothing_away_and_its_key_agrees(written):
    path = written("paper")
    quiz, key = (
        bs4.BeautifulSoup(one.read_text(encoding="utf-8"), "html.parser")
        for one in (path, path.with_name(questions.KEY))
    )
    text = quiz.get_text()
    assert not [name for name, entry in ITEMS.items() if _bare(entry["matters"]) in text]
    assert "✓" not in text and "Name:" in text
    answers = [heading.get_text().split(" · ") for heading in key.find_all("h2")]
    assert len(answers) == len(quiz.find_all("section")) == len(ITEMS)
    for section, (_, letter, name) in zip(quiz.find_all("section"), answers, strict=True):
        entry = ITEMS[name]
        order = option_order.printed(name, list(entry["options"]))
        right = section.find_all("li")["ABCD".index(letter)].get_text()
        assert right == f"{letter} ☐ {_bare(entry['options'][entry['right']]['text'])}"
        assert order["ABCD".index(letter)] == entry["right"]


def test_one_lesson_alone_and_a_choice_that_leaves_nothing(written, tmp_path, capsys):
    assert written("gift", "--lesson", "04").read_text(encoding="utf-8").count("$CATEGORY") == 1
    assert command.main(["questions", "gift", "--lesson", "00", "--level", "expert"]) == 1
    assert "Choose another level" in capsys.readouterr().out
    (tmp_path / "file").touch()
    assert command.main(["questions", "qti", "--to", str(tmp_path / "file")]) == 1
    assert "cannot be written" in capsys.readouterr().out
