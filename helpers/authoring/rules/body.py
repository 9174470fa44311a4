"""Rules on the body of a lesson: its length, its rhythm, a failure on purpose, a proof in a fresh process."""

import collections.abc
import re

from helpers.authoring import page
from helpers.authoring.rules import parts, register

Problems = collections.abc.Iterator[register.Problem]

CELLS = range(20, 61)
CAUGHT = re.compile(
    r"^( *)except [^\n]+ as error:\n(?:\1 +[^\n]*\n)*?\1 +print\([^\n]*\berror\b",
    re.MULTILINE,
)


@register.for_pages("lesson")
def lesson_has_20_to_60_cells(one: page.Page) -> Problems:
    """A lesson has 20 to 60 cells: as many as its subject needs."""
    if (count := len(parts.cells(one))) not in CELLS:
        yield register.Problem(
            one.place,
            f"{count} cells",
            "20 to 60",
            "Move what does not fit to the exercise, the deck or the next lesson.",
        )


@register.for_pages("lesson")
def code_stands_next_to_text(one: page.Page) -> Problems:
    """Each code cell of the lesson proper has text directly before or after it."""
    cells = parts.cells(one)
    for index, cell in enumerate(cells):
        if cell.cell_type == "code" and any(cell is taught for taught in parts.taught(one)):
            neighbours = cells[index - 1 : index] + cells[index + 1 : index + 2]
            if all(neighbour.cell_type == "code" for neighbour in neighbours):
                yield register.Problem(
                    one.at(cell),
                    "code between code",
                    "a text before it, or one after it that says what to notice",
                    "Write one, or join two cells.",
                )


@register.for_pages("lesson")
def failure_is_caught_and_printed(one: page.Page) -> Problems:
    """At least one cell of the lesson proper fails on purpose: `except ... as error`, and print it."""
    if not any(CAUGHT.search(cell.source) for cell in parts.taught(one) if cell.cell_type == "code"):
        yield register.Problem(
            one.place,
            "no failure on purpose before 'Key points'",
            "a code cell with 'except ... as error:' that prints the error's class and first line",
            "Show what goes wrong, then repair it in the next cell.",
        )


@register.for_pages("lesson")
def proof_is_fresh(one: page.Page) -> Problems:
    """At least one cell of the lesson proper is a %%fresh cell."""
    if not any(re.match(r"%%fresh\b", cell.source) for cell in parts.taught(one) if cell.cell_type == "code"):
        yield register.Problem(
            one.place,
            "no %%fresh cell before 'Key points'",
            "a code cell whose first line is %%fresh",
            "Prove the reload in a process that has not seen the notebook.",
        )
