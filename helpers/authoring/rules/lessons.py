"""Rules on how a lesson or a solution begins: title, question, set-up, prediction."""

import collections.abc
import re

from helpers.authoring.notebooks import markdown, page, parts
from helpers.authoring.rules import cells, register

Problems = collections.abc.Iterator[register.Problem]

BULLETS = range(2, 5)


@register.for_pages("lesson", "extra", "solution")
def page_starts_with_its_title(one: page.Page) -> Problems:
    """The first cell begins with the title; in a lesson a sentence and a line of minutes and needs follow."""
    begins = {"lesson": f"# {one.number} · ", "extra": "# ", "solution": f"# {one.number} · Practice: "}
    first = parts.cells(one)[0]
    lines = [line.strip() for line in first.source.splitlines() if line.strip()]
    if first.cell_type != "markdown" or not lines or not lines[0].startswith(begins[one.kind]):
        yield register.Problem(
            one.at(first),
            f"a first cell that begins {first.source[:40]!r}",
            f"a heading that begins {begins[one.kind]!r}",
            "Write it.",
        )
    elif one.kind == "lesson" and (
        len(lines) != 3 or not re.match(r"[^*#\-].*[.?]$", lines[1]) or not parts.TIMES.match(lines[-1])
    ):
        yield register.Problem(
            one.at(first),
            f"{len(lines)} lines, the last of them {lines[-1]!r}",
            "title, one sentence, and '*R minutes to read · P minutes to practise · needs: ...*'",
            "Write the three as paragraphs of one line each.",
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
    elif cells.IGNORE not in parts.tags(first):
        yield register.Problem(
            one.at(first),
            "no tag",
            f"the tag {cells.IGNORE}: the cell prints versions",
            "Add the tag.",
        )


@register.for_pages("lesson")
def prediction_is_asked(one: page.Page) -> Problems:
    """A prediction of this lesson is asked for, in a cell for itself, first or before its experiment."""
    code = parts.code_cells(one)
    asking = [(cell, number) for cell in code for number, _ in parts.asks(cell, "predict")]
    if asking and all(number == one.number for _, number in asking):
        return
    yield register.Problem(
        one.at(asking[0][0] if asking else code[1] if len(code) > 1 else None),
        "code before a prediction",
        f'quiz.ask("{one.number}.predict.<word>") in a cell for itself, before its experiment',
        "Let the learner commit an answer first.",
    )


# Rules on the body of a lesson: its length, its rhythm, a failure on purpose, a proof in a fresh process.


CELLS = range(20, 91)
CAUGHT = re.compile(
    r"^( *)except [^\n]+ as error:\n(?:\1 +[^\n]*\n)*?\1 +print\([^\n]*\berror\b",
    re.MULTILINE,
)


@register.for_pages("lesson")
def lesson_has_20_to_90_cells(one: page.Page) -> Problems:
    """A lesson has 20 to 90 cells: as many as its subject needs."""
    if (count := len(parts.cells(one))) not in CELLS:
        yield register.Problem(
            one.place,
            f"{count} cells",
            "20 to 90",
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


# Rules on how a lesson ends: from "Key points" to the links.


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
    title = [parts.TIMES.match(line.strip()) for line in parts.cells(one)[0].source.splitlines()]
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
