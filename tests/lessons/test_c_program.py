"""Lesson 07 with a C compiler and without: the program is really built, and nothing else changes."""

import os
import shutil
import subprocess

from helpers import models
import numpy
import pytest
import tensorflow

from tests.suite import lesson_cells

LESSON = "07_inside_the_files"
NEEDED = ["set-up", "save-boxes", "open-saved-model", "two-copies", "write-c", "write-c-ask", "machine-build"]
COMPILERS = ("cc", "gcc", "clang")


def _compiler() -> str | None:
    return next((found for name in COMPILERS if (found := shutil.which(name))), None)


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """What the cells printed, and the folder with the program they built."""
    if not _compiler():
        pytest.skip(f"there is no C compiler ({', '.join(COMPILERS)})")
    folder = tmp_path_factory.mktemp("built")
    printed = lesson_cells.run(LESSON, [*NEEDED, "ask-c"], folder, keep=("in_c",))
    return printed, folder / f"notebooks-{LESSON}"


def _agrees(printed: str) -> bool:
    """Whether C and Python read the same digits, and the probabilities are equal to four decimals."""
    in_c, in_python, apart = printed.splitlines()
    return in_c.split(":")[1].split() == in_python.split(":")[1].split() and apart.endswith(" 0.0000")


def test_the_program_is_built_and_answers_the_recorded_numbers(built):
    printed, folder = built
    assert printed["machine-build"].startswith("built; your export answers 6 6 6 2 5")
    assert _agrees(printed["ask-c"])
    assert (folder / "ask").is_file()
    # The record comes from such a program; other rounding may change the last digits.
    assert numpy.abs(numpy.array(printed["in_c"]) - models.recorded()).max() < 1e-5


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
    done = subprocess.run(strict, cwd=folder, text=True, capture_output=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr


def test_without_a_compiler_every_cell_runs_and_prints_the_same(tmp_path):
    printed = lesson_cells.run(LESSON, list(lesson_cells.code(LESSON)), tmp_path, search="", keep=("in_c",))
    assert printed["machine-build"].startswith("No C compiler here can build ask.c")
    assert printed["in_c"] == models.recorded().tolist()
    assert lesson_cells.differences(LESSON, printed) == []


@pytest.mark.skipif(os.name == "nt", reason="the compiler that fails is a shell script")
def test_a_compiler_that_fails_is_as_good_as_none(tmp_path):
    compiler = tmp_path / "cc"
    compiler.write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
    compiler.chmod(0o755)
    printed = lesson_cells.run(LESSON, [*NEEDED, "ask-c"], tmp_path, search=str(tmp_path))
    assert printed["machine-build"].startswith("No C compiler here can build ask.c")
    assert _agrees(printed["ask-c"])
