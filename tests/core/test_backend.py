"""The set-up of TensorFlow: its own backend, a sentence for what cannot work, a word for what may differ."""

import os
import pathlib
import subprocess
import sys

from helpers import lesson
from helpers.core import backend, errors
import keras
import pytest


def _in_new_process(code: str, **environment: str) -> subprocess.CompletedProcess:
    variables = {**os.environ, "PYTHONPATH": str(pathlib.Path(backend.__file__).parents[2]), **environment}
    return subprocess.run(
        [sys.executable, "-c", code],
        env=variables,
        capture_output=True,
        text=True,
        timeout=120,
        encoding="utf-8",
    )


@pytest.mark.parametrize("door", ["lesson", "lessons"], ids=["a page", "a command"])
def test_the_backend_is_tensorflow_whatever_the_environment_says(door):
    code = f"from helpers import {door}\nimport keras; print(keras.backend.backend())"
    done = _in_new_process(code, KERAS_BACKEND="jax")
    assert (done.stdout, done.stderr) == ("tensorflow\n", "")


def test_set_up_and_the_first_operation_print_no_log(tmp_path):
    code = (
        "from helpers import lesson, models\nimport numpy\n"
        "lesson.begin('notebooks/01_x')\nmodels.sequential()(numpy.ones((1, 64)))"
    )
    # As in a kernel, what is printed is UTF-8 whatever the locale.
    done = _in_new_process(code, COURSE_SCRATCH=str(tmp_path), PYTHONIOENCODING="utf-8")
    assert done.stderr == ""
    assert done.stdout.splitlines()[0] == backend.versions()


def test_legacy_keras_is_refused_with_a_sentence():
    done = _in_new_process("from helpers import lesson", TF_USE_LEGACY_KERAS="1")
    assert done.returncode == 1
    assert "TF_USE_LEGACY_KERAS is set" in done.stderr and "Remove that variable" in done.stderr


def test_another_backend_that_is_already_loaded_is_refused(monkeypatch):
    monkeypatch.setattr(keras.config, "backend", lambda: "torch")
    with pytest.raises(errors.Stop, match=r"already loaded with the torch backend.*Restart the kernel"):
        backend.choose()


@pytest.mark.parametrize(("package", "version"), [("tensorflow", "2.15.1"), ("keras", "2.15.0")])
def test_a_version_that_cannot_work_is_refused(monkeypatch, package, version):
    installed = {"tensorflow": "2.21.0", "keras": "3.15.1", package: version}
    monkeypatch.setattr(backend.importlib.metadata, "version", installed.get)
    with pytest.raises(errors.Stop, match=f"{package} {version} is installed; .* needs .* or newer"):
        backend.choose()


def test_a_version_that_is_not_proved_is_named(monkeypatch):
    assert "may differ" not in backend.versions()
    monkeypatch.setattr(
        backend.importlib.metadata, "version", {"tensorflow": "2.22.0", "keras": "3.16.0"}.get
    )
    backend.choose()
    assert "tensorflow 2.22.0" in backend.versions()
    assert "The course is proved on tensorflow 2.21 and keras 3.15" in backend.versions()


def test_a_lesson_begins_with_the_same_random_numbers_in_an_empty_folder(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("COURSE_SCRATCH", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    drawn = []
    for _ in range(2):
        lesson.begin("notebooks/01_x", seed=3)
        assert os.listdir() == []
        pathlib.Path("left").touch()
        drawn.append(float(keras.random.uniform(())))
    assert drawn[0] == drawn[1]
    assert pathlib.Path.cwd() == tmp_path / "notebooks-01_x"
    assert str(tmp_path / "notebooks-01_x") in capsys.readouterr().out
