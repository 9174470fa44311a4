"""Cleaning the outputs of an executed notebook: streams joined, no trace of a widget's state.

Pure functions; none of them changes what nbval compares. metadata.py does the rest.
"""

import copy

from helpers.authoring.notebooks import markdown, metadata
import nbformat
import nbval.plugin

WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"


def clean(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """A cleaned copy of a notebook, the way it is kept in the project."""
    cleaned = metadata.bare(notebook)
    for cell in cleaned.cells:
        if cell.cell_type == "code":
            clean_code(cell)
    return cleaned


def clean_code(cell: nbformat.NotebookNode) -> None:
    """Clean the outputs of one code cell in place."""
    if not cell.source.strip():
        cell.execution_count, cell.outputs = None, []
    cell.outputs = [output for output in joined(cell.outputs) if clean_output(output)]
    for output in cell.outputs:
        if output.output_type == "execute_result":
            output.execution_count = cell.execution_count


def clean_output(output: nbformat.NotebookNode) -> bool:
    """Clean one output in place; returns whether anything of it is left."""
    if "data" in output:
        # A widget's view names a model that only the kernel of that run knew. Without it the page
        # shows the text or the HTML beside it, and nbval leaves it out of its comparison.
        output.data.pop(WIDGET_VIEW, None)
        kept = {key: value for key, value in output.metadata.items() if key in output.data}
        output.metadata = nbformat.from_dict(kept)
        return bool(output.data)
    return output.output_type != "stream" or bool(output.text)


def joined(outputs: list[nbformat.NotebookNode]) -> list[nbformat.NotebookNode]:
    """The outputs with all text of one stream in one output, and stdout before a stderr beside it.

    nbval's own function joins, because nbval compares with what that function made.
    """
    result = list(nbval.plugin.coalesce_streams(outputs))
    for first, output in enumerate(result[:-1]):
        second = result[first + 1]
        if output.get("name") == "stderr" and second.get("name") == "stdout":
            # The two arrive through separate pipes in no certain order.
            result[first], result[first + 1] = second, output
    return result


def without_folder(notebook: nbformat.NotebookNode, folder: str, name: str) -> nbformat.NotebookNode:
    """A copy in which the text outputs name a folder as the learner sees it, not as the build called it.

    In an output that is compared this does not hide the path: the test prints another one.
    """
    copied = copy.deepcopy(notebook)
    for cell in copied.cells:
        for output in cell.get("outputs", []):
            if output.output_type == "stream":
                output.text = output.text.replace(folder, name)
            for kind, value in output.get("data", {}).items():
                if isinstance(value, str):
                    output.data[kind] = value.replace(folder, name)
    return copied


# Keeping the pictures of the last build, so that an unchanged figure makes no difference in git.
#
# The bytes of a figure change with fonts and library versions while it shows the same. nbval does not
# compare them, so the only reason to replace them is that what draws them has changed.


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
            clean_code(cell)  # a cell added above has moved the count
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
