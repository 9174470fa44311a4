"""The tables of the cheat sheet: lines are run as they stand, and what came of them is said truly."""

import re

import bs4
from helpers.authoring.notebooks import course, page
from helpers.lessons import cheat_sheet
import numpy
import pytest

SHEET = page.read(course.Course().path("notebooks", "cheat_sheet"))
CELLS = {cell.id: cell for cell in SHEET.notebook.cells}


class Optimizer:
    iterations = 90


class Back:
    """Something that was loaded, with an optimizer or without."""

    def __init__(self, optimizer=None):
        self.optimizer, self.compile = optimizer, None


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("x = 1", "no error"),
        ("x = 1; x + 1", "no error → 2"),
        ("'two'", "no error → 'two'"),
        ("[1, 2]", "no error → [1, 2]"),
        ("False", "no error → False"),
        ("None", "no error"),
        ("object()", "no error"),
        ("numpy.zeros((2, 3))", "no error → shape (2, 3)"),
        ("Optimizer()", "no error → Optimizer, step 90"),
        ("missing", "NameError: name 'missing' is not defined"),
        ("fail('One. Two.')", "ValueError: One"),
        ("fail('no file m.keras. Look there.')", "ValueError: no file m.keras"),
        (
            "fail('A long story. Could not locate class Mine. Make sure')",
            "ValueError: Could not locate class Mine",
        ),
        ("fail('a ' * 40)", "ValueError: " + "a " * 32 + "…"),
    ],
)
def test_what_came_of_a_line_is_said_in_few_words(line, said):
    def fail(text):
        raise ValueError(text)

    names = {"fail": fail, "numpy": numpy, "Optimizer": Optimizer}
    assert cheat_sheet.outcome(line, names) == said


def test_a_line_changes_the_names_and_its_output_is_dropped(capsys):
    names = {"numpy": numpy}
    assert cheat_sheet.run("print('noise'); import warnings; warnings.warn('x'); seven = 7", names) is None
    assert names["seven"] == 7
    assert capsys.readouterr() == ("", "")


def test_old_lines_may_fail_and_todays_may_not():
    names = {"numpy": numpy}
    (row,) = cheat_sheet.old_and_today("[][0] -> numpy.zeros(2)\n\n", names)
    assert row == [
        "<code>[][0]</code>",
        '<span class="refused">IndexError: list index out of range</span>',
        "<code>numpy.zeros(2)</code> → shape (2,)",
    ]
    (row,) = cheat_sheet.old_and_today("kept = 1; kept < 0 -> kept == 1", names)
    assert row[0] == "<code>kept = 1; kept &lt; 0</code>"
    assert row[1] == '<span class="silent">no error → False</span>'
    with pytest.raises(IndexError):
        cheat_sheet.old_and_today("1 -> [][0]", names)


def test_a_job_says_what_came_back():
    names = {"same": lambda back: isinstance(back, Back), "Back": Back, "Optimizer": Optimizer}
    cell = "keep | file = 1 | Back(Optimizer())\nserve | file = 2 | file\nnumbers | 0 | Back()"
    ends = [row[3:] for row in cheat_sheet.jobs(cell, names)]
    assert ends == [["yes", "Optimizer, step 90"], ["no", "no"], ["yes", "after compile"]]


@pytest.mark.parametrize(("sign", "count"), [("->", 2), ("|", 3)])
def test_a_line_with_a_part_too_few_is_refused(sign, count):
    with pytest.raises(ValueError, match=rf"'model.save' has 1 parts. Expected: {count}, with"):
        cheat_sheet.fields("model.save", sign, count)


def test_the_table_can_be_read_without_html():
    rows = [["<code>a &lt; b</code>", '<span class="silent">no error</span>', "<code>f()<wbr>.g()</code>"]]
    plain = cheat_sheet.plain(cheat_sheet.COMPARED, rows)
    assert plain == "your old line: a < b\nwhat it does today: no error\ntoday's line: f().g()"
    table = bs4.BeautifulSoup(cheat_sheet.table(cheat_sheet.COMPARED, rows, "jobs"), "html.parser")
    assert [head["scope"] for head in table.find_all("th")] == ["col"] * 3


def shown(identifier: str) -> list[list[str]]:
    """The rows of a table on the page, as text."""
    (output,) = CELLS[identifier].outputs
    table = bs4.BeautifulSoup(output.data["text/html"], "html.parser")
    return [[cell.get_text() for cell in row.find_all("td")] for row in table.tbody.find_all("tr")]


def test_every_line_of_the_page_stands_in_its_table():
    for identifier, sign in {"refused": "->", "silent": "->", "jobs": "|"}.items():
        written = cheat_sheet.fields(
            CELLS[identifier].source.partition("\n")[2], sign, 3 if sign == "|" else 2
        )
        rows = shown(identifier)
        assert len(rows) == len(written) >= 4
        for row, parts in zip(rows, written, strict=True):
            assert all(any(part in cell for cell in row) for part in parts)


def test_old_lines_stop_in_one_table_and_mislead_in_the_other():
    assert all(re.match(r"[A-Z]\w+Error: ", row[1]) for row in shown("refused"))
    for _, old, today in shown("silent"):
        assert old.startswith("no error → ")
        assert old.partition(" → ")[2] != today.rpartition(" → ")[2]


def test_every_job_brings_the_same_answers_back():
    assert [row[3] for row in shown("jobs")] == ["yes"] * 4


def test_the_glossary_has_a_dozen_words_or_more_in_order():
    words = re.findall(r"^- \*\*(.+?)\*\*: \S", CELLS["glossary"].source, re.MULTILINE)
    assert 12 <= len(words) <= 15
    assert words == sorted(words, key=str.lower)


def test_the_copied_test_is_the_one_that_was_tried():
    assert "`call` returns self.factor * inputs: passed" in CELLS["try-test"].outputs[0].text
    assert "`call` returns inputs: failed" in CELLS["try-test"].outputs[0].text
    assert CELLS["the-test"].source.startswith("%%writefile test_round_trip.py\n")
    for option in ("--inspect", "--round-trip"):
        assert f"uv run course {option}" in CELLS["about-own"].source
        assert f'"{option}"' in CELLS["machine-own"].source
