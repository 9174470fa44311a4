"""Lesson 12 outside Python: the C and JavaScript functions are really run, and nothing else changes."""

import json
import pathlib
import shutil
import subprocess

from helpers import digits, models
from helpers.lessons.lesson_12 import other_runtimes
import numpy
import pytest

from tests.suite import kinds, lesson_cells

LESSON = "12_run_anywhere"
WRITTEN = ["set-up", "train", "write-weights", "write-c", "write-c-forward", "write-javascript"]
ROWS = digits.load().test_features[:10]


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> pathlib.Path:
    """The lesson's scratch folder with its functions in C and JavaScript, and the weights of `averages`."""
    place = tmp_path_factory.mktemp("outside")
    lesson_cells.run(LESSON, WRITTEN, place)
    kernel, bias = models.model().layers[-1].get_weights()
    raw = numpy.int32(kernel.shape).tobytes() + kernel.tobytes() + bias.tobytes()
    (place / f"notebooks-{LESSON}" / "averages.raw").write_bytes(raw)
    return place / f"notebooks-{LESSON}"


@pytest.fixture(params=["C", "JavaScript"])
def program(request, folder, monkeypatch):
    """A language, and a way to ask the lesson's function in it."""
    monkeypatch.chdir(folder)
    if request.param == "C":
        if not any(map(shutil.which, ("cc", "gcc", "clang"))):
            pytest.skip("there is no C compiler (cc, gcc, clang)")
        return request.param, other_runtimes.c("forward.c")
    if not shutil.which("node"):
        pytest.skip("there is no Node.js (node)")
    return request.param, other_runtimes.javascript("forward.js")


def test_it_answers_the_recorded_numbers(program):
    language, ask = program
    found, seconds = ask("averages.raw", ROWS, times=3)
    assert numpy.abs(found - other_runtimes.recorded(language)).max() < 1e-5
    assert seconds > 0


def test_what_is_recorded_is_what_keras_answers(folder):
    expected = models.model().predict(ROWS, verbose=0)
    for language in json.loads(other_runtimes.RECORD.read_text(encoding="utf-8")):
        assert numpy.abs(other_runtimes.recorded(language) - expected).max() < 1e-5


def test_other_weights_give_other_answers(program, folder):
    raw = bytearray((folder / "averages.raw").read_bytes())
    raw[8:12] = numpy.float32(50).tobytes()  # the first number of the kernel
    (folder / "other.raw").write_bytes(raw)
    rows = ROWS.copy()
    rows[:, 0] = 1
    _language, ask = program
    assert numpy.abs(ask("other.raw", rows)[0] - ask("averages.raw", rows)[0]).max() > 0.1


def test_missing_weights_are_an_error(program):
    _, ask = program
    with pytest.raises(RuntimeError, match="Are the weights there"):
        ask("nowhere.raw", ROWS)


def _raw(*shapes: tuple[int, int]) -> bytes:
    """A file of weights of these sizes, all numbers 0.1."""
    numbers = [numpy.full(rows * columns + columns, 0.1, "float32") for rows, columns in shapes]
    pairs = zip(shapes, numbers, strict=True)
    return b"".join(numpy.int32(shape).tobytes() + each.tobytes() for shape, each in pairs)


FITS = _raw((64, 256), (256, 10))


@pytest.mark.parametrize(
    "content",
    [
        _raw((64, 257), (257, 10)),  # more than `sums` holds
        _raw((65, 10)),  # more than a row has
        _raw((64, 12)),  # not ten digits
        _raw((64, 8), (9, 10)),  # the second layer does not fit the first
        numpy.int32([64, -1]).tobytes(),
        numpy.int32([64, 256]).tobytes() + bytes(80),  # says more than there is
        FITS[:-4],
        FITS + b"more",
    ],
)
def test_sizes_that_do_not_fit_are_refused_in_c(folder, monkeypatch, content):
    monkeypatch.chdir(folder)
    if not any(map(shutil.which, ("cc", "gcc", "clang"))):
        pytest.skip("there is no C compiler (cc, gcc, clang)")
    ask = other_runtimes.c("forward.c")
    pathlib.Path("odd.raw").write_bytes(content)
    assert "their sizes do not fit" in other_runtimes.refusal(ask, "odd.raw")
    pathlib.Path("odd.raw").write_bytes(FITS)
    assert other_runtimes.refusal(ask, "odd.raw") == "answered"


def test_bright_rows_are_answered_with_numbers(program):
    _, ask = program
    found, _ = ask("averages.raw", 1e4 * ROWS)
    assert numpy.isfinite(found).all()
    assert numpy.allclose(found.sum(axis=1), 1)


def test_the_c_function_compiles_without_a_warning(folder):
    compiler = next(filter(None, map(shutil.which, ("cc", "gcc", "clang"))), None)
    if not compiler:
        pytest.skip("there is no C compiler (cc, gcc, clang)")
    strict = [compiler, "-c", "-Wall", "-Wextra", "-Werror", "forward.c", "-o", "forward.o"]
    done = subprocess.run(strict, cwd=folder, text=True, capture_output=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr


def test_without_compiler_and_node_the_cells_print_the_same(tmp_path):
    # What needs the programs, and in the run with plain kernels the whole lesson.
    cells = [*WRITTEN, "machine-ask", "compare-outside"] if kinds.FORKED else list(lesson_cells.code(LESSON))
    printed = lesson_cells.run(LESSON, cells, tmp_path, search="")
    assert printed["machine-ask"].count("cannot be run here") == 2
    assert lesson_cells.differences(LESSON, printed) == []


def test_a_source_that_does_not_compile_is_as_good_as_no_compiler(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    pathlib.Path("forward.c").write_text("not C", encoding="utf-8")
    assert other_runtimes.c("forward.c") is None
