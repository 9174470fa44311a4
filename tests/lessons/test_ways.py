"""The nine ways to learn, each one click from the first page, which stays a page of two minutes."""

import re

from helpers.authoring.notebooks import course, markdown, page
from helpers.core import scratch
import pytest

COURSE = course.Course()
START = page.read(COURSE.path("notebooks", "00_start_here"))
WAYS = ("Read", "Predict", "Run", "Look", "Practise", "Repair", "Recall", "Look up", "Build")
BUILDING = ("13_serve_and_roll_back", "14_monitor_and_retrain")  # where one builds
PACE = 230  # words a minute: a slow adult reader of plain text


def ways() -> dict[str, list[str]]:
    """The links of each way, by its name."""
    (cell,) = [cell for cell in START.notebook.cells if cell.id == "about-ways"]
    found = {}
    for line in cell.source.splitlines():
        if match := re.match(r"- \*\*(.+?)\*\*", line):
            found[match[1]] = markdown.links(line)
    return found


def wanted() -> list[str]:
    """All nine, once the lessons that build are part of the course; a way into nowhere is none."""
    return [way for way in WAYS if way != "Build" or set(BUILDING) <= set(COURSE.lessons)]


def test_every_way_is_there_in_its_order():
    assert list(ways()) == wanted()


@pytest.mark.parametrize("way", wanted())
def test_a_way_is_one_click_to_a_page_that_exists(way):
    links = ways()[way]
    assert links
    for link in links:
        target = (START.path.parent / link.partition("#")[0]).resolve()
        assert target.is_relative_to(scratch.COURSE) and target.is_file()
    if way == "Build":
        assert [link.removesuffix(".ipynb") for link in links] == list(BUILDING)


def test_the_first_page_is_read_in_two_minutes():
    # The map is looked up, not read: of its rows a reader takes one.
    words = sum(
        markdown.words("\n".join(line for line in cell.source.splitlines() if not line.startswith("| [")))
        for cell in START.notebook.cells
        if cell.cell_type == "markdown"
    )
    assert words <= 2 * PACE
