"""Lesson 07 with a C compiler and without: the program is really built, and nothing else changes."""

import json
import os
import pathlib
import shutil
import subprocess
import sys

from helpers import averages, scratch
from helpers.authoring import environment, page
import nbformat
import numpy
import pytest
import tensorflow

LESSON = scratch.COURSE / "notebooks" / "07_inside_the_files.ipynb"
NEEDED = ["set-up", "save-boxes", "open-saved-model", "two-copies", "write-c", "write-c-ask", "machine-build"]
COMPILERS = ("cc", "gcc", "clang")
# Runs the cells it is given as a notebook would, magics and all, and writes what each of them printed.
RUN = """
import json, sys
from IPython.core import interactiveshell
from IPython.utils import capture

shell, printed = interactiveshell.InteractiveShell.instance(), {}
for name, source in json.load(sys.stdin).items():
    with capture.capture_output() as captured:
        result = shell.run_cell(source)
    result.raise_error()
    printed[name] = captured.stdout
if "in_c" in shell.user_ns:
    printed["in_c"] = shell.user_ns["in_c"].tolist()
json.dump(printed, open(sys.argv[1], "w"))
"""


def _cells() -> dict[str, nbformat.NotebookNode]:
    return {cell.id: cell for cell in page.read(LESSON).notebook.cells if cell.cell_type == "code"}


def _run(names: list[str], folder: pathlib.Path, search: str) -> dict[str, object]:
    """What cells of the lesson print in a new Python that finds programs along `search`."""
    cells = _cells()
    variables = {**os.environ, **environment.for_kernels(folder), "PATH": search, "MPLBACKEND": "agg"}
    output = folder / "printed.json"
    done = subprocess.run(
        [sys.executable, "-c", RUN, str(output)],
        input=json.dumps({name: cells[name].source for name in names}),
        env=variables,
        cwd=folder,
        text=True,
        capture_output=True,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(output.read_text(encoding="utf-8"))


def _compiler() -> str | None:
    return next((found for name in COMPILERS if (found := shutil.which(name))), None)


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """What the cells printed, and the folder with the program they built."""
    if not _compiler():
        pytest.skip(f"there is no C compiler ({', '.join(COMPILERS)})")
    folder = tmp_path_factory.mktemp("built")
    printed = _run([*NEEDED, "ask-c"], folder, os.environ["PATH"])
    return printed, folder / f"notebooks-{LESSON.stem}"


def test_the_program_is_built_and_answers_the_recorded_numbers(built):
    printed, folder = built
    assert printed["machine-build"].startswith("built; your export answers 6 6 6 2 5")
    assert printed["ask-c"].count("True") == 2
    assert (folder / "ask").is_file()
    # The record comes from such a program; other rounding may change the last digits.
    assert numpy.abs(numpy.array(printed["in_c"]) - averages.recorded()).max() < 1e-5


def test_the_program_refuses_what_it_cannot_do(built):
    _, folder = built
    tensors = ["serving_default_pixels", "StatefulPartitionedCall_1"]
    for words in ([], ["exported"], ["nowhere", *tensors], ["exported", "pixels", tensors[1]]):
        refused = subprocess.run([folder / "ask", *words], cwd=folder, input=b"", capture_output=True)
        assert refused.returncode > 0 and refused.stdout == b"", words


def test_the_program_compiles_without_a_warning(built):
    _, folder = built
    headers = f"-I{tensorflow.sysconfig.get_include()}"
    strict = [_compiler(), "-c", "-Wall", "-Wextra", "-Werror", "ask.c", "-o", "ask.o", headers]
    done = subprocess.run(strict, cwd=folder, text=True, capture_output=True)
    assert done.returncode == 0, done.stderr


def test_without_a_compiler_every_cell_runs_and_prints_the_same(tmp_path):
    cells = _cells()
    printed = _run(list(cells), tmp_path, "")
    assert printed["machine-build"].startswith("No C compiler here can build ask.c")
    assert printed["in_c"] == averages.recorded().tolist()
    for name, cell in cells.items():
        streams = "".join(output.text for output in cell.outputs if output.output_type == "stream")
        if "nbval-ignore-output" not in cell.metadata.get("tags", []) and streams:
            assert printed[name].strip() == streams.strip(), name


@pytest.mark.skipif(os.name == "nt", reason="the compiler that fails is a shell script")
def test_a_compiler_that_fails_is_as_good_as_none(tmp_path):
    compiler = tmp_path / "cc"
    compiler.write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
    compiler.chmod(0o755)
    printed = _run([*NEEDED, "ask-c"], tmp_path, str(tmp_path))
    assert printed["machine-build"].startswith("No C compiler here can build ask.c")
    assert printed["ask-c"].count("True") == 2
