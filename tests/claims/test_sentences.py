"""What a page says stands beside the cell that shows it: sentences.toml against the pages as stored.

That the printed lines are today's is what comparing the notebooks themselves sees to (nbval).
"""

import pathlib
import tomllib

from helpers.authoring.notebooks import page, parts
from helpers.authoring.rules import outputs
import pytest

HERE = pathlib.Path(__file__).parent
ENTRIES = tomllib.loads((HERE / "sentences.toml").read_text(encoding="utf-8"))["sentence"]
NOTEBOOKS = HERE.parents[1] / "notebooks"


def _page(stem: str) -> page.Page:
    return page.read(NOTEBOOKS / f"{stem}.ipynb")


def _said(one: page.Page) -> str:
    """All text of a page, with single spaces."""
    return " ".join(
        " ".join(cell.source for cell in parts.cells(one) if cell.cell_type == "markdown").split()
    )


def _wrong(entry: dict[str, str], one: page.Page) -> str:
    """What is wrong with an entry, or nothing."""
    if entry["text"] not in _said(one):
        return f"the page does not say {entry['text']!r}"
    shown = [cell for cell in parts.code_cells(one) if cell.id == entry["cell"]]
    if not shown:
        return f"there is no cell {entry['cell']}"
    if entry["line"] not in "\n".join(outputs.texts(shown[0])):
        return f"{entry['cell']} does not print {entry['line']!r}"
    return ""


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: f"{entry['page'][:2]} {entry['cell']}")
def test_the_sentence_and_the_line_that_shows_it_are_there(entry):
    assert set(entry) == {"page", "text", "cell", "line", "false"}
    assert _wrong(entry, _page(entry["page"])) == ""
    assert entry["false"].strip()
