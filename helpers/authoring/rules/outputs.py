"""Rules on outputs: every cell ran, in order, without an error, and what it left is cleaned."""

import collections.abc
import copy
import pathlib
import re
import sys
import tempfile

from helpers.authoring.notebooks import clean, markdown, page, parts
from helpers.authoring.rules import cells, register
from helpers.core import scratch
import nbformat

Problems = collections.abc.Iterator[register.Problem]

BUILD = "Run `uv run author build`."


@register.for_pages("lesson", "extra", "solution")
def cells_ran_in_order(one: page.Page) -> Problems:
    """Every filled code cell has its execution count, 1 to n. nbval compares no cell without one."""
    filled = [cell for cell in parts.code_cells(one) if cell.source.strip()]
    for number, cell in enumerate(filled, start=1):
        if cell.execution_count != number:
            yield register.Problem(
                one.at(cell),
                f"execution count {cell.execution_count}",
                f"{number}",
                BUILD,
            )
            return  # every cell after it would be named as well


@register.for_pages("exercise")
def exercises_are_empty(one: page.Page) -> Problems:
    """An exercise has neither outputs nor execution counts."""
    for cell in parts.code_cells(one):
        if cell.outputs or cell.execution_count is not None:
            yield register.Problem(one.at(cell), "an output or an execution count", "none", BUILD)


@register.for_pages()
def no_error_is_left(one: page.Page) -> Problems:
    """No output is an error: a cell that shows one catches it and prints class and first line."""
    for cell in parts.code_cells(one):
        for output in cell.outputs:
            if output.output_type == "error":
                yield register.Problem(
                    one.at(cell),
                    f"the error output {output.ename}: {output.evalue[:80]!r}",
                    "no error output",
                    "Repair the cell, or catch the error and print its class and first line.",
                )


@register.for_pages()
def outputs_are_cleaned(one: page.Page) -> Problems:
    """Streams are joined, and outputs hold no widget view and no metadata of their own."""
    for cell in parts.code_cells(one):
        cleaned = copy.deepcopy(cell)
        clean.clean_code(cleaned)
        if cleaned.outputs != cell.outputs:
            yield register.Problem(
                one.at(cell),
                "outputs as a kernel sent them (streams in parts, or a widget's view)",
                "cleaned",
                BUILD,
            )


# The rule on outputs that are compared: nothing in them that another run or machine writes differently.


_HERE = {
    str(pathlib.Path.home()),
    str(scratch.COURSE),
    sys.prefix,
    tempfile.gettempdir(),
} - {"/", "\\"}
_ROOTS = (
    r"home|root|tmp|var|usr|opt|mnt|media|work|private|Users|Library|Applications|content|workspace|builds"
)

# A result recorded elsewhere names its versions: it is data, and no run changes it.
RECORDED = re.compile(r"<p data-recorded>.*?</p>")

UNSTABLE = {
    rf"(?<![\w./:-])/(?:{_ROOTS})/\S*": "an absolute path",
    r"\b[A-Za-z]:\\\S*": "an absolute path",
    "|".join(re.escape(folder) for folder in sorted(_HERE)): "a path of this machine",
    r"\bfile://\S*": "an absolute path",
    r"\bipykernel_\d+\S*": "the file name of a kernel's cell",
    r"\b0x[0-9a-fA-F]{8,}\b": "a memory address",
    r"\b\d{1,2}:\d{2}:\d{2}\b": "a time of day",
    r"\b(?:19|20)\d\d-[01]\d-[0-3]\d\b": "a date",
    r"[━█▏▎▍▌▋▊▉]{2,}|\[=+[>.\]]": "a progress bar",
    r"\b\d+\s?[mµu]?s/(?:step|epoch|sample)|\bit/s\b": "the pace of a progress bar",
    r"\r(?!\n)|\x08": "a sign that overwrites the line",
    r"\d\.\d{7,}": "a number with more than six decimals",
    r"(?<![\d.])\d+\.\d+\.\d+(?:\.?(?:a|b|rc|dev|post)\d+)?(?!\.?\d)": "a version",
    r"(?i)\b(?:tensorflow|keras|numpy|python|version)[ =:v]*\d+\.\d+": "a version",
}


@register.for_pages("lesson", "extra", "solution")
def compared_outputs_are_stable(
    one: page.Page,
) -> collections.abc.Iterator[register.Problem]:
    """Outputs that nbval compares hold no path, address, time, progress bar, long number or version."""
    for cell in parts.code_cells(one):
        if cells.IGNORE in parts.tags(cell):
            continue
        for text in texts(cell):
            for pattern, meaning in UNSTABLE.items():
                if match := re.search(pattern, text):
                    yield register.Problem(
                        one.at(cell),
                        f"{meaning} in the output: {match[0][:80]!r}",
                        "an output that is the same in every run, on every machine",
                        "Print what holds everywhere: a name, a comparison, a rounded number.",
                    )


def texts(cell: nbformat.NotebookNode) -> list[str]:
    """Everything textual in the outputs of a code cell, without the bytes of pictures inside HTML."""
    found = []
    for output in cell.outputs:
        if output.output_type == "stream":
            found.append(output.text)
        for kind, value in output.get("data", {}).items():
            if isinstance(value, str) and not kind.startswith("image/"):
                found.append(RECORDED.sub("", markdown.EMBEDDED.sub("", value)))
    return found
