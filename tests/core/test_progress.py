"""The learner's record: kept safely, never fatal."""

import json
import multiprocessing

from helpers.core import progress
import pytest


@pytest.fixture
def place(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_PROGRESS", str(tmp_path / "kept" / "progress.json"))
    return tmp_path / "kept" / "progress.json"


def test_answers_are_kept_oldest_first(place):
    progress.add("quiz", "02.predict.x", choice="none", right=False)
    progress.add("quiz", "02.predict.x", choice="all", right=True)
    progress.add("check", "02.1", outcome="correct")
    record = progress.read()
    assert [entry["choice"] for entry in record["quiz"]["02.predict.x"]] == ["none", "all"]
    assert record["check"]["02.1"][0]["outcome"] == "correct"
    assert json.loads(place.read_text(encoding="utf-8")) == record
    assert [path.name for path in place.parent.iterdir()] == ["progress.json"]


def test_off_reads_nothing_and_writes_nothing(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_PROGRESS", "off")
    monkeypatch.setenv("COURSE_SCRATCH", str(tmp_path))
    progress.add("quiz", "a", choice="x", right=True)
    assert progress.read() == {"quiz": {}, "check": {}} and list(tmp_path.iterdir()) == []


def test_by_default_it_lies_beside_the_scratch_folders(tmp_path, monkeypatch):
    monkeypatch.delenv("COURSE_PROGRESS", raising=False)
    monkeypatch.setenv("COURSE_SCRATCH", str(tmp_path))
    progress.add("check", "02.1", outcome="correct")
    assert (tmp_path / "progress.json").exists()


@pytest.mark.parametrize(
    "damaged",
    [
        *(b"", b"{", b"[]", b"null", b'{"quiz": {}}', b'{"quiz": [], "check": {}}', b"\xff\xfe\x00"),
        *(b'{"quiz": {"a": [1]}, "check": {}}', b'{"quiz": {"a": {"at": "x"}}, "check": {}}'),
    ],
)
def test_a_damaged_record_is_set_aside_and_a_new_one_begins(place, capsys, damaged):
    place.parent.mkdir()
    place.write_bytes(damaged)
    progress.add("quiz", "a", choice="x", right=True)
    assert list(progress.read()["quiz"]) == ["a"]
    assert (place.parent / "progress.damaged-1.json").read_bytes() == damaged
    assert "kept as progress.damaged-1.json" in capsys.readouterr().out


def test_a_second_damaged_record_does_not_replace_the_first(place):
    place.parent.mkdir()
    for number in (1, 2):
        place.write_text(f"damaged {number}", encoding="utf-8")
        progress.read()
    assert (place.parent / "progress.damaged-1.json").read_text(encoding="utf-8") == "damaged 1"
    assert (place.parent / "progress.damaged-2.json").read_text(encoding="utf-8") == "damaged 2"


def test_a_place_that_cannot_be_written_is_a_sentence(tmp_path, monkeypatch, capsys):
    (tmp_path / "file").touch()
    monkeypatch.setenv("COURSE_PROGRESS", str(tmp_path / "file" / "progress.json"))
    progress.add("quiz", "a", choice="x", right=True)
    assert "COURSE_SCRATCH chooses another place" in capsys.readouterr().out


def _write(number: int) -> None:
    for _ in range(10):
        progress.add("quiz", f"item-{number}", choice="x", right=True)


def test_two_kernels_writing_at_once_never_leave_half_a_file(place):
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=_write, args=[number]) for number in range(2)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert set(progress.read()["quiz"]) <= {"item-0", "item-1"}
    assert [path.name for path in place.parent.iterdir()] == ["progress.json"]
