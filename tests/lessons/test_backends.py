"""The record of three backends is whole, is the page's, and its TensorFlow part can be asked today."""

import argparse
import importlib.util
import json
import os
import subprocess

from helpers.authoring.notebooks import page
from helpers.authoring.other_versions import backends as command
from helpers.authoring.other_versions import environment
from helpers.core import scratch
from helpers.lessons.lesson_17 import backends
import pytest

NAMES = ["tensorflow", "jax", "torch"]


def test_every_backend_has_a_verdict_on_every_file():
    record = backends.record()
    assert list(record["read"]) == list(record["versions"]) == list(record["written"]) == NAMES
    files = set(record["read"]["tensorflow"])
    assert all(set(verdicts) == files for verdicts in record["read"].values())
    saved = {
        f"{kind} from {name}"
        for name, kinds in record["written"].items()
        for kind, word in kinds.items()
        if word == "saved"
    }
    assert files == saved | {"layers from torch, compile=False"}


@pytest.mark.parametrize("cell_id", ["about-record", "about-orbax"])
def test_the_page_names_the_day_of_the_record(cell_id):
    notebook = page.read(scratch.COURSE / "notebooks" / "17_many_devices.ipynb").notebook
    (text,) = [cell.source for cell in notebook.cells if cell.id == cell_id]
    assert backends.record()["date"] in text


def test_orbax_was_asked_for_every_kind_of_model():
    orbax = backends.record()["orbax"]
    kinds = [f"{kind}: load_model" for kind in _program().KINDS]
    assert list(orbax["orbax"]) == [kinds[0], "Sequential, made anew: load_weights", *kinds[1:]]
    packages = dict(each.split("==") for each in command.PACKAGES["jax"])
    assert packages.items() <= orbax["versions"].items()


def _program():
    specification = importlib.util.spec_from_file_location("backend_program", command.PROGRAM)
    module = importlib.util.module_from_spec(specification)
    # Its layers are registered under names that no other test uses.
    specification.loader.exec_module(module)
    return module


def test_without_orbax_nothing_is_recorded_of_it(tmp_path):
    with pytest.raises(environment.Unavailable, match="orbax-checkpoint"):
        _asked("orbax", tmp_path)


def _asked(what, folder):
    answer = command.ask(command.pathlib.Path(command.sys.executable), "tensorflow", what, str(folder))
    return answer[what]


def test_tensorflow_says_today_what_is_recorded(tmp_path):
    """Of its own files, and of the file from PyTorch."""
    record = backends.record()
    assert _asked("write", tmp_path) == record["written"]["tensorflow"]
    for path, suffix in ((backends.FROM_TORCH, ".keras"), (backends.GOLDEN, ".npz")):
        (tmp_path / f"layers from torch{suffix}").write_bytes(path.read_bytes())
    found = _asked("read", tmp_path)
    assert len(found) == 6
    assert found == {name: record["read"]["tensorflow"][name] for name in found}


def test_a_file_with_other_answers_is_found_out(tmp_path):
    _asked("write", tmp_path)
    (tmp_path / "layers from tensorflow.npz").write_bytes(backends.GOLDEN.read_bytes())
    assert _asked("read", tmp_path)["layers from tensorflow"].startswith("apart by ")


def test_a_backend_that_cannot_be_had_leaves_the_record(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(backends, "RECORD", tmp_path / "record.json")
    monkeypatch.setattr(
        subprocess, "run", lambda command, **_: subprocess.CompletedProcess(command, 1, "", "no such version")
    )
    assert command.run(argparse.Namespace(folder=tmp_path)) == 1
    assert not backends.RECORD.exists()
    assert "no such version" in capsys.readouterr().out


def test_what_the_backends_say_is_recorded(monkeypatch, tmp_path):
    for name in ("RECORD", "FROM_TORCH", "GOLDEN"):
        monkeypatch.setattr(backends, name, tmp_path / name)
    monkeypatch.setattr(backends, "FOLDER", tmp_path)

    def run(call, **options):
        if "pip" in call or "venv" in call:
            return subprocess.CompletedProcess(call, 0, "", "")
        what, folder = call[-2:]
        for suffix in (".keras", ".npz"):
            command.pathlib.Path(folder, command.SENT + suffix).touch()
        name = options["env"]["KERAS_BACKEND"]
        assert (what, name) == ("orbax", "jax") or what in ("write", "read")
        said = {"versions": {name: "1"}, what: {"layers": f"{what} by {name}"}}
        return subprocess.CompletedProcess(call, 0, f"a warning\n{json.dumps(said)}\n", "")

    monkeypatch.setattr(subprocess, "run", run)
    assert command.run(argparse.Namespace(folder=tmp_path)) == 0
    record = backends.record()
    assert record["read"] == {name: {"layers": f"read by {name}"} for name in NAMES}
    assert record["orbax"] == {"versions": {"jax": "1"}, "orbax": {"layers": "orbax by jax"}}
    assert (tmp_path / "FROM_TORCH").exists()


@pytest.mark.parametrize(("backend", "last"), [("jaxx", "Unable to import"), ("tensorflow", "imported")])
def test_the_last_line_of_an_import(backend, last):
    assert last in backends.import_keras(backend)


def test_a_backend_that_is_installed_here_is_not_seen(monkeypatch, tmp_path):
    """The page says the same on a machine that has JAX too."""
    (tmp_path / "jax.py").write_text("print('a JAX of this machine')", encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")]))
    assert backends.import_keras("jax") == "ModuleNotFoundError: No module named 'jax'"
