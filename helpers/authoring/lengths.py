"""How long a lesson is, part by part: its sections, its tasks, what it asks, and the minutes each takes."""

import re

from helpers.authoring import markdown, page
from helpers.authoring.rules import opening, parts

TASK = re.compile(r"^## (\d\d\.\d) · (.+) \((\d+) minutes\)")
# A line of code takes as long as so many words, and so does what a question makes one think about.
LINE, QUESTION = 3, 60


def title_and_minutes(lesson: page.Page) -> tuple[str, tuple[int, int] | None]:
    """The title without its number, and the minutes to read and to practise; None where it says none."""
    lines = lesson.notebook.cells[0].source.splitlines()
    title = lines[0].partition(" · ")[2] or lines[0].lstrip("# ")
    said = [match for line in lines if (match := opening.TIMES.match(line.strip()))]
    return title, (int(said[0][1]), int(said[0][2])) if said else None


def asked(lesson: page.Page) -> list[str]:
    """The ids of the quiz items that a lesson asks, in its order."""
    return [
        f"{number}.{kind}.{word}"
        for cell in parts.code_cells(lesson)
        for kind in ("predict", "myth")
        for number, word in parts.asks(cell, kind)
    ]


def sections(lesson: page.Page) -> dict[str, float]:
    """Minutes to read each section, by its heading: the lesson's minutes, shared out by length.

    "Your turn" and what stands above the first heading take none: they are links, a title and a set-up.
    """
    weights: dict[str, float] = {}
    heading = ""
    for cell in parts.cells(lesson):
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
    found = [TASK.match(cell.source) for cell in parts.cells(solution) if cell.cell_type == "markdown"]
    return {match[1]: (match[2], int(match[3])) for match in found if match}


def _code(cell) -> float:
    if cell.id == "set-up":
        return 0
    return QUESTION if "quiz.ask" in cell.source else LINE * len(cell.source.splitlines())
