"""Rules on outputs: every cell ran, in order, without an error, and what it left is cleaned."""

import collections.abc
import copy

from helpers.authoring import clean, page
from helpers.authoring.rules import parts, register

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


@register.for_pages()
def no_widget_state_is_kept(one: page.Page) -> Problems:
    """The state of widgets is not in the file: with it the page without a kernel stays blank."""
    if "widgets" in one.notebook.metadata:
        yield register.Problem(one.place, "widget state in the notebook's metadata", "none", BUILD)
