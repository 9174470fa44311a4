"""Rules on the tasks of a solution: how many there are, their headings and order, the summary."""

import collections.abc
import re

from helpers.authoring.notebooks import course, exercises, markdown, page, parts
from helpers.authoring.rules import register
import nbformat

Problems = collections.abc.Iterator[register.Problem]

MINUTES = range(3, 9)
KINDS = ("warm-up", "core", "repair", "stretch")


def numbers(one: page.Page, part: str) -> list[str]:
    """The numbers of the cells `part-1`, `part-2` and so on, in order."""
    return [
        match[1] for cell in parts.cells(one) if (match := re.fullmatch(rf"{part}-(\d+)", cell.get("id", "")))
    ]


def cell_of(one: page.Page, identifier: str) -> nbformat.NotebookNode | None:
    """The first cell with this id, or None."""
    return next((cell for cell in parts.cells(one) if cell.get("id") == identifier), None)


@register.for_pages("solution")
def tasks_are_as_many_as_designed(one: page.Page) -> Problems:
    """Four to six tasks in part one, three to five in part two, numbered from 1."""
    found = numbers(one, "task")
    wanted = range(4, 7) if int(one.number or 0) <= course.LAST_OF_PART_ONE else range(3, 6)
    if len(found) not in wanted or found != [str(number) for number in range(1, len(found) + 1)]:
        yield register.Problem(
            one.place,
            f"the tasks {found}",
            f"{' or '.join(map(str, wanted))} tasks with the cell ids task-1, task-2 and so on",
            "Number them in order.",
        )


@register.for_pages("solution")
def task_has_answer_and_hints(one: page.Page) -> Problems:
    """The cells task-n, answer-n and hints-n follow each other in this order, each once."""
    wanted = [f"{part}-{number}" for number in numbers(one, "task") for part in ("task", "answer", "hints")]
    names = [cell.get("id", "") for cell in parts.cells(one)]
    found = [name for name in names if re.fullmatch(r"(task|answer|hints)-\d+", name)]
    for seen, expected in zip([*found, "nothing more"], [*wanted, "nothing more"], strict=False):
        if seen != expected:
            place = one.place if seen == "nothing more" else f"{one.place}#{seen}"
            yield register.Problem(
                place,
                f"the cell {seen}",
                f"{expected} here",
                "Put the three cells of a task in order.",
            )
            return


@register.for_pages("solution")
def task_heading_says_kind_and_minutes(one: page.Page) -> Problems:
    """A task is headed '## NN.n · kind: title (M minutes)' with 3 to 8 minutes."""
    for number in numbers(one, "task"):
        cell = cell_of(one, f"task-{number}")
        pattern = rf"## {one.number}\.{number} · ({'|'.join(KINDS)}): \S.* \((\d+) minutes\)"
        match = re.fullmatch(pattern, cell.source.splitlines()[0] if cell.source else "", re.IGNORECASE)
        if cell.cell_type != "markdown" or not match or int(match[2]) not in MINUTES:
            yield register.Problem(
                one.at(cell),
                f"the heading {cell.source[:70].splitlines()[:1]}",
                f"'## {one.number}.{number} · kind: title (M minutes)', a kind of {KINDS}, 3 to 8 minutes",
                "Write it so.",
            )


@register.for_pages("solution")
def part_one_has_every_kind(one: page.Page) -> Problems:
    """In part one the first task is the warm-up, and there are a core, a repair and a stretch."""
    if int(one.number or 0) > course.LAST_OF_PART_ONE:
        return
    headings = [
        markdown.headings(cell_of(one, f"task-{number}").source, 2) for number in numbers(one, "task")
    ]
    kinds = [
        re.sub(r"^\S+ · ([\w-]+):.*", r"\1", heading[0]).lower() if heading else "" for heading in headings
    ]
    if kinds[:1] != ["warm-up"] or not set(KINDS) <= set(kinds):
        yield register.Problem(
            one.place,
            f"the kinds {kinds}",
            "a warm-up first, and a core, a repair and a stretch",
            "Change the tasks.",
        )


@register.for_pages("solution")
def solution_ends_with_the_summary(one: page.Page) -> Problems:
    """The last cell sums up."""
    last = parts.cells(one)[-1]
    if last.cell_type != "code" or last.source.strip() != f'summary("{one.number}")':
        yield register.Problem(
            one.at(last),
            f"{last.source[:60]!r}",
            f'summary("{one.number}") as last cell',
            "Add it.",
        )


# Rules on the answers and hints of a solution.


@register.for_pages("solution")
def answer_is_marked_and_checked(one: page.Page) -> Problems:
    """An answer holds a solution block, and after it one check with the task's own id."""
    for number in numbers(one, "answer"):
        cell = cell_of(one, f"answer-{number}")
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
    for number in numbers(one, "hints"):
        cell = cell_of(one, f"hints-{number}")
        wanted = [f'# hint("{one.number}.{number}", {step})' for step in (1, 2, 3)]
        if cell.cell_type != "code" or cell.source.strip().splitlines() != wanted:
            yield register.Problem(
                one.at(cell),
                f"{cell.source!r:.120}",
                " / ".join(wanted),
                "Write these three lines.",
            )
