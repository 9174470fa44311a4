"""What a page says stands beside the cell that shows it: sentences.toml against the pages as stored.

That the printed lines are today's is what comparing the notebooks themselves sees to (nbval).
"""

import collections
import pathlib
import re
import tomllib

from helpers.authoring.notebooks import course, page, parts
from helpers.authoring.rules import cells, outputs
from helpers.tools.clinic import entries as clinic
import pytest

HERE = pathlib.Path(__file__).parent
ENTRIES = tomllib.loads((HERE / "sentences.toml").read_text(encoding="utf-8"))["sentence"]
COURSE = HERE.parents[1]
ROWS = tomllib.loads((HERE.parent / "tools" / "clinic_rows.toml").read_text(encoding="utf-8"))
# Entries of the error clinic whose proof lets the error happen here, and cures it.
LIVE = {name for name, entry in clinic.load().items() if entry.state == "live"}


def _page(stem: str, folder: str = "notebooks") -> page.Page:
    return page.read(COURSE / folder / f"{stem}.ipynb")


def _plain(text: str) -> str:
    """A text with single spaces."""
    return " ".join(text.split())


def _said(one: page.Page) -> str:
    """All text of a page."""
    return _plain(" ".join(cell.source for cell in parts.cells(one) if cell.cell_type == "markdown"))


def _wrong(entry: dict[str, str], one: page.Page, solution: page.Page | None = None) -> str:
    """What is wrong with an entry, or nothing. A cell `solution#name` stands in the lesson's solution."""
    if entry["text"] not in _said(one):
        return f"the page does not say {entry['text']!r}"
    in_solution, name = re.fullmatch(r"(solution#)?(.+)", entry["cell"]).groups()
    shown = [cell for cell in parts.code_cells(solution if in_solution else one) if cell.id == name]
    if not shown:
        return f"there is no cell {entry['cell']}"
    if cells.IGNORE in parts.tags(shown[0]):
        return f"{entry['cell']} is not compared, so no run proves its line"
    if entry["line"] not in "\n".join(outputs.texts(shown[0])):
        return f"{entry['cell']} does not print {entry['line']!r}"
    return ""


def _promises(one: page.Page) -> list[str]:
    """What a page wants to be believed: its key points, and the rows of its table "If it breaks"."""
    points = re.findall(r"^- (.+)", parts.heading_cell(one, "Key points").source, re.MULTILINE)
    rows = re.findall(r"^\| .+ \|$", parts.heading_cell(one, "If it breaks").source, re.MULTILINE)
    return [_plain(text) for text in points + rows[1:]]  # without the head of the table


def _unproved(one: page.Page, entries: list[dict[str, str]]) -> list[str]:
    """The promises of a page of which no entry repeats a part, and that the clinic does not prove either."""
    texts = [entry["text"] for entry in entries if entry["page"] == one.stem]
    unsaid = [promise for promise in _promises(one) if not any(text in promise for text in texts)]
    return [promise for promise in unsaid if not _in_the_clinic(promise)]


def _in_the_clinic(promise: str) -> bool:
    """Whether it is a row of a table whose symptom an entry of the clinic proves."""
    symptom = promise.removeprefix("| ").split(" | ")[0]
    return promise.startswith("| ") and ROWS.get(symptom) in LIVE


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: f"{entry['page'][:2]} {entry['cell']}")
def test_the_sentence_and_the_line_that_shows_it_are_there(entry):
    assert set(entry) == {"page", "text", "cell", "line", "false"}
    solution = _page(entry["page"], "solutions") if entry["cell"].startswith("solution#") else None
    assert _wrong(entry, _page(entry["page"]), solution) == ""
    assert entry["false"].strip() and entry["line"].strip()
    assert entry["false"] != entry["line"]


def test_no_sentence_is_listed_twice():
    said = collections.Counter((entry["page"], entry["text"]) for entry in ENTRIES)
    assert [each for each, count in said.items() if count > 1] == []


@pytest.mark.parametrize("stem", course.LESSONS)
def test_every_key_point_and_every_cure_has_an_entry(stem):
    one = _page(stem)
    assert len(_promises(one)) >= 6
    assert _unproved(one, ENTRIES) == []


# The list can fail: what these tests change is noticed.


@pytest.fixture
def entry() -> dict[str, str]:
    """An entry of a key point of the first page."""
    points = _promises(_page(course.LESSONS[0]))
    return next(one for one in ENTRIES if one["page"] == course.LESSONS[0] and one["text"] in points)


def test_another_printed_line_is_noticed(entry):
    one = _page(entry["page"])
    (cell,) = (cell for cell in parts.code_cells(one) if cell.id == entry["cell"])
    for output in cell.outputs:
        output["text"] = output["text"].replace(entry["line"], entry["false"])
    assert _wrong(entry, one) == f"{entry['cell']} does not print {entry['line']!r}"


def test_another_sentence_is_noticed(entry):
    one = _page(entry["page"])
    for cell in parts.cells(one):
        cell.source = cell.source.replace(entry["text"], "It works.")
    assert _wrong(entry, one) == f"the page does not say {entry['text']!r}"


def test_a_cell_that_no_run_compares_is_noticed(entry):
    one = _page(entry["page"])
    (cell,) = (cell for cell in parts.code_cells(one) if cell.id == entry["cell"])
    cell.metadata["tags"] = [cells.IGNORE]
    assert _wrong(entry, one) == f"{entry['cell']} is not compared, so no run proves its line"


def test_a_cell_that_is_gone_is_noticed(entry):
    assert _wrong(entry | {"cell": "nowhere"}, _page(entry["page"])) == "there is no cell nowhere"


@pytest.mark.parametrize("stem", course.LESSONS)
def test_a_promise_without_its_entry_is_noticed(stem):
    one = _page(stem)
    for promise in (each for each in _promises(one) if not _in_the_clinic(each)):
        others = [entry for entry in ENTRIES if entry["text"] not in promise]
        assert promise in _unproved(one, others)


def test_a_new_promise_needs_an_entry():
    one = _page(course.LESSONS[0])
    parts.heading_cell(one, "Key points").source += "\n- A model never forgets."
    parts.heading_cell(one, "If it breaks").source += "\n| it is slow | the moon | wait |"
    assert _unproved(one, ENTRIES) == ["A model never forgets.", "| it is slow | the moon | wait |"]
