"""Rules on single cells of the lessons: their length, and that no code needs the net."""

import collections.abc
import re

from helpers.authoring import markdown, page
from helpers.authoring.rules import parts, register

Problems = collections.abc.Iterator[register.Problem]

CODE_LINES = 12
WORDS = 60
NETWORK = {
    # This machine is no network: a lesson may ask a server that it has started itself, with httpx.
    r"https?://(?!(?:127\.0\.0\.1|localhost)(?![\w.-]))\S*": "an address",
    r"\burllib\.request\b": "urllib",
    r"^\s*(?:import|from)\s+(?:urllib|requests)\b": "a library that asks the net",
    r"\b(?:pip|conda|apt-get|apt) install\b": "an installation",
    r"^\s*[!%]\s*(?:pip|conda|curl|wget)\b": "a command that asks the net",
    r"\bget_file\b": "a download",
    r"\bkeras\.datasets\b": "a data set that is downloaded",
    r"\bkeras\.applications\b(?![^\n]*weights\s*=\s*None)": "weights that are downloaded",
}


@register.for_pages("lesson", "extra")
def code_is_short(one: page.Page) -> Problems:
    """A code cell of the lessons has at most 12 lines that are not blank."""
    for cell in parts.code_cells(one):
        lines = sum(bool(line.strip()) for line in cell.source.splitlines())
        if lines > CODE_LINES:
            yield register.Problem(
                one.at(cell),
                f"{lines} lines of code",
                f"at most {CODE_LINES}",
                "Split the cell: one idea each.",
            )


@register.for_pages("lesson")
def text_is_short(one: page.Page) -> Problems:
    """A Markdown cell between the set-up and "Key points" has at most 60 words."""
    for cell in parts.taught(one):
        if cell.cell_type == "markdown" and (count := markdown.words(cell.source)) > WORDS:
            yield register.Problem(
                one.at(cell),
                f"{count} words",
                f"at most {WORDS}",
                "Cut it, or let a cell show part of it.",
            )


@register.for_pages()
def code_needs_no_network(one: page.Page) -> Problems:
    """No code cell asks anything of the net."""
    for cell in parts.code_cells(one):
        for pattern, meaning in NETWORK.items():
            if match := re.search(pattern, cell.source, re.MULTILINE):
                yield register.Problem(
                    one.at(cell),
                    f"{meaning}: {match[0].strip()!r}",
                    "code that runs without the net",
                    "Use the data and files of the project.",
                )
