"""The solution of lesson 10 loads files that do things. After it the machine is as it was before.

The lesson itself is run by test_leaves_nothing.py, which asks the same and compares with WANTED here.

No process is left, nothing lies outside the notebook's scratch folder, nothing is mounted. What that folder
holds is known by name: a marker that stayed, or a file nobody expects, would be a load that went too far.
"""

import collections.abc
import os
import pathlib
import re
import time
import uuid

from helpers.authoring.notebooks import execute, page
from helpers.core import processes, scratch
from helpers.lessons.lesson_10 import strange_files
import nbformat
import psutil
import pytest

MARK = "COURSE_TEST_MARK"
WANTED = {
    "notebooks": {"gift.pickle", "guest.keras", "guest.h5", "diary.keras", "diary.txt", "edited.keras"}
    | {"on_call", "on_load", "model.keras", "bomb.keras", "stranger.npz", "stranger.weights.h5"},
    "solutions": {"ada.keras", "ben.keras", "cleo", "dan", "agreed", "surprise.keras"},
}


def _marked(mark: str) -> list[int]:
    """The processes that were started, at whatever remove, with a mark in their environment."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.pid != os.getpid() and process.environ().get(MARK) == mark:
                found.append(process.pid)
        except psutil.Error:  # somebody else's, or ended a moment ago
            continue
    return found


def _below(folder: pathlib.Path) -> set[str]:
    """What is in a folder, but for bytecode: TensorFlow leaves some for each function that it compiles."""
    return {name for name in _all_below(folder) if "__pycache__" not in name.split("/")}


def _all_below(folder: pathlib.Path) -> set[str]:
    return {entry.relative_to(folder).as_posix() for entry in folder.rglob("*")}


@pytest.fixture
def run(tmp_path, monkeypatch) -> collections.abc.Callable[..., tuple[list[int], str]]:
    """Execute a notebook with a temporary folder of its own; the processes left, and the mark they had."""

    def execute_marked(one: page.Page, patience: float = 300.0) -> tuple[list[int], str]:
        mark = uuid.uuid4().hex
        monkeypatch.setenv(MARK, mark)
        for name in ("TMPDIR", "TEMP", "TMP"):
            monkeypatch.setenv(name, str(tmp_path / "temporary"))
        (tmp_path / "temporary").mkdir()
        execute.execute(one, tmp_path / "scratch")
        until = time.monotonic() + patience
        while (left := _marked(mark)) and time.monotonic() < until:
            time.sleep(0.2)  # the fork server notices a moment later that its kernel is gone
        return left, mark

    return execute_marked


def test_the_machine_is_as_it_was(run, tmp_path):
    folder = "solutions"
    one = page.read(scratch.COURSE / folder / "10_load_safely.ipynb")
    before = _below(one.path.parent)
    left, _ = run(one)
    assert left == []
    assert _below(tmp_path / "temporary") == set()
    assert [entry.name for entry in (tmp_path / "scratch").iterdir()] == [f"{folder}-10_load_safely"]
    there = {entry.name for entry in (tmp_path / "scratch" / f"{folder}-10_load_safely").iterdir()}
    assert there == WANTED[folder]
    assert {name for name in _below(one.path.parent) - before if not name.endswith(".ipynb")} == set()
    mounted = [pathlib.Path(entry.mountpoint) for entry in psutil.disk_partitions(all=True)]
    assert not [place for place in mounted if place.is_relative_to(tmp_path)]


@pytest.mark.skipif(not processes.can_fork(), reason="the process is left behind with os.fork")
def test_a_process_that_is_left_would_be_seen(run, tmp_path):
    """The test above can fail: a notebook that leaves a process and a file is caught."""
    cell = nbformat.v4.new_code_cell(
        "import os, pathlib, subprocess, sys, tempfile\n"
        "pathlib.Path(tempfile.gettempdir(), 'stray').touch()\n"
        "wait = [sys.executable, '-c', 'print(flush=True); import time; time.sleep(600)']\n"
        "stray = subprocess.Popen(wait, start_new_session=True, stdout=subprocess.PIPE)\n"
        "stray.stdout.readline()  # before that it may not be Python yet, and its environment not be read"
    )
    path = tmp_path / "notebooks" / "10_stray.ipynb"
    path.parent.mkdir()
    one = page.Page(path, nbformat.v4.new_notebook(cells=[cell]))
    left, mark = run(one, patience=1.0)  # what is left here stays until it is ended below
    try:
        assert len(left) == 1
        assert _below(tmp_path / "temporary") == {"stray"}
    finally:
        for number in _marked(mark):
            psutil.Process(number).kill()


def test_no_file_of_the_lesson_reaches_out():
    """The paths that the lesson, its solution and the stranger's files write to are plain names."""
    sources = [pathlib.Path(strange_files.__file__).read_text(encoding="utf-8")]
    for folder in WANTED:
        notebook = page.read(scratch.COURSE / folder / "10_load_safely.ipynb").notebook
        sources += [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    for source in sources:
        for written in re.findall(r'(?:open|write_file|Path)\("([^"]*)"', source):
            assert re.fullmatch(r"[a-z_]+(\.\w+)?", written), written
    assert strange_files.MARKER.parent == pathlib.Path()
