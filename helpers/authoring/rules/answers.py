"""Rules on the answers and hints of a solution."""

import collections.abc
import re

from helpers.authoring import exercises, page
from helpers.authoring.rules import parts, register, tasks

Problems = collections.abc.Iterator[register.Problem]


@register.for_pages("solution")
def answer_is_marked_and_checked(one: page.Page) -> Problems:
    """An answer holds a solution block, and after it one check with the task's own id."""
    for number in tasks.numbers(one, "answer"):
        cell = tasks.cell_of(one, f"answer-{number}")
        after = cell.source.rpartition(exercises.END)[2]
        calls = re.findall(r"^\s*check\(([^,)]*)", cell.source, re.MULTILINE)
        expected = f'"{one.number}.{number}"'
        if exercises.BEGIN not in cell.source or calls != [expected] or f"check({expected}" not in after:
            yield register.Problem(
                one.at(cell),
                f"the checks {calls}" if calls else "no check",
                f"a block {exercises.BEGIN} ... {exercises.END}, and after it one check({expected}, value)",
                "Write them so.",
            )


@register.for_pages("solution")
def solution_blocks_are_paired(one: page.Page) -> Problems:
    """BEGIN SOLUTION and END SOLUTION come in pairs."""
    for cell in parts.code_cells(one):
        try:
            exercises.blanked(cell)
        except exercises.Unbalanced as error:
            yield register.Problem(one.at(cell), str(error), "pairs of marks", "Add the missing one.")


@register.for_pages("solution")
def hints_come_in_three_steps(one: page.Page) -> Problems:
    """A hints cell holds three hints and nothing else, commented out."""
    for number in tasks.numbers(one, "hints"):
        cell = tasks.cell_of(one, f"hints-{number}")
        wanted = [f'# hint("{one.number}.{number}", {step})' for step in (1, 2, 3)]
        if cell.cell_type != "code" or cell.source.strip().splitlines() != wanted:
            yield register.Problem(
                one.at(cell),
                f"{cell.source!r:.120}",
                " / ".join(wanted),
                "Write these three lines.",
            )


@register.for_pages("solution")
def explanations_are_text(one: page.Page) -> Problems:
    """Only Markdown cells are left out of the exercise."""
    for cell in parts.code_cells(one):
        if exercises.SOLUTION_TAG in parts.tags(cell):
            yield register.Problem(
                one.at(cell),
                "the tag solution on a code cell",
                "the tag on Markdown cells only",
                "Use the marks in code.",
            )
