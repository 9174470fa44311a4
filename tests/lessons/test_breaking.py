"""Damages, outcomes, records and results of lesson 09: the parts that need no process of their own."""

import ast
import concurrent.futures
import json
import os
import pathlib
import random

from helpers.core import scratch
from helpers.lessons.lesson_09 import breaking, heat_map, large_run, recorded, refusals, trials
import nbformat
import numpy
import pytest


@pytest.fixture
def save(tmp_path) -> pathlib.Path:
    """A save that is a folder of two files, one of them in a folder inside."""
    folder = tmp_path / "export"
    (folder / "variables").mkdir(parents=True)
    (folder / "graph.pb").write_bytes(bytes(range(10)))
    (folder / "variables" / "data").write_bytes(bytes(30))
    return folder


def test_a_flip_changes_one_bit_of_one_file(save):
    trials.apply(save, trials.Damage(trials.FLIP, "variables/data", 29, 7))
    assert (save / "variables" / "data").read_bytes() == bytes(29) + b"\x80"
    assert (save / "graph.pb").read_bytes() == bytes(range(10))


def test_a_cut_keeps_what_stands_before_it(save):
    trials.apply(save, trials.Damage(trials.CUT, "graph.pb", 3))
    assert (save / "graph.pb").read_bytes() == b"\x00\x01\x02"
    trials.apply(save, trials.Damage(trials.CUT, "graph.pb", 0))
    assert (save / "graph.pb").read_bytes() == b""


def test_each_file_is_deleted_once(save):
    one, other = trials.deletions(save)
    trials.apply(save, one)
    assert trials.names(save) == [other.file] == ["variables/data"]


def test_a_single_file_is_damaged_itself(tmp_path):
    path = tmp_path / "model.keras"
    path.write_bytes(b"\x00\x00")
    trials.apply(path, trials.Damage(trials.FLIP, "", 1, 0))
    assert path.read_bytes() == b"\x00\x01"
    (only,) = trials.deletions(path)
    trials.apply(path, only)
    assert not path.exists()


def test_places_are_the_same_for_the_same_number_and_spread_over_all_bytes(save):
    drawn = [trials.draw(save, trials.FLIP, number) for number in range(400)]
    assert drawn == [trials.draw(save, trials.FLIP, number) for number in range(400)]
    places = {(one.file, one.byte) for one in drawn}
    assert len(places) == 40, "every byte is hit by 400 throws at 40"
    assert {one.bit for one in drawn} == set(range(8))
    assert all(one.byte < (10 if one.file == "graph.pb" else 30) for one in drawn)
    assert drawn[0][1:] != trials.draw(save, trials.CUT, 0)[1:]


def state(**changed: object) -> trials.State:
    whole = {
        "answers": numpy.array([[0.25, 0.75]], "float32"),
        "weights": [numpy.ones((2, 2)), numpy.zeros(2)],
        "optimizer": [numpy.zeros(1)],
        "settings": "a",
    }
    return whole | changed


@pytest.mark.parametrize(
    ("changed", "outcome"),
    [
        ({}, trials.UNHARMED),
        ({"answers": numpy.array([[0.26, 0.74]], "float32")}, trials.WRONG),
        ({"answers": numpy.array([[numpy.nan, 0.75]], "float32")}, trials.WRONG),
        ({"answers": numpy.array([[0.25, 0.75, 0]], "float32")}, trials.WRONG),
        ({"answers": numpy.array([[0.25, 0.7500001]], "float32")}, trials.OTHER),
        ({"weights": [numpy.ones((2, 2)), numpy.array([0, 1e-9])]}, trials.OTHER),
        ({"weights": [numpy.ones((2, 2))]}, trials.OTHER),
        ({"weights": [numpy.ones(4), numpy.zeros(2)]}, trials.OTHER),
        ({"optimizer": [numpy.ones(1)]}, trials.OTHER),
        ({"settings": "b"}, trials.OTHER),
    ],
)
def test_what_a_damage_did_is_told(changed, outcome):
    assert trials.of_damage(state(), state(**changed)) == outcome


def test_the_same_nan_is_no_change():
    broken = state(answers=numpy.array([[numpy.nan, 1]]), weights=[numpy.array([numpy.nan])])
    assert trials.of_damage(broken, broken) == trials.UNHARMED


def test_whose_weights_are_left():
    old, new = [numpy.zeros(2), numpy.zeros(3)], [numpy.ones(2), numpy.ones(3)]
    assert trials.of_a_save(old, new, [numpy.zeros(2), numpy.zeros(3)]) == trials.OLD
    assert trials.of_a_save(old, new, [numpy.ones(2), numpy.ones(3)]) == trials.NEW
    assert trials.of_a_save(old, new, [numpy.zeros(2), numpy.ones(3)]) == trials.MIXED
    assert trials.of_a_save(old, new, [numpy.zeros(2)]) == trials.MIXED
    assert {trials.MIXED, trials.LOST} == trials.LOSSES


def test_trials_come_in_order_whoever_was_ready_first():
    planned = [
        trials.Trial(experiment, "plain", kind, number)
        for experiment in ("second", "first")
        for kind in (".keras", "checkpoint")
        for number in range(3)
    ]
    mixed = planned[:1] + random.Random(0).sample(planned[1:], len(planned) - 1)
    ordered = trials.in_order(mixed)
    experiments = list(dict.fromkeys(trial.experiment for trial in mixed))
    assert [trial[2:4] for trial in ordered[:6]] == [trial[2:4] for trial in planned[:6]]
    assert list(dict.fromkeys(trial.experiment for trial in ordered)) == experiments


def test_names_and_places():
    assert [
        trials.label(name) for name in ("plain", "helpers.lessons.lesson_09.ways.plain", "guards:sealed")
    ] == [
        "plain",
        "plain",
        "sealed",
    ]
    there = pathlib.Path("there")
    assert [trials.path(there, kind).name for kind in trials.KINDS] == [
        "model.keras",
        "model.h5",
        "model.weights.h5",
        "export",
        "checkpoint",
    ]


FOUND = [
    trials.Trial("a process killed", "plain", ".keras", 0, trials.LOST, "why"),
    trials.Trial("a process killed", "plain", ".keras", 1, trials.OLD),
    trials.Trial("a process killed", "plain", ".keras", 2, trials.MIXED),
    trials.Trial("a bit flipped", "plain", ".h5", 0, trials.WRONG),
]


def test_results_are_there_again_and_a_line_cut_off_is_done_anew(tmp_path):
    file = tmp_path / "deep" / "results.jsonl"
    first = large_run.Results(file)
    for trial in FOUND:
        first.add(trial)
    file.write_bytes(file.read_bytes()[:-9])
    second = large_run.Results(file)
    assert list(second.done.values()) == FOUND[:-1]
    assert second.missing("a process killed", "plain", ".keras", range(5)) == [3, 4]
    assert second.missing("a bit flipped", "plain", ".h5", range(1)) == [0]
    second.add(FOUND[-1])
    assert list(large_run.Results(file).done.values()) == FOUND
    assert [json.loads(line)[3] for line in file.read_text(encoding="utf-8").splitlines()] == [0, 1, 2, 0]


def test_losses_are_counted():
    counts = recorded.counted(FOUND)
    assert recorded.lost(counts, ("a process killed", "plain", ".keras")) == (2, 3)
    assert recorded.lost(counts, ("a process killed", "plain", ".h5")) == (0, 0)


def test_a_record_is_written_and_read(tmp_path, monkeypatch):
    counts = recorded.counted(FOUND)
    monkeypatch.setattr(recorded, "FILE", tmp_path / "breaking.toml")
    recorded.FILE.write_text(recorded.as_toml({"date": "2026-11-20"}, counts), encoding="utf-8")
    recorded.record.cache_clear()
    try:
        assert recorded.record()["run"] == {"date": "2026-11-20"}
        assert recorded.counts() == counts
        assert recorded.typical("a bit flipped", "plain", ".h5") == trials.Trial(
            "a bit flipped", "plain", ".h5", 0, trials.WRONG, "recorded"
        )
        with pytest.raises(LookupError, match="was not recorded for careful and"):
            recorded.typical("a bit flipped", "careful", ".h5")
    finally:
        recorded.record.cache_clear()


class TestTheRecord:
    """helpers/lessons/lesson_09/recorded.toml, which the lesson shows."""

    def test_says_on_what_and_when(self):
        assert recorded.record()["run"].keys() == {
            "date",
            "system",
            "python",
            "tensorflow",
            "keras",
            "h5py",
        }

    def test_is_large(self):
        counts = recorded.counts()
        for kind in trials.KINDS:
            flips = sum(number for key, number in counts.items() if key[:3] == (trials.FLIP, "plain", kind))
            assert flips >= 150, kind
            for way in ("plain", "careful"):
                assert recorded.lost(counts, ("a process killed", way, kind))[1] >= 30, (way, kind)

    def test_holds_what_windows_shows_instead(self):
        for way in ("plain", "careful"):
            for kind in trials.KINDS:
                for refusal in (refusals.FULL_DISK, refusals.READ_ONLY, refusals.FOLDER):
                    assert recorded.typical(refusal, way, kind).outcome in trials.OF_A_SAVE

    def test_says_what_the_lesson_says(self):
        counts = recorded.counts()
        for key, number in counts.items():
            assert key[3] in (*trials.OF_DAMAGE, *trials.OF_A_SAVE) and number > 0
            if key[:2] == (trials.FLIP, "plain") and key[2] in (".keras", "export", "checkpoint"):
                assert key[3] not in {trials.WRONG}, key
            if key[0] == trials.CUT:
                assert key[3] == trials.ERROR, key
            if key[1] in ("careful", "restoring"):
                assert key[3] not in trials.LOSSES, key
        for kind in (".h5", ".weights.h5"):
            assert counts[(trials.FLIP, "plain", kind, trials.WRONG)] > 0


def test_a_map_shows_every_count(monkeypatch):
    shown = []
    monkeypatch.setattr(heat_map.figures, "show", lambda figure, alt: shown.append((figure, alt)))
    counts = recorded.counted(FOUND)
    heat_map.of_saves({"here": counts}, ["plain"], ["a process killed"], "what it shows")
    heat_map.of_damage({"here": counts}, "plain", ["a bit flipped"], "what it shows")
    texts = [[text.get_text() for axis in figure.axes for text in axis.texts] for figure, _ in shown]
    assert [text for text in texts[0] if text] == ["2 of 3"]
    assert [text for text in texts[1] if text] == ["1"]
    assert [alt for _, alt in shown] == ["what it shows"] * 2


@pytest.mark.parametrize("name", ["plain", "careful"])
def test_the_command_saves_as_the_lesson_does(name):
    """The cells of the lesson write what `lesson_09/ways` has, but for words and types."""
    lesson = nbformat.read(scratch.COURSE / "notebooks" / "09_survive_crashes.ipynb", as_version=4)
    written = [cell.source.split("\n", 1) for cell in lesson.cells if cell.source.startswith("%%writefile")]
    code = "\n".join(body for magic, body in written if magic.split()[-1] == f"{name}.py")
    ours = (scratch.COURSE / "helpers" / "lessons" / "lesson_09" / "ways" / f"{name}.py").read_text(
        encoding="utf-8"
    )
    assert functions(code) == functions(ours)


def functions(code: str) -> dict[str, str]:
    """The functions of a module as they run: without their docstrings and annotations."""
    found = {}
    for function in (node for node in ast.parse(code).body if isinstance(node, ast.FunctionDef)):
        function.returns = None
        for argument in function.args.args:
            argument.annotation = None
        if ast.get_docstring(function) is not None:
            del function.body[0]
        found[function.name] = ast.dump(function)
    return found


def test_only_the_second_saver_seems_to_be_another_process(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    seen = []

    def save(model, path):
        with concurrent.futures.ThreadPoolExecutor() as others:
            seen.append((os.getpid(), others.submit(os.getpid).result()))
        model.save(path)

    breaking.two_savers(save)
    own = os.getpid()
    # The first begins, the second comes in the middle; a kernel's own threads know all the time who they are.
    assert seen == [(own, own), (own + 1, own)]
