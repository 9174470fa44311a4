"""Finding the parts of a notebook: sections by their heading, cells by what they call."""

import re

from helpers.authoring.notebooks import markdown, page
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


# How long a lesson is, part by part: its sections, its tasks, what it asks, and the minutes each takes.


TIMES = re.compile(r"^\*(\d+) minutes to read · (\d+) minutes to practise · needs: \S.*\*$")
TASK = re.compile(r"^## (\d\d\.\d) · (.+) \((\d+) minutes\)")
# A line of code takes as long as so many words, and so does what a question makes one think about.
LINE, QUESTION = 3, 60


def title_and_minutes(lesson: page.Page) -> tuple[str, tuple[int, int] | None]:
    """The title without its number, and the minutes to read and to practise; None where it says none."""
    lines = lesson.notebook.cells[0].source.splitlines()
    title = lines[0].partition(" · ")[2] or lines[0].lstrip("# ")
    said = [match for line in lines if (match := TIMES.match(line.strip()))]
    return title, (int(said[0][1]), int(said[0][2])) if said else None


def asked(lesson: page.Page) -> list[str]:
    """The ids of the quiz items that a lesson asks, in its order."""
    return [
        f"{number}.{kind}.{word}"
        for cell in code_cells(lesson)
        for kind in ("predict", "myth")
        for number, word in asks(cell, kind)
    ]


def asked_by(cell: nbformat.NotebookNode) -> str:
    """The id of the quiz item that a cell asks and does nothing beside; "" if it asks none."""
    found = re.fullmatch(r"""quiz\.ask\(["']([^"']+)["']\)""", cell.source.strip())
    return found[1] if found and cell.cell_type == "code" else ""


def sections(lesson: page.Page) -> dict[str, float]:
    """Minutes to read each section, by its heading: the lesson's minutes, shared out by length.

    "Your turn" and what stands above the first heading take none: they are links, a title and a set-up.
    """
    weights: dict[str, float] = {}
    heading = ""
    for cell in cells(lesson):
        if cell.cell_type == "markdown":
            for piece in re.split(r"^(?=## )", cell.source, flags=re.MULTILINE):
                heading = (markdown.headings(piece, 2) or [heading])[-1]
                weights[heading] = weights.get(heading, 0) + markdown.words(piece)
        else:
            weights[heading] = weights.get(heading, 0) + _code(cell)
    whole = {name: weight for name, weight in weights.items() if name not in ("", "Your turn")}
    minutes = title_and_minutes(lesson)[1] or (0, 0)
    return {name: minutes[0] * weight / sum(whole.values()) for name, weight in whole.items()}


def tasks(solution: page.Page) -> dict[str, tuple[str, int]]:
    """(title, minutes) of each task of a lesson's exercise, by its number such as "04.2"."""
    found = [TASK.match(cell.source) for cell in cells(solution) if cell.cell_type == "markdown"]
    return {match[1]: (match[2], int(match[3])) for match in found if match}


def _code(cell) -> float:
    if cell.id == "set-up":
        return 0
    return QUESTION if "quiz.ask" in cell.source else LINE * len(cell.source.splitlines())
