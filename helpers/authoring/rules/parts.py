"""Finding the parts of a notebook: sections by their heading, cells by what they call."""

import re

from helpers.authoring import markdown, page
import nbformat


def cells(one: page.Page) -> list[nbformat.NotebookNode]:
    """Every cell, in order."""
    return one.notebook.cells


def code_cells(one: page.Page) -> list[nbformat.NotebookNode]:
    """Every code cell, in order."""
    return [cell for cell in cells(one) if cell.cell_type == "code"]


def tags(cell: nbformat.NotebookNode) -> list[str]:
    """The tags of a cell; none if it has no metadata for them."""
    return cell.metadata.get("tags", [])


def heading_cell(one: page.Page, title: str) -> nbformat.NotebookNode | None:
    """The cell with the second-level heading of this title, or None."""
    for cell in cells(one):
        if cell.cell_type == "markdown" and title in markdown.headings(cell.source, 2):
            return cell
    return None


def section(one: page.Page, title: str) -> list[nbformat.NotebookNode]:
    """The cells from this second-level heading up to the next one; empty if there is no such heading."""
    first = heading_cell(one, title)
    if first is None:
        return []
    found = [first]
    for cell in cells(one)[cells(one).index(first) + 1 :]:
        if cell.cell_type == "markdown" and markdown.headings(cell.source, 2):
            break
        found.append(cell)
    return found


def before(one: page.Page, title: str) -> list[nbformat.NotebookNode]:
    """The cells above this heading; all cells if there is no such heading."""
    stop = heading_cell(one, title)
    return cells(one)[: cells(one).index(stop)] if stop else cells(one)


def taught(one: page.Page) -> list[nbformat.NotebookNode]:
    """The cells of the lesson proper: after the set-up, before "Key points" or "Your turn"."""
    above = min((before(one, title) for title in ("Key points", "Your turn")), key=len)
    names = [cell.get("id") for cell in above]
    return above[names.index("set-up") + 1 :] if "set-up" in names else above


def asks(cell: nbformat.NotebookNode, kind: str) -> list[tuple[str, str]]:
    """(number, word) of each quiz.ask("NN.kind.word") in a code cell."""
    if cell.cell_type != "code":
        return []
    return re.findall(
        rf"^quiz\.ask\([\"'](\d\d)\.{kind}\.([a-z][a-z0-9_-]*)[\"']",
        cell.source,
        re.MULTILINE,
    )


def minutes(text: str) -> list[int]:
    """Every number of minutes that a text names."""
    return [int(number) for number in re.findall(r"\b(\d+)[ -]minutes?\b", text)]
