"""The machine check: a line for each check, and advice where something is amiss."""

import collections

from helpers import machine
from helpers.core import processes
import psutil
import pytest


@pytest.fixture(autouse=True)
def place(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_SCRATCH", str(tmp_path))
    return tmp_path


def test_a_good_machine_gets_a_line_for_each_check(monkeypatch, capsys):
    memory = collections.namedtuple("memory", "available")
    monkeypatch.setattr(psutil, "virtual_memory", lambda: memory(8e9))
    assert machine.main() == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(machine.CHECKS) == 5
    assert all(line.startswith("ok ") for line in lines)


def test_another_version_is_named_with_advice(monkeypatch):
    real = machine.importlib.metadata.version
    monkeypatch.setattr(
        machine.importlib.metadata, "version", lambda name: "2.15.0" if name == "tensorflow" else real(name)
    )
    finding = machine.versions()
    assert not finding.good
    assert "tensorflow 2.15.0 (the course is proved on 2.21.0)" in finding.sentence
    assert "`uv run course`" in finding.sentence


def test_another_python_is_named_with_advice(monkeypatch):
    monkeypatch.setattr(machine.sys, "version_info", (3, 10, 4))
    assert not machine.versions().good and "3.11, 3.12 or 3.13" in machine.versions().sentence


def test_little_memory_gets_advice(monkeypatch):
    monkeypatch.setattr(psutil, "virtual_memory", lambda: collections.namedtuple("memory", "available")(4e8))
    assert machine.memory() == (
        False,
        "0.4 GB of memory are free; a lesson wants 1.5. Close other programs or kernels.",
    )


def test_little_disk_gets_advice(monkeypatch):
    monkeypatch.setattr(machine.shutil, "disk_usage", lambda _: collections.namedtuple("usage", "free")(1e8))
    assert not machine.disk().good and "set COURSE_SCRATCH" in machine.disk().sentence


def test_a_place_that_cannot_be_written_is_amiss_and_not_an_error(place, monkeypatch, capsys):
    (place / "file").touch()
    monkeypatch.setenv("COURSE_SCRATCH", str(place / "file"))
    finding = machine.disk()
    assert (
        not finding.good and str(place / "file") in finding.sentence and "COURSE_SCRATCH" in finding.sentence
    )


def test_a_load_that_fails_is_shown(monkeypatch):
    failed = processes.Result(0, None, "", "ValueError: File not found\n")
    monkeypatch.setattr(processes, "run", lambda code: failed)
    finding = machine.save_and_load()
    assert not finding.good and finding.sentence.endswith("which said: ValueError: File not found")


def test_a_widget_without_its_page_part_is_amiss(place, monkeypatch):
    monkeypatch.setattr(machine.sys, "prefix", str(place))
    assert not machine.widget().good and "JupyterLab part is not" in machine.widget().sentence
