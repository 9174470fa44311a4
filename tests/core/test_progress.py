"""The learner's record: kept safely, never fatal, never replaced."""

import contextlib
import json
import multiprocessing
import multiprocessing.connection
import os
import resource
import signal
import sqlite3
import subprocess
import sys
import textwrap

from helpers.core import progress
import pytest

from tests.suite import patience

NONE = {"quiz": {}, "check": {}}
ANSWER = {"choice": "x", "right": True, "at": "2026-03-01T11:00:00+00:00"}


@pytest.fixture
def place(tmp_path, monkeypatch):
    """Where the record lies; COURSE_PROGRESS names the older file, as learners may have set it."""
    monkeypatch.setenv("COURSE_PROGRESS", str(tmp_path / "kept" / "progress.json"))
    monkeypatch.setattr(progress, "_said", set())
    (tmp_path / "kept").mkdir()
    return tmp_path / "kept" / "progress.sqlite"


def _choices(identifier: str = "a") -> list[str]:
    return [entry["choice"] for entry in progress.read()["quiz"].get(identifier, [])]


def test_answers_are_kept_oldest_first_in_one_file(place):
    progress.add("quiz", "02.predict.x", choice="none", right=False)
    progress.add("quiz", "02.predict.x", choice="all", right=True)
    progress.add("check", "02.1", outcome="correct")
    assert _choices("02.predict.x") == ["none", "all"]
    assert progress.read()["check"]["02.1"][0]["outcome"] == "correct"
    assert [path.name for path in place.parent.iterdir()] == ["progress.sqlite"]


def test_reading_none_writes_none(place):
    assert progress.read() == NONE and list(place.parent.iterdir()) == []


def test_off_reads_nothing_and_writes_nothing(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_PROGRESS", "off")
    monkeypatch.setenv("COURSE_SCRATCH", str(tmp_path))
    progress.add("quiz", "a", choice="x", right=True)
    assert progress.read() == NONE and list(tmp_path.iterdir()) == []


def test_by_default_it_lies_beside_the_scratch_folders(tmp_path, monkeypatch):
    monkeypatch.delenv("COURSE_PROGRESS", raising=False)
    monkeypatch.setenv("COURSE_SCRATCH", str(tmp_path))
    progress.add("check", "02.1", outcome="correct")
    assert (tmp_path / "progress.sqlite").exists()


class TestTheOlderFile:
    def test_it_is_read_once_and_kept(self, place):
        old = place.with_suffix(".json")
        content = json.dumps({"quiz": {"a": [ANSWER, {**ANSWER, "choice": "y"}]}, "check": {}})
        old.write_text(content, encoding="utf-8")
        assert _choices() == ["x", "y"]
        progress.add("quiz", "a", choice="z", right=False)
        assert _choices() == ["x", "y", "z"] and old.read_text(encoding="utf-8") == content
        old.write_text(content.replace('"x"', '"changed"'), encoding="utf-8")
        assert _choices() == ["x", "y", "z"]

    @pytest.mark.parametrize("at", ["not a time", 7, None, "2026-03-01T11:00:00"])
    def test_a_bad_time_does_not_lose_the_answer(self, place, at):
        record = {"quiz": {"a": [{**ANSWER, "at": at}]}, "check": {}}
        place.with_suffix(".json").write_text(json.dumps(record), encoding="utf-8")
        assert _choices() == ["x"]

    @pytest.mark.parametrize(
        "damaged",
        [
            *(b"", b"{", b"[]", b"null", b'{"quiz": {}}', b'{"quiz": [], "check": {}}', b"\xff\xfe\x00"),
            *(b'{"quiz": {"a": [1]}, "check": {}}', b"[" * 100_000, b'{"quiz":' * 100_000, b"1" * 10_000),
        ],
    )
    def test_a_damaged_one_is_kept_and_a_new_record_begins(self, place, capsys, damaged):
        old = place.with_suffix(".json")
        old.write_bytes(damaged)
        progress.add("quiz", "a", choice="x", right=True)
        assert _choices() == ["x"] and old.read_bytes() == damaged
        assert capsys.readouterr().out.count("The file is kept, and a new record begins") == 1

    @pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="This system has no pipes with names.")
    def test_a_pipe_is_not_waited_for(self, place):
        os.mkfifo(place.with_suffix(".json"))
        progress.add("quiz", "a", choice="x", right=True)
        assert _choices() == ["x"]


@pytest.mark.parametrize(
    "damaged", [b"no database, and longer than nothing" * 9, b"SQLite format 3\0" + b"\7" * 500]
)
def test_what_is_no_database_is_set_aside_each_under_its_name(place, capsys, damaged):
    for number in (1, 2):
        place.write_bytes(damaged)
        progress.add("quiz", "a", choice=f"{number}", right=True)
        assert _choices() == [f"{number}"]
        assert (place.parent / f"progress.damaged-{number}.sqlite").read_bytes() == damaged
    assert "kept as progress.damaged-1.sqlite" in capsys.readouterr().out


def test_a_damaged_page_is_set_aside_too(place):
    for _ in range(300):
        progress.add("quiz", "a", choice="x" * 200, right=True)
    with place.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * 8192)
    progress.read()
    progress.add("quiz", "a", choice="new", right=True)
    assert _choices() == ["new"] and (place.parent / "progress.damaged-1.sqlite").stat().st_size > 60_000


def test_the_journal_of_a_damaged_file_goes_with_it(place):
    journal = place.with_name(place.name + "-journal")
    place.write_text("no database", encoding="utf-8")
    journal.write_bytes(bytes(600))  # SQLite reads and removes one that was begun; this one was only made
    progress.add("quiz", "a", choice="x", right=True)
    assert _choices() == ["x"] and not journal.exists()
    kept = place.with_name("progress.damaged-1.sqlite-journal")
    assert kept.read_bytes() == bytes(600)


def test_a_new_record_of_another_notebook_is_not_set_aside(place):
    place.write_text("no database", encoding="utf-8")

    def replaced_meanwhile(connection: sqlite3.Connection) -> str:
        if not seen:
            seen.append(place)
            place.unlink()
            with contextlib.closing(sqlite3.connect(place)) as other:
                other.execute("CREATE TABLE theirs (answer TEXT)")
            raise sqlite3.DatabaseError("file is not a database")
        return connection.execute("SELECT count(*) FROM theirs").fetchone()[0]

    seen: list[object] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(progress, "_opened", lambda place: contextlib.closing(sqlite3.connect(place)))
        assert progress._retried(place, replaced_meanwhile) == 0
    assert [path.name for path in place.parent.iterdir()] == ["progress.sqlite"]


def test_answers_of_an_earlier_course_come_first_even_where_they_are_read_late(place, monkeypatch):
    old = {"quiz": {"a": [{**ANSWER, "choice": "old"}, {**ANSWER, "choice": "older"}]}, "check": {}}
    place.with_suffix(".json").write_text(json.dumps(old), encoding="utf-8")
    with monkeypatch.context() as patch:
        patch.setattr(progress, "_old_entries", lambda place: None)  # it cannot be read at first
        progress.add("quiz", "a", choice="new", right=True)
        assert _choices() == ["new"]
    assert _choices() == ["old", "older", "new"]


def test_reading_another_learners_file_takes_only_so_many_steps(place):
    progress.add("quiz", "a", choice="x", right=True)
    with contextlib.closing(sqlite3.connect(place)) as longer, longer:
        longer.executemany(
            "INSERT INTO entries (kind, item, at, entry) SELECT kind, item, at, entry FROM entries WHERE ?",
            [(1,)] * 12,
        )
    assert len(progress.read_file(place)["quiz"]["a"]) == 2**12
    with pytest.raises(sqlite3.OperationalError, match="interrupted"):
        progress.read_file(place, steps=10_000)


def test_a_function_that_another_learners_file_calls_is_not_run(place, monkeypatch):
    """A column may be computed, and its expression comes with the file."""
    called = []

    class Watched(sqlite3.Connection):
        def __init__(self, *arguments, **options):
            super().__init__(*arguments, **options)
            self.create_function("spy", 1, lambda text: called.append(text) or "{}", deterministic=True)

    with contextlib.closing(Watched(place)) as made, made:
        made.execute(
            "CREATE TABLE entries (number INTEGER PRIMARY KEY, kind TEXT, item TEXT, at TEXT, "
            "entry TEXT GENERATED ALWAYS AS (spy(item)))"
        )
        made.execute("INSERT INTO entries (kind, item, at) VALUES ('quiz', 'a', '2026-01-01')")
    connect = sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", lambda *a, **named: connect(*a, factory=Watched, **named))
    called.clear()
    with pytest.raises(sqlite3.DatabaseError, match="unsafe use of spy"):
        progress.read_file(place)
    assert called == []


def test_rows_somebody_edited_do_not_count_and_break_nothing(place):
    progress.add("quiz", "a", choice="x", right=True)
    with contextlib.closing(sqlite3.connect(place)) as edited:
        for values in [
            ("quiz", "a", "not a time", "{}"),
            ("quiz", None, 3, "[" * 9_999),
            ("x", "a", "", "1"),
        ]:
            edited.execute("INSERT INTO entries (kind, item, at, entry) VALUES (?, ?, ?, ?)", values)
        edited.commit()
    assert _choices() == ["x"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="This system has no pipes with names.")
@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir])
def test_what_is_no_file_is_a_sentence_and_stays(place, capsys, make):
    make(place)
    progress.add("quiz", "a", choice="x", right=True)
    assert progress.read() == NONE and not place.is_file() and place.exists()
    assert "it is no ordinary file" in capsys.readouterr().out


def test_a_place_that_cannot_be_written_is_a_sentence(tmp_path, monkeypatch, capsys):
    (tmp_path / "file").touch()
    monkeypatch.setenv("COURSE_PROGRESS", str(tmp_path / "file" / "progress.json"))
    progress.add("quiz", "a", choice="x", right=True)
    assert "COURSE_SCRATCH chooses another place" in capsys.readouterr().out


def _as_somebody(answer: multiprocessing.connection.Connection) -> None:
    """In a process that permissions bind: root is not bound by them."""
    if os.geteuid() == 0:
        os.setuid(65534)
    progress.add("quiz", "a", choice="new", right=True)
    answer.send(progress.read())


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="Windows has other permissions.")
@pytest.mark.parametrize(("file", "folder", "seen"), [(0o000, 0o777, []), (0o444, 0o555, ["old"])])
def test_a_file_without_permission_is_never_replaced(place, file, folder, seen):
    progress.add("quiz", "a", choice="old", right=True)
    before = place.read_bytes()
    for parent in place.parent.parents:
        if parent.stat().st_uid == os.geteuid() and "pytest" in str(parent):
            parent.chmod(0o755)
    place.chmod(file)
    place.parent.chmod(folder)
    here, there = multiprocessing.Pipe()
    child = multiprocessing.get_context("fork").Process(target=_as_somebody, args=[there])
    child.start()
    child.join()
    place.parent.chmod(0o755)
    place.chmod(0o644)
    assert [entry["choice"] for entry in here.recv()["quiz"].get("a", [])] == seen
    assert place.read_bytes() == before and _choices() == ["old"]


def test_a_full_disk_is_a_sentence_and_the_old_record_stays_whole(place, capsys):
    progress.add("quiz", "a", choice="old", right=True)
    size = place.stat().st_size
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
        progress.add("quiz", "a", choice="x" * 50_000, right=True)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, ignored)
    assert "What was there stays" in capsys.readouterr().out
    assert _choices() == ["old"]
    progress.add("quiz", "a", choice="again", right=True)
    assert _choices() == ["old", "again"]


def _write(number: int) -> None:
    for turn in range(50):
        progress.add("quiz", f"item-{number}", choice=str(turn), right=True)


def test_four_notebooks_at_once_keep_every_answer_in_its_order(place):
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=_write, args=[number]) for number in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    kept = {number: _choices(f"item-{number}") for number in range(4)}
    assert kept == {number: [str(turn) for turn in range(50)] for number in range(4)}
    assert [path.name for path in place.parent.iterdir()] == ["progress.sqlite"]


def test_a_kill_loses_no_answer_that_was_given(place):
    program = """
        from helpers.core import progress
        for turn in range(100_000):
            progress.add("quiz", "a", choice=str(turn), right=True)
            print(turn, flush=True)
    """
    for _ in range(3):
        begun = len(_choices())
        with subprocess.Popen(
            [sys.executable, "-c", textwrap.dedent(program)], stdout=subprocess.PIPE
        ) as process:
            for _ in range(20):
                told = patience.line(process)
            process.kill()
            told = (process.stdout.read().decode().split() or [told])[-1]
        kept = _choices()[begun:]
        assert kept[: int(told) + 1] == [str(turn) for turn in range(int(told) + 1)]
        assert len(kept) <= int(told) + 2  # one may be written and not yet told
