"""Cleaning the outputs of an executed notebook: streams joined, no trace of a widget's state.

Pure functions; none of them changes what nbval compares. metadata.py cleans the rest.
"""

import copy

from helpers.authoring import metadata
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
