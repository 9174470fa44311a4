"""Where a cell stands, in words a reader can follow: lesson, heading, and the cell's own name.

JupyterLab does not show the names of cells, so the headings above them are kept in `data/headings.json`,
which `author build` writes.
"""

import functools
import json
import pathlib

from helpers import text

FILE = pathlib.Path(__file__).parent / "data" / "headings.json"


@functools.cache
def headings() -> dict[str, str]:
    """The heading above each cell that settles a question, by its place such as "04_formats#fresh-trap"."""
    return json.loads(FILE.read_text(encoding="utf-8"))


def shown(place: str) -> str:
    """A place in words; as it is if no heading is known."""
    lesson, _, cell = place.partition("#")
    if place not in headings():
        return place
    return text.words("place", lesson=lesson.split("_")[0], heading=headings()[place], cell=cell)
