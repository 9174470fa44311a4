"""`course --break`: stopped at any moment it loses nothing, goes on later, and ends with its tables."""

import io
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import time
import tomllib

from helpers import launch
from helpers.core import scratch
from helpers.lessons.lesson_09 import large_run, recorded, trials
import psutil
import pytest
import rich.console


@pytest.fixture
def place(tmp_path, monkeypatch) -> pathlib.Path:
    """Where the run writes, and one format in one way, so that it ends soon."""
    monkeypatch.setenv("COURSE_SCRATCH", str(tmp_path))
    monkeypatch.setattr(trials, "KINDS", [".weights.h5"])
    monkeypatch.setattr(large_run, "WAYS", {"plain": [".weights.h5"]})
    return tmp_path / "breaking"


def run(flips: int) -> tuple[int, str]:
    said = io.StringIO()
    code = large_run.main(flips, rich.console.Console(file=said, width=120))
    return code, said.getvalue()


def read(place: pathlib.Path) -> list[list]:
    (file,) = place.glob("*.jsonl")
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def test_it_runs_to_its_end_and_does_nothing_twice(place):
    code, said = run(4)
    assert code == 0
    found = read(place)
    done = {tuple(trial[:4]) for trial in found}
    assert len(done) == len(found)
    numbers = [trial[3] for trial in found if trial[0] == trials.FLIP]
    assert sorted(numbers) == [0, 1, 2, 3]
    assert "models lost while saving" in said and f"{len(found)} trials in " in said
    assert re.search(r"plain +│ \.weights\.h5 +│", said)

    code, said = run(4)
    assert code == 0 and read(place) == found, "nothing was left to do"
    run(6)
    assert read(place)[: len(found)] == found
    assert sorted(trial[3] for trial in read(place) if trial[0] == trials.FLIP) == [0, 1, 2, 3, 4, 5]

    (summary,) = place.glob("*.toml")
    counts = tomllib.loads(summary.read_text(encoding="utf-8"))["counts"]
    assert sum(counts[trials.FLIP]["plain"][".weights.h5"].values()) == 6
    assert sorted(path.name for path in place.iterdir() if path.is_dir()) == ["victims"]


@pytest.mark.parametrize("flips", [0, -3])
def test_an_odd_number_is_told(flips, place):
    code, said = run(flips)
    assert code == 1 and f"from 1; it got {flips}" in " ".join(said.split())
    assert not place.exists()


def test_the_course_hands_the_number_over(monkeypatch):
    given = []
    monkeypatch.setattr(large_run, "main", lambda flips: given.append(flips) or 0)
    assert launch.main(["--break"]) == 0
    assert launch.main(["--break", "7"]) == 0
    assert given == [150, 7]


def test_other_versions_are_another_run():
    names = {large_run.name(large_run.versions() | {"keras": version}) for version in ("3.15.1", "3.16.0")}
    assert len(names) == 2


def test_the_tables_show_what_was_found(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_SCRATCH", str(tmp_path))
    found = large_run.Results(tmp_path / "found.jsonl")
    found.add(trials.Trial(trials.FLIP, "plain", ".h5", 0, trials.WRONG))
    found.add(trials.Trial("a process killed", "careful", ".keras", 0, trials.OLD))
    found.add(trials.Trial("a process killed", "plain", ".keras", 0, trials.LOST))
    said = io.StringIO()
    large_run.show(found, {"date": "2026-11-20"}, rich.console.Console(file=said, width=120))
    lines = [" ".join(re.findall(r"[^│┃ ]+", line)) for line in said.getvalue().splitlines()]
    assert "careful .keras 0 of 1" in lines
    assert "plain .keras 1 of 1" in lines
    assert ".h5 1" in lines
    assert recorded.as_toml({"date": "2026-11-20"}, recorded.counted(found.done.values())) == (
        tmp_path / "found.toml"
    ).read_text(encoding="utf-8")


@pytest.mark.skipif(
    os.name == "nt", reason="Control-C reaches a group of processes in another way on Windows"
)
def test_control_c_loses_nothing_and_leaves_nothing(tmp_path):
    """As in a terminal: the interrupt reaches the command and all its processes at once."""
    environment = os.environ | {
        "COURSE_SCRATCH": str(tmp_path),
        "PYTHONPATH": str(scratch.COURSE),
        "COURSE_TRACE": str(tmp_path),
    }
    start = [sys.executable, "-m", "helpers", "--break", "40"]
    done = []
    for _ in range(2):
        with subprocess.Popen(
            start,
            env=environment,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
            encoding="utf-8",
        ) as running:
            wanted = len(done) + 5
            wait_for(lambda wanted=wanted: lines(tmp_path) >= wanted)
            os.killpg(running.pid, signal.SIGINT)
            said = running.communicate(timeout=120)[0]
        assert running.returncode == 130
        assert "Stopped. Nothing is lost" in " ".join(said.split()) and "Traceback" not in said
        found = read(tmp_path / "breaking")
        assert found[: len(done)] == done and len(found) >= len(done) + 5
        done = found
    assert len({tuple(trial[:4]) for trial in done}) == len(done)
    assert not [path.name for path in (tmp_path / "breaking").iterdir() if path.name.startswith("breaking-")]
    wait_for(lambda: not traced(str(tmp_path)))


def lines(place: pathlib.Path) -> int:
    return sum(file.read_bytes().count(b"\n") for file in (place / "breaking").glob("*.jsonl"))


def traced(mark: str) -> list[psutil.Process]:
    """Every process that has inherited the mark."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.environ().get("COURSE_TRACE") == mark and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
        except psutil.Error:
            continue
    return found


def wait_for(condition, seconds: float = 120) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it took too long"
        time.sleep(0.05)
