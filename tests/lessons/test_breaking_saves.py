"""Damaged loads and interrupted saves, with small modules in place of the learner's, are told as they are."""

import pathlib
import time

from helpers import models
from helpers.core import processes
from helpers.lessons.lesson_09 import accidents, damage, recorded, refusals, trials, workers, workshop
import psutil
import pytest

from tests.suite import patience

LOAD = """
import keras, os, pathlib, time

def load(path, kind):
    return keras.models.load_model(path)
"""
# The first save, of the old model, sets the time; the second never ends, so that every kill hits it.
EMPTIES = (
    LOAD
    + """
def save(model, path, kind):
    if path.exists():
        path.write_bytes(b"")
    time.sleep(600 if path.exists() else 0.3)
    model.save(path)
"""
)
WAITS = (
    LOAD
    + """
def save(model, path, kind):
    if path.exists():
        time.sleep(600)
    model.save(path)
"""
)
CRASHES = """
import keras, os

def load(path, kind):
    content = path.read_bytes()
    if not content.endswith(b"end"):
        os.abort()
    return keras.Sequential([keras.Input((64,)), keras.layers.Dense(10, kernel_initializer="ones")])
"""
RAISES = "def load(*_):\n    raise ValueError('no use')\n\nsave = load\n"


@pytest.fixture
def place(tmp_path, monkeypatch) -> pathlib.Path:
    """The current folder, with an old and a new model in it."""
    monkeypatch.chdir(tmp_path)
    for seed, name in enumerate((accidents.OLD, accidents.NEW)):
        models.sequential(seed).save(name)
    return tmp_path


def module(place: pathlib.Path, code: str, name: str = "way") -> str:
    (place / f"{name}.py").write_text(code, encoding="utf-8")
    return name


@pytest.mark.parametrize(("code", "outcome"), [(EMPTIES, trials.LOST), (WAITS, trials.OLD)])
def test_a_kill_is_judged_by_what_it_left(place, code, outcome):
    found = accidents.accidents(module(place, code), kills=2, refused=[], kinds=[".keras"])
    assert [(trial[:4], trial.outcome) for trial in found] == [
        ((accidents.KILLED, "way", ".keras", number), outcome) for number in range(2)
    ]
    left = sorted(path.name for path in place.iterdir())
    assert left == [accidents.NEW, accidents.OLD, "way.py"], "the folders of the trials are gone"


def test_a_kill_after_the_end_does_not_count(place, monkeypatch):
    begin = accidents.Target.begin

    def begin_and_end(aim: accidents.Target) -> workers.Child:
        child = begin(aim)
        assert patience.until(lambda: child.connection.poll(0)), "the save says its end"
        return child

    monkeypatch.setattr(accidents.Target, "begin", begin_and_end)
    monkeypatch.setattr(accidents, "TRIES", 2)
    way = LOAD + "\ndef save(model, path, kind):\n    model.save(path)\n"
    assert accidents.accidents(module(place, way), kills=1, refused=[], kinds=[".keras"]) == []


def test_a_new_model_is_told_from_an_old_one(place):
    code = LOAD + "\ndef save(model, path, kind):\n    model.save(path)\n    time.sleep(5 * path.is_dir())\n"
    with workshop.folder() as folder:
        aim = accidents.Target(folder, place, module(place, code), ".keras")
        with workers.Supply(folder) as supply:
            assert aim.outcome(supply) == (trials.OLD, "")
            models.sequential(1).save(aim.save)
            assert aim.outcome(supply) == (trials.NEW, "")
            models.sequential(2).save(aim.save)
            assert aim.outcome(supply) == (trials.MIXED, "")
            aim.save.write_bytes(b"PK")
            outcome, detail = aim.outcome(supply)
            assert outcome == trials.LOST
            assert detail.startswith("ValueError: File not found: filepath=model.keras.")
            aim.reset()
            assert aim.outcome(supply) == (trials.OLD, "")


def test_a_module_that_cannot_save_is_told(place):
    with pytest.raises(RuntimeError, match=r"way\.save does not save \.keras: ValueError: no use"):
        accidents.accidents(module(place, RAISES), kills=1, kinds=[".keras"])
    with pytest.raises(RuntimeError, match=r"nowhere\.save cannot begin: ModuleNotFoundError"):
        accidents.accidents("nowhere", kills=1, kinds=[".keras"])
    assert not psutil.Process().children() or all(
        "breaking" not in " ".join(process.cmdline()) for process in psutil.Process().children()
    )
    assert sorted(path.name for path in place.iterdir()) == [accidents.NEW, accidents.OLD, "way.py"]


@pytest.mark.skipif(not refusals.possible(), reason="this system refuses nothing of this kind")
class TestRefused:
    """Real refusals by the system, root or not."""

    @pytest.mark.parametrize(
        ("way", "left"),
        [
            ("plain", [trials.LOST, trials.OLD, trials.NEW]),
            ("careful", [trials.OLD, trials.OLD, trials.OLD]),
        ],
    )
    def test_a_file(self, place, way, left):
        refused = [refusals.FULL_DISK, refusals.READ_ONLY, refusals.FOLDER]
        found = accidents.accidents(
            f"helpers.lessons.lesson_09.ways.{way}", refused=refused, kinds=[".keras"]
        )
        assert [(trial.experiment, trial.outcome) for trial in found] == list(zip(refused, left, strict=True))
        assert sorted(path.name for path in place.iterdir()) == [accidents.NEW, accidents.OLD]

    def test_this_process_is_refused_nothing(self, place):
        accidents.accidents("helpers.lessons.lesson_09.ways.plain", kinds=[".keras"])
        (place / "large").write_bytes(bytes(10_000_000))

    def test_a_locked_folder_is_unlocked_again(self, tmp_path):
        (tmp_path / "deep").mkdir()
        (tmp_path / "deep" / "file").touch()
        places = (tmp_path / "deep", tmp_path / "deep" / "file")
        before = [path.stat().st_mode & ~0o022 for path in places]
        refusals.lock(tmp_path)
        assert [oct(path.stat().st_mode & 0o222) for path in sorted(tmp_path.rglob("*"))] == ["0o0"] * 2
        refusals.unlock(tmp_path)
        assert [path.stat().st_mode & ~0o022 for path in places] == before


def test_what_the_system_cannot_refuse_was_recorded(place, monkeypatch):
    monkeypatch.setattr(refusals, "possible", lambda: False)
    found = accidents.accidents("helpers.lessons.lesson_09.ways.plain", kinds=[".keras", "export"])
    assert found == trials.in_order(
        [
            recorded.typical(refusal, "plain", kind)
            for refusal in (refusals.FULL_DISK, refusals.READ_ONLY)
            for kind in (".keras", "export")
        ]
    )


def test_without_a_fork_fewer_are_killed(place, monkeypatch):
    planned = []
    monkeypatch.setattr(processes, "can_fork", lambda: False)
    monkeypatch.setattr(accidents, "tried", lambda models, jobs: planned.extend(jobs) or [])
    accidents.accidents("plain", kills=9, refused=[], kinds=[".keras"])
    assert planned == [("plain", ".keras", [(accidents.KILLED, 0), (accidents.KILLED, 1)])]


def test_damaged_loads_are_told_apart(place):
    (place / "victims").mkdir()
    (place / "victims" / "model.weights.h5").write_bytes(b"begin end")
    found = damage.damage(module(place, CRASHES), "victims", flips=6, cuts=2, kinds=[".weights.h5"])
    told = {(trial.experiment, trial.outcome) for trial in found}
    assert told == {
        (trials.FLIP, trials.UNHARMED),
        (trials.FLIP, trials.CRASH),
        (trials.CUT, trials.CRASH),
        (trials.DELETE, trials.ERROR),
    }
    assert [trial.number for trial in found] == [0, 1, 2, 3, 4, 5, 0, 1, 0]
    assert found[-1].detail.startswith("model.weights.h5, byte 0, bit 0: FileNotFoundError")
    assert (place / "victims" / "model.weights.h5").read_bytes() == b"begin end"


def test_a_victim_that_does_not_load_is_told(place):
    (place / "victims").mkdir()
    (place / "victims" / "model.weights.h5").write_bytes(b"begin end")
    with pytest.raises(RuntimeError, match="ValueError: no use"):
        damage.damage(module(place, RAISES), "victims", flips=1, cuts=0, kinds=[".weights.h5"])


def test_two_workers_share_the_jobs_and_an_error_ends_both(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def work(place, jobs):
        assert place.is_dir()
        for job in jobs:
            if job == 5:
                raise KeyError(job)
            yield job

    assert sorted(workshop.side_by_side(range(5), work)) == [0, 1, 2, 3, 4]
    with pytest.raises(KeyError):
        list(workshop.side_by_side(range(100), work))
    assert list(tmp_path.iterdir()) == []


def test_a_worker_tidies_up_when_nobody_listens_any_more(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    tidied = []

    def work(place, jobs):
        try:
            for job in jobs:
                time.sleep(0.01)
                yield job
        finally:
            tidied.append(place.name)

    found = workshop.side_by_side(range(1000), work)
    next(found)
    found.close()
    assert len(tidied) == workshop.WORKERS
    assert list(tmp_path.iterdir()) == []
