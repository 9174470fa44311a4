"""Rules on how a lesson ends: from "Key points" to the links."""

import collections.abc

from helpers.authoring import markdown, page
from helpers.authoring.rules import opening, parts, register

Problems = collections.abc.Iterator[register.Problem]

SECTIONS = (
    "The question",
    "Key points",
    "Myths",
    "Your turn",
    "If it breaks",
    "Read on",
)
# Pages that have not been put into that order yet: the exercises, a link away, came before the rest.
FORMER = ("The question", "Your turn", "Myths", "Key points", "If it breaks", "Read on")


@register.for_pages("lesson")
def sections_are_in_order(one: page.Page) -> Problems:
    """The fixed headings stand once each, in their order."""
    headings = [
        heading
        for cell in parts.cells(one)
        if cell.cell_type == "markdown"
        for heading in markdown.headings(cell.source, 2)
        if heading in SECTIONS
    ]
    if tuple(headings) not in (SECTIONS, FORMER):
        yield register.Problem(
            one.place,
            f"the headings {headings}",
            f"{list(SECTIONS)}, once each, in this order",
            "Put them so.",
        )


@register.for_pages("lesson")
def your_turn_links_the_exercise(one: page.Page) -> Problems:
    """ "Your turn" links to the exercise and says its minutes, the ones of the title."""
    cell = parts.heading_cell(one, "Your turn")
    if cell is None:
        return  # sections_are_in_order says so
    target = f"../exercises/{one.stem}.ipynb"
    if target not in markdown.links(cell.source):
        yield register.Problem(
            one.at(cell),
            f"the links {markdown.links(cell.source)}",
            f"a link to {target}",
            "Add it.",
        )
    said = parts.minutes(cell.source)
    title = [opening.TIMES.match(line.strip()) for line in parts.cells(one)[0].source.splitlines()]
    practise = [int(match[2]) for match in title if match]
    if not said or (practise and said != practise):
        yield register.Problem(
            one.at(cell),
            f"the minutes {said}" if said else "no minutes",
            f"the minutes to practise, {practise[0] if practise else 'as in the title'}",
            "Say the same number in both places.",
        )


@register.for_pages("lesson")
def myths_are_asked(one: page.Page) -> Problems:
    """Under "Myths" one to three items are asked, one a cell."""
    cells = [cell for cell in parts.section(one, "Myths") if cell.cell_type == "code"]
    asked = [parts.asks(cell, "myth") for cell in cells]
    right = all([number for number, _ in items] == [one.number] for items in asked)
    if len(cells) not in range(1, 4) or not right:
        yield register.Problem(
            one.at(parts.heading_cell(one, "Myths")),
            f"{len(cells)} code cells with the items {[word for items in asked for _, word in items]}",
            f'one to three code cells, each with one quiz.ask("{one.number}.myth.<word>")',
            "Ask what a cell above settles.",
        )


@register.for_pages("lesson")
def key_points_are_three_to_five(one: page.Page) -> Problems:
    """ "Key points" is a list of three to five lines."""
    cell = parts.heading_cell(one, "Key points")
    if cell is not None and (count := markdown.bullets(cell.source)) not in range(3, 6):
        yield register.Problem(
            one.at(cell),
            f"{count} lines of a list",
            "three to five",
            "Choose; nothing new here.",
        )


@register.for_pages("lesson")
def breakages_have_cures(one: page.Page) -> Problems:
    """ "If it breaks" says something below its heading."""
    cells = parts.section(one, "If it breaks")
    if cells and sum(markdown.words(cell.source) for cell in cells if cell.cell_type == "markdown") < 10:
        yield register.Problem(one.at(cells[0]), "hardly a word", "symptom, cause and cure", "Write them.")


@register.for_pages("lesson")
def read_on_has_two_or_three_sources(one: page.Page) -> Problems:
    """ "Read on" has two or three links out of the course."""
    cell = parts.heading_cell(one, "Read on")
    if cell is not None:
        outside = [link for link in markdown.links(cell.source) if link.startswith(("https://", "http://"))]
        if len(outside) not in (2, 3):
            yield register.Problem(
                one.at(cell),
                f"{len(outside)} external links",
                "two or three",
                "Choose the best, and say what each adds.",
            )
