"""Keeping the pictures of the last build, so that an unchanged figure makes no difference in git.

The bytes of a figure change with fonts and library versions while it shows the same. nbval does not
compare them, so the only reason to replace them is that what draws them has changed.
"""

import copy

from helpers.authoring import markdown
import nbformat


def keep(new: nbformat.NotebookNode, old: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """A copy of the new notebook with the old pictures in every cell that draws what it drew before.

    A cell does so when its text, its other outputs and the text of every code cell above it are the same.
    A changed helper is not seen: `author build --force` takes the new pictures.
    """
    kept = copy.deepcopy(new)
    for cell, before in zip(code_cells(kept), code_cells(old), strict=False):
        if (cell.id, cell.source) != (before.id, before.source):
            break
        if [without_pictures(output) for output in cell.outputs] == [
            without_pictures(output) for output in before.outputs
        ]:
            cell.outputs = copy.deepcopy(before.outputs)
    return kept


def code_cells(notebook: nbformat.NotebookNode) -> list[nbformat.NotebookNode]:
    """The code cells, in order."""
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def without_pictures(output: nbformat.NotebookNode) -> dict[str, object]:
    """An output with the kinds of its pictures in the place of their bytes."""
    bare = copy.deepcopy(output)
    bare.pop("execution_count", None)
    for kind, value in bare.get("data", {}).items():
        if kind in ("image/png", "image/jpeg"):
            bare.data[kind] = "a picture"
        elif kind == "text/html":
            bare.data[kind] = markdown.EMBEDDED.sub("a picture", value)
    return bare
