"""The record of older TensorFlows is whole, is the page's, and its newest reader can be asked today."""

import argparse
import ast
import json
import subprocess

from helpers.authoring.notebooks import page
from helpers.authoring.other_versions import capsule_builder, older_reader
from helpers.core import scratch
from helpers.lessons.lesson_11 import capsules, older_readers
import numpy

WORDS = {"answers", "DIFFERS", "EMPTY", "error"}


def test_every_older_version_has_a_verdict_on_every_file():
    record = older_readers.record()
    *older, newest = capsules.versions()
    assert record["written by"] == newest and record["read"].keys() == older_reader.READERS.keys()
    for name, verdicts in record["read"].items():
        assert list(verdicts) == older, name
        assert {word for word, _ in verdicts.values()} <= WORDS, name


def test_the_page_names_the_day_of_the_record():
    notebook = page.read(scratch.COURSE / "notebooks" / "11_across_versions.ipynb").notebook
    (text,) = [cell.source for cell in notebook.cells if cell.id == "about-older"]
    assert older_readers.record()["date"] in text


def test_the_reader_can_be_read_by_the_oldest_python():
    source = (capsule_builder.READER).read_text(encoding="utf-8")
    ast.parse(source, feature_version=(3, 8))


def test_todays_tensorflow_reads_every_file_of_the_newest_capsule(tmp_path):
    capsules.unpack(tmp_path)
    folder = str(tmp_path / f"tf-{capsules.versions()[-1]}")
    golden = numpy.load(f"{folder}/golden.npz")
    found = {name: older_reader.verdict(folder, name, golden) for name in older_reader.READERS}
    assert found == {name: ["answers", ""] for name in older_reader.READERS}


def test_an_old_checkpoint_is_empty_and_other_answers_differ(tmp_path):
    """The words can be told apart: an old checkpoint fills nothing, other golden answers differ."""
    capsules.unpack(tmp_path)
    old = tmp_path / "tf-2.15"
    golden = dict(numpy.load(old / "golden.npz"))
    assert older_reader.verdict(str(old), "digits_checkpoint", golden) == ["EMPTY", ""]
    assert older_reader.verdict(str(old), "gate.keras", golden) == ["DIFFERS", ""]
    assert older_reader.verdict(str(old), "digits.keras", golden)[0] == "error"


def test_neighbours_that_fare_alike_share_a_line(monkeypatch, capsys):
    read = {"a.h5": {"2.5": ["error", "TypeError"], "2.8": ["error", "TypeError"], "2.11": ["answers", ""]}}
    monkeypatch.setattr(older_readers, "record", lambda: {"read": read})
    older_readers.show()
    assert " ".join(capsys.readouterr().out.split()) == "a.h5 2.5 to 2.8 error - TypeError 2.11 answers"


def test_a_version_that_cannot_be_had_leaves_the_record(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(older_readers, "FILE", tmp_path / "record.json")
    monkeypatch.setattr(
        subprocess, "run", lambda command, **_: subprocess.CompletedProcess(command, 2, "", "no such Python")
    )
    assert capsule_builder.run(argparse.Namespace(versions=[], older=True)) == 1
    assert not older_readers.FILE.exists()
    assert "2.5: nothing recorded. no such Python" in capsys.readouterr().out


def test_what_was_read_is_recorded(monkeypatch, tmp_path):
    monkeypatch.setattr(older_readers, "FILE", tmp_path / "record.json")
    said = "a warning\n" + json.dumps({"read": {"a.h5": ["answers", ""]}})
    monkeypatch.setattr(
        subprocess, "run", lambda command, **_: subprocess.CompletedProcess(command, 0, said, "")
    )
    assert capsule_builder.run(argparse.Namespace(versions=[], older=True)) == 0
    *older, _ = capsules.versions()
    assert older_readers.record()["read"] == {"a.h5": {one: ["answers", ""] for one in older}}


def test_whole_keras_files_do_not_go_back_and_an_export_goes_back_furthest():
    read = older_readers.record()["read"]
    answering = {name: [one for one, (word, _) in read[name].items() if word == "answers"] for name in read}
    assert answering["digits.keras"] == answering["digits.h5"] == answering["gate.keras"] == []
    assert len(answering["digits_export"]) == max(map(len, answering.values())) > 0
    assert "2.8" not in answering["digits_export"]
