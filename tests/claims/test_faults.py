"""Faults of Keras and TensorFlow: each is still there, and a release that mends one says what to rewrite."""

import ast
import contextlib
import io
import pathlib
import re
import subprocess
import sys

from helpers import fresh
from helpers.authoring.notebooks import course, page
from helpers.core import texts
import pytest

from tests.claims import fault_list

HERE = pathlib.Path(__file__).parent
SCRIPTS = {path.stem: path.read_text(encoding="utf-8") for path in sorted((HERE / "faults").glob("*.py"))}
REPAIRS = {path.stem: path.read_text(encoding="utf-8") for path in (HERE / "fault_repairs").glob("*.py")}
MOST_LINES = 19
LIBRARIES = {"keras", "numpy", "os", "pathlib", "tempfile", "tensorflow"}
THREAD = re.compile(
    r"^Public thread: (https://github\.com/(keras-team/keras|tensorflow/tensorflow)/(issues|pull)/\d+ \(.+\)"
    r"|no public thread found)",
    re.MULTILINE,
)
each_fault = pytest.mark.parametrize("name", fault_list.FAULTS)


def run(code: str, folder: pathlib.Path, monkeypatch) -> str:
    """What a script prints in a new process, in a folder of its own."""
    monkeypatch.chdir(folder)
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        fresh.run_cell(code)
    return printed.getvalue()


@each_fault
def test_the_fault_is_still_there(name, tmp_path, monkeypatch):
    message = fault_list.judge(name, run(SCRIPTS[name], tmp_path, monkeypatch))
    assert not message, message


@each_fault
def test_a_release_that_mends_it_is_named_with_all_that_must_be_rewritten(name, tmp_path, monkeypatch):
    printed = run(f"{REPAIRS[name]}\n{SCRIPTS[name]}", tmp_path, monkeypatch)
    message = fault_list.judge(name, printed)
    fault = fault_list.FAULTS[name]
    assert re.match(rf"This release, keras \d\S+ with tensorflow \d\S+, has mended {name}: ", message), (
        message
    )
    for what in (*fault.places, *fault.claims, *fault.quiz_items()):
        assert what in message


def test_a_fault_that_shows_itself_otherwise_is_noticed():
    printed = "Warning: x\nexpected: fit runs\nseen: fit stops with NotImplementedError\n"
    message = fault_list.judge("h5_cannot_fit", printed)
    assert "another way: seen is 'fit stops with NotImplementedError'" in message
    assert "lesson 04_formats#draw-survival" in message
    assert "did not come to its end" in fault_list.judge("h5_cannot_fit", "expected: fit runs\n")


def test_the_trap_of_two_formats_names_its_quiz_item():
    assert "04.predict.trap" in fault_list.FAULTS["h5_before_keras"].quiz_items()
    assert "06.myth.silence" in fault_list.FAULTS["raw_tf_variable"].quiz_items()
    assert all(fault.quiz_items() for fault in fault_list.FAULTS.values())


def test_all_nine_are_here():
    assert len(fault_list.FAULTS) == 9
    assert set(SCRIPTS) == set(REPAIRS) == set(fault_list.FAULTS)
    numbers = {number for fault in fault_list.FAULTS.values() for number in fault.claims if number[0] == "S"}
    assert numbers == {"S1", "S2", "S4", "S13", "S18", "S20", "S26"}


@each_fault
def test_a_script_is_short_stands_alone_and_says_where_it_was_reported(name):
    lines = [line for line in SCRIPTS[name].splitlines() if line.strip()]
    assert len(lines) <= MOST_LINES
    tree = ast.parse(SCRIPTS[name])
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.Import)]
    assert {alias.name for node in imports for alias in node.names} <= LIBRARIES
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    description = ast.get_docstring(tree)
    assert THREAD.search(description), description
    assert re.search(r"^Seen on Keras \d", description, re.MULTILINE), description


@each_fault
def test_what_it_names_exists(name):
    fault = fault_list.FAULTS[name]
    whole = course.Course()
    for place in fault.places:
        stem, _, cell = place.partition("#")
        assert cell in [one.id for one in page.read(whole.path("notebooks", stem)).notebook.cells]
    assert set(fault.quiz_items()) <= set(texts.table("quiz"))


def test_a_script_runs_with_a_plain_python(tmp_path):
    command = [sys.executable, "-I", str(HERE / "faults" / "shuffle_repeats.py")]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, encoding="utf-8")
    assert fault_list.judge("shuffle_repeats", done.stdout) == "", done.stderr
    assert not list(tmp_path.iterdir())
