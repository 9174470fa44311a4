"""Writes down the heading above each cell that settles a question, for `helpers.places`."""

import json

from helpers.authoring.notebooks import course, markdown, page
from helpers.core import places, scratch, texts


def headings(whole: course.Course) -> dict[str, str]:
    """The nearest heading above each cell that a quiz item names; cells that do not exist are left out."""
    wanted = sorted({entry["seen_in"] for entry in texts.load("en")["quiz"].values() if "seen_in" in entry})
    found = {}
    for stem in {place.partition("#")[0] for place in wanted}:
        path = whole.path("notebooks", stem)
        above = _above(path) if path.exists() else {}
        found |= {f"{stem}#{cell}": heading for cell, heading in above.items()}
    return {place: found[place] for place in wanted if place in found}


def write(whole: course.Course) -> bool:
    """Write the file of headings, which belongs to the course itself; returns whether it has changed."""
    if whole.root != scratch.COURSE:
        return False
    content = json.dumps(headings(whole), indent=1, ensure_ascii=False) + "\n"
    if places.FILE.exists() and places.FILE.read_text(encoding="utf-8") == content:
        return False
    places.FILE.write_text(content, encoding="utf-8")
    return True


def _above(path) -> dict[str, str]:
    heading, above = "", {}
    for cell in page.read(path).notebook.cells:
        if cell.cell_type == "markdown":
            heading = (markdown.headings(cell.source) or [heading])[-1]
        above[cell.id] = heading
    return above
