"""Rules on how a lesson or a solution begins: title, question, set-up, prediction."""

import collections.abc
import re

from helpers.authoring import markdown, page
from helpers.authoring.rules import identity, parts, register

Problems = collections.abc.Iterator[register.Problem]

TIMES = re.compile(r"^\*(\d+) minutes to read · (\d+) minutes to practise · needs: \S.*\*$")
BULLETS = range(2, 5)


@register.for_pages("lesson")
def lesson_starts_with_its_title(one: page.Page) -> Problems:
    """The first cell has a title with the number, a sentence, and a line of minutes and needs."""
    first = parts.cells(one)[0]
    lines = [line.strip() for line in first.source.splitlines() if line.strip()]
    if first.cell_type != "markdown" or not lines or not lines[0].startswith(f"# {one.number} · "):
        yield register.Problem(
            one.at(first),
            f"a first cell that begins {first.source[:40]!r}",
            f"the heading '# {one.number} · Title'",
            "Write it.",
        )
    if len(lines) != 3 or not re.match(r"[^*#\-].*[.?]$", lines[1]) or not TIMES.match(lines[-1]):
        yield register.Problem(
            one.at(first),
            f"{len(lines)} lines, the last of them {lines[-1] if lines else ''!r}",
            "title, one sentence, and '*R minutes to read · P minutes to practise · needs: ...*'",
            "Write the three as paragraphs of one line each.",
        )


@register.for_pages("extra")
def extra_starts_with_a_title(one: page.Page) -> Problems:
    """The first cell of a notebook without exercise has a first-level heading."""
    first = parts.cells(one)[0]
    if first.cell_type != "markdown" or not markdown.headings(first.source, 1):
        yield register.Problem(
            one.at(first),
            f"a first cell that begins {first.source[:40]!r}",
            "a heading '# Title'",
            "Write it.",
        )


@register.for_pages("solution")
def solution_starts_with_its_title(one: page.Page) -> Problems:
    """The first cell of a solution begins '# NN · Practice: ...'."""
    first = parts.cells(one)[0]
    if first.cell_type != "markdown" or not first.source.startswith(f"# {one.number} · Practice: "):
        yield register.Problem(
            one.at(first),
            f"a first cell that begins {first.source[:40]!r}",
            f"the heading '# {one.number} · Practice: ...'",
            "Write it.",
        )


@register.for_pages("lesson")
def question_comes_second(one: page.Page) -> Problems:
    """The second cell has the heading "The question" and two to four things to be able to do afterwards."""
    cell = parts.cells(one)[1] if len(parts.cells(one)) > 1 else None
    if cell is None or cell.cell_type != "markdown" or markdown.headings(cell.source) != ["The question"]:
        yield register.Problem(
            one.at(cell),
            "no such heading",
            "'## The question' in the second cell",
            "Write it.",
        )
    elif (count := markdown.bullets(cell.source)) not in BULLETS:
        yield register.Problem(
            one.at(cell),
            f"{count} lines of a list",
            "two to four, each a thing to be able to do",
            "Choose them.",
        )


@register.for_pages("lesson", "solution")
def set_up_is_the_first_code(one: page.Page) -> Problems:
    """The first code cell is `set-up`: it begins the lesson under its own name, and goes uncompared."""
    first = next(iter(parts.code_cells(one)), None)
    call = rf"^lesson\.begin\([\"']{one.folder}/{one.stem}[\"']"
    if first is None or first.get("id") != "set-up" or not re.search(call, first.source, re.MULTILINE):
        yield register.Problem(
            one.at(first),
            "the first code cell",
            f'the id set-up, and lesson.begin("{one.folder}/{one.stem}"',
            "Name the cell so, and begin the lesson in it.",
        )
    elif identity.IGNORE not in parts.tags(first):
        yield register.Problem(
            one.at(first),
            "no tag",
            f"the tag {identity.IGNORE}: the cell prints versions",
            "Add the tag.",
        )


@register.for_pages("lesson")
def prediction_precedes_other_code(one: page.Page) -> Problems:
    """After the set-up, the first code cell asks for a prediction."""
    code = parts.code_cells(one)
    second = code[1] if len(code) > 1 else None
    asked = parts.asks(second, "predict") if second else []
    if [number for number, _ in asked] != [one.number]:
        yield register.Problem(
            one.at(second),
            "code before a prediction",
            f'one call quiz.ask("{one.number}.predict.<word>") in the first code cell after the set-up',
            "Let the learner commit an answer first.",
        )
