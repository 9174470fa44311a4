"""The metadata a notebook keeps: which kernel it wants, and the tags of its cells. Nothing else.

Not in clean.py, because `course --reset` needs this on a machine that has none of the authors' libraries.
"""

import copy

import nbformat

KERNEL = {
    "display_name": "Python 3 (ipykernel)",
    "language": "python",
    "name": "python3",
}
LANGUAGE = {"name": "python"}
# What paper gets of a cell: nothing; its code alone; its outputs alone; or all of it, across both columns.
PRINT_TAGS = ("print-none", "print-input", "print-output", "print-wide")


def bare(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """A copy in format 4.5 without execution times, widget state, versions and the like."""
    copied = copy.deepcopy(notebook)
    if (copied.nbformat, copied.nbformat_minor) < (4, 5):
        copied = nbformat.v4.upgrade(copied)  # it gives the cells the ids that 4.5 asks for
    copied.metadata = nbformat.from_dict({"kernelspec": KERNEL, "language_info": LANGUAGE})
    for cell in copied.cells:
        tags = cell.metadata.get("tags")
        cell.metadata = nbformat.from_dict({"tags": tags} if tags else {})
    return copied


def emptied(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """A bare copy without outputs and execution counts."""
    copied = bare(notebook)
    for cell in copied.cells:
        if cell.cell_type == "code":
            cell.execution_count, cell.outputs = None, []
    return copied
