"""The record of the scanners is whole, and the rows that need no other environment are today's."""

import pathlib

from helpers import figures
from helpers.authoring.notebooks import page
from helpers.core import scratch
from helpers.lessons.lesson_10 import scanners
import pytest


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> pathlib.Path:
    place = tmp_path_factory.mktemp("files")
    scanners.make(place)
    return place


def test_each_scanner_has_a_word_for_each_file():
    scans = scanners.record()["scans"]
    words = {scanners.FOUND, scanners.CLEAN, scanners.UNREAD}
    assert len(scans) == 6
    for tool, said in scans.items():
        assert said.keys() == scanners.FILES.keys(), tool
        assert set(said.values()) <= words, tool


def test_the_page_names_the_tools_and_the_day_of_the_record():
    notebook = page.read(scratch.COURSE / "notebooks" / "10_load_safely.ipynb").notebook
    (text,) = [cell.source for cell in notebook.cells if cell.id == "about-misses"]
    run = scanners.record()["run"]
    assert run["date"] in text
    for tool in run["tools"][:3]:
        assert " ".join(tool.split("==")) in text.lower()


def test_making_the_files_runs_none_of_them(folder):
    assert {path.name for path in folder.iterdir()} == scanners.FILES.keys()
    assert not list(folder.rglob("was_here.txt"))


def test_the_row_of_anatomy_is_todays(folder):
    found = {name: scanners._anatomy(folder / name) for name in scanners.FILES}
    assert found == scanners.record()["scans"]["anatomy"]


def test_the_row_of_saved_model_cli_is_todays(folder):
    recorded = scanners.record()["scans"]["saved_model_cli"]
    for name in ["on_load", "on_call", "model.keras"]:
        assert scanners._saved_model_cli(folder / name) == recorded[name]


def test_a_false_all_clear_is_one_for_a_file_that_runs_something():
    said = dict.fromkeys(scanners.FILES, scanners.CLEAN) | {"shell.pickle": scanners.FOUND}
    clears = scanners.false_clears({"lax": said})
    assert ("lax", "gift.pickle") in clears and ("lax", "on_call") in clears
    assert ("lax", "model.keras") not in clears and ("lax", "shell.pickle") not in clears


def test_a_false_all_clear_is_orange(monkeypatch):
    drawn = []
    monkeypatch.setattr(figures, "show", lambda figure, alt: drawn.append((figure, alt)))
    scanners.draw()
    ((figure, alt),) = drawn
    orange = [
        patch for patch in figure.axes[0].patches if patch.get_facecolor()[:3] == pytest.approx(_ORANGE)
    ]
    assert len(orange) == len(scanners.false_clears(scanners.record()["scans"])) > 0
    assert "ModelScan: found shell.pickle" in alt


_ORANGE = tuple(int(figures.ORANGE[place : place + 2], 16) / 255 for place in (1, 3, 5))
