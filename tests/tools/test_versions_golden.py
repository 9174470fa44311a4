"""The golden batch: real models, asked in a process that has never seen this one."""

import importlib
import json
import pathlib
import sys

from helpers import digits, models
from helpers.core import processes
from helpers.tools import versions
from helpers.tools.versions import golden_batch
import keras
import numpy
import pytest

from tests.suite import kinds, names

BATCH = digits.load().test_features[:8]

LAYERS = """
import keras

@keras.saving.register_keras_serializable(package="versions_test")
class Scale(keras.layers.Layer):
    def call(self, inputs):
        return inputs * 2.0
"""


@pytest.fixture(autouse=True)
def place(tmp_path, monkeypatch):
    folder = tmp_path / names.possible("größer als zwölf")
    folder.mkdir()
    monkeypatch.chdir(folder)


def export(model, folder):
    model.export(folder, verbose=False)


def save(model, folder):
    model.save(folder / "model.keras")


def publish(model, save=export, answers=None, **facts):
    answers = model.predict(BATCH, verbose=0) if answers is None else answers
    with versions.publish("store", golden=(BATCH, answers), **facts) as draft:
        save(model, draft.folder)
    return draft.number


def seen():
    paths = sorted(pathlib.Path().rglob("*"))
    return [(path, path.stat().st_mtime_ns, path.is_file() and path.read_bytes()) for path in paths]


@pytest.mark.parametrize("save", [export, save])
def test_a_model_that_answers_as_before_passes(save, capfd):
    publish(models.sequential(), save)
    before = seen()
    versions.check("store", 1)
    assert seen() == before
    assert capfd.readouterr().out == ""
    with numpy.load("store/1/golden.npz") as stored:
        assert numpy.array_equal(stored["batch"], BATCH)
    versions.promote("store", 1)
    assert versions.current("store") == 1


@pytest.mark.parametrize("save", [export, save])
def test_a_model_that_answers_otherwise_is_refused(save):
    publish(models.sequential(seed=7), save)
    wrong = models.sequential(seed=8).predict(BATCH, verbose=0)
    publish(models.sequential(seed=7), save, answers=wrong)
    versions.promote("store", 1)
    said = r"Version 2 is refused: its answers to the golden batch differ .* up to 0\.\d+; 1e-05 is allowed\."
    with pytest.raises(versions.Refused, match=said):
        versions.promote("store", 2)
    assert versions.current("store") == 1
    assert publish(models.sequential(seed=7), save, answers=wrong, tolerance=1.0) == 3
    versions.promote("store", 3)


def test_it_is_asked_in_a_process_forked_or_plain(monkeypatch):
    monkeypatch.setattr(processes, "can_fork", lambda: kinds.FORKED)
    publish(models.sequential())
    versions.check("store", 1)


@pytest.mark.parametrize("error", [EOFError(), OSError("too many processes")])
def test_no_process_at_all_is_a_sentence(error, monkeypatch):
    def refuse(*_):
        raise error

    publish(models.sequential())
    monkeypatch.setattr(processes.multiprocessing.process.BaseProcess, "start", refuse)
    with pytest.raises(
        versions.VersionsError, match=r"Checking version 1 did not work: no process could be started"
    ):
        versions.check("store", 1)


def test_the_export_is_asked_where_there_is_one():
    def both(model, folder):
        export(model, folder)
        (folder / "model.keras").write_bytes(b"no model")

    publish(models.sequential(), both)
    versions.check("store", 1)


def test_answers_of_another_shape_are_refused():
    publish(models.sequential(), answers=numpy.zeros((8, 9)))
    with pytest.raises(versions.Refused, match=r"its answers have the shape \(8, 10\), .* ones \(8, 9\)"):
        versions.check("store", 1)


def test_inputs_and_outputs_may_have_names():
    left, right = keras.Input((2,), name="left"), keras.Input((2,), name="right")
    model = keras.Model({"left": left, "right": right}, {"sum": left + right, "product": left * right})
    batch = {"left": numpy.float32([[1, 2]]), "right": numpy.float32([[3, 4]])}
    for answers in (model.predict(batch, verbose=0), {"sum": [[4, 6]]}):
        with versions.publish("store", golden=(batch, answers)) as draft:
            export(model, draft.folder)
    versions.check("store", 1)
    with pytest.raises(versions.Refused, match=r"it answers \['answers.product', 'answers.sum'\], and"):
        versions.check("store", 2)


@pytest.fixture
def scaled(monkeypatch):
    """A model whose layer is code in the current folder, as a learner's own layers are."""
    pathlib.Path("layers_of_mine.py").write_text(LAYERS, encoding="utf-8")
    monkeypatch.syspath_prepend(str(pathlib.Path().absolute()))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    layers = importlib.import_module("layers_of_mine")
    yield keras.Sequential([keras.Input((64,)), layers.Scale()])
    del sys.modules["layers_of_mine"]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("return inputs * 2.5", r"its answers to the golden batch differ .* up to 0\.5; 1e-05 is allowed"),
        ("return inputs * float('nan')", "its answers to the golden batch hold NaN"),
        ("return inputs / 0.0 * 2.0", "its answers to the golden batch hold NaN|differ"),
        (
            "raise ValueError('not today')",
            "does not answer its golden batch in a fresh process. .* It began with ValueError: not today",
        ),
        ("import os; os._exit(3)", "in a fresh process. The process ended itself with exit status 3"),
    ],
)
def test_code_that_drifted_is_refused(scaled, line, said):
    publish(scaled, save, imports=["layers_of_mine"])
    versions.check("store", 1)
    drifted = LAYERS.replace("return inputs * 2.0", line)
    pathlib.Path("layers_of_mine.py").write_text(drifted, encoding="utf-8")
    with pytest.raises(versions.Refused, match=said):
        versions.promote("store", 1)
    assert versions.current("store") is None


def test_an_export_does_not_drift_with_the_code(scaled):
    publish(scaled, export)
    pathlib.Path("layers_of_mine.py").unlink()
    versions.check("store", 1)


def test_a_class_that_is_not_there_is_named(scaled):
    publish(scaled, save)
    with pytest.raises(versions.Refused, match="It began with TypeError: Could not locate class 'Scale'"):
        versions.check("store", 1)
    publish(scaled, save, imports=["no_such_module"])
    with pytest.raises(versions.Refused, match="No module named 'no_such_module'"):
        versions.check("store", 2)


def test_a_model_that_takes_too_long_is_refused(scaled, monkeypatch):
    publish(scaled, save, imports=["layers_of_mine"])
    pathlib.Path("layers_of_mine.py").write_text("import time; time.sleep(600)", encoding="utf-8")
    monkeypatch.setattr(golden_batch, "TIME_LIMIT", 1.5)
    with pytest.raises(versions.Refused, match=r"It took longer than 1\.5 seconds"):
        versions.check("store", 1)


def test_the_side_car_says_how_it_is_asked(scaled):
    publish(scaled, save, imports=["layers_of_mine"], tolerance=0.25)
    facts = json.loads(pathlib.Path("store/1/version.json").read_text(encoding="utf-8"))
    assert facts["golden"] == {"tolerance": 0.25, "imports": ["layers_of_mine"]}


@pytest.mark.parametrize(
    ("kind", "apart"), [("uint8", 1.0), ("int8", 255.0), ("bool", 1.0), ("float16", 1.0)]
)
def test_a_difference_is_no_larger_than_it_is(kind, apart):
    first, second = ([-128], [127]) if kind == "int8" else ([0], [1])
    first, second = numpy.array(first).astype(kind), numpy.array(second).astype(kind)
    for pair in ((first, second), (second, first)):
        assert golden_batch.largest_difference(*pair) == apart
