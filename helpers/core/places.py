"""Where a cell stands, in words a reader can follow: a link to the heading above it.

JupyterLab does not show the names of cells, so the headings above them are kept in `words/headings.json`,
which `author build` writes.
"""

import functools
import json
import pathlib
import urllib.parse

from helpers.core import texts

FILE = pathlib.Path(__file__).parent / "words" / "headings.json"


@functools.cache
def headings() -> dict[str, str]:
    """The heading above each cell that settles a question, by its place such as "04_formats#fresh-trap"."""
    return json.loads(FILE.read_text(encoding="utf-8"))


def shown(place: str) -> str:
    """A place as a link to its heading, in words; as it is if no heading is known."""
    lesson = place.partition("#")[0]
    if place not in headings():
        return place
    heading = headings()[place]
    named = texts.words("place", lesson=lesson.split("_")[0], heading=heading)
    # JupyterLab makes the name of a heading of its words, with a dash for each space.
    return f"[{named}]({lesson}.ipynb#{urllib.parse.quote(heading.replace(' ', '-'))})"
