"""Runs cells of a lesson in a new Python, with or without the programs a machine may lack."""

import json
import os
import pathlib
import sys

from helpers.authoring.notebooks import execute, page
from helpers.core import scratch
import nbformat

from tests.suite import forked

# Runs the cells it is given as a notebook would, magics and all, and writes what each of them printed, and
# the variables that were asked for as lists of numbers.
_RUN = """
import json, sys
from IPython.core import interactiveshell
from IPython.utils import capture
import numpy

task = json.load(sys.stdin)
shell, printed = interactiveshell.InteractiveShell.instance(), {}
for name, source in task["cells"].items():
    with capture.capture_output() as captured:
        result = shell.run_cell(source)
    result.raise_error()
    printed[name] = captured.stdout
for name in task["keep"]:
    printed[name] = numpy.asarray(shell.user_ns[name]).tolist()
json.dump(printed, open(sys.argv[1], "w"))
"""


def code(lesson: str) -> dict[str, nbformat.NotebookNode]:
    """The code cells of a lesson, such as "07_inside_the_files", by their ids."""
    path = scratch.COURSE / "notebooks" / f"{lesson}.ipynb"
    return {cell.id: cell for cell in page.read(path).notebook.cells if cell.cell_type == "code"}


def run(
    lesson: str, names: list[str], folder: pathlib.Path, search: str | None = None, keep: tuple[str, ...] = ()
) -> dict[str, object]:
    """What cells of the lesson print in a new Python that finds programs along `search`.

    The scratch folder is made in `folder`. `keep` names variables whose values are wanted too.
    """
    cells = code(lesson)
    variables = {**os.environ, **execute.for_kernels(folder), "MPLBACKEND": "agg"}
    if search is not None:
        variables["PATH"] = search
    output = folder / "printed.json"
    done = forked.run(
        [sys.executable, "-c", _RUN, str(output)],
        input=json.dumps({"cells": {name: cells[name].source for name in names}, "keep": keep}),
        env=variables,
        cwd=folder,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(output.read_text(encoding="utf-8"))


def differences(lesson: str, printed: dict[str, object]) -> list[str]:
    """The cells that ran and printed something else than what stands in the lesson, as nbval compares."""
    wrong = []
    for name, cell in code(lesson).items():
        streams = "".join(output.text for output in cell.outputs if output.output_type == "stream")
        compared = "nbval-ignore-output" not in cell.metadata.get("tags", [])
        if compared and streams and name in printed and printed[name].strip() != streams.strip():
            wrong.append(f"{name}: {printed[name]!r}")
    return wrong
