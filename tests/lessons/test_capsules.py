"""The time capsules are what their manifest says, and what becomes of them is told truly."""

import argparse
import ast
import collections.abc
import contextlib
import hashlib
import itertools
import json
import pathlib
import re
import shutil
import subprocess
import tomllib
import zipfile

import h5py
from helpers.authoring.other_versions import capsule_builder
from helpers.authoring.other_versions.capsule_builder import LIST, run
from helpers.lessons.lesson_11 import capsules, verdicts
from helpers.tools import anatomy
import keras
import numpy
import pytest
import tensorflow

VERSIONS = ("2.5", "2.8", "2.11", "2.13", "2.15", "2.16", "2.18", "2.21")
KERAS_2 = VERSIONS[:5]
# A path or a user of the machine that wrote a file: each would be a stranger's on every other one.
PRIVATE = re.compile(rb"/(?:root|home|Users|tmp|work|usr|opt|var)/|[A-Z]:\\Users|pyenv|site-packages")


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory) -> pathlib.Path:
    folder = tmp_path_factory.mktemp("capsules")
    capsules.unpack(folder)
    return folder


def artefacts(folder: pathlib.Path) -> collections.abc.Iterator[pathlib.Path]:
    """Every saved artefact of an unpacked capsule; for what is a folder of a checkpoint, that folder."""
    for name, said in capsules.info(folder)["files"].items():
        if said == "written":
            yield folder / name


def test_the_eight_are_there_oldest_first():
    assert tuple(capsules.versions()) == VERSIONS


def test_the_files_are_those_of_the_manifest_and_small():
    manifest = json.loads((capsules.FOLDER / capsule_builder.MANIFEST).read_text(encoding="utf-8"))
    assert manifest == capsule_builder.listed(capsules.FOLDER)
    assert sum(path.stat().st_size for path in capsules.FOLDER.iterdir()) < 3_000_000


def test_a_changed_byte_is_noticed(tmp_path):
    shutil.copy(capsules.FOLDER / "tf-2.5.zip", tmp_path)
    before = capsule_builder.listed(tmp_path)
    with zipfile.ZipFile(tmp_path / "tf-2.5.zip", "a") as packed:
        packed.writestr("more.txt", "more")
    assert capsule_builder.listed(tmp_path) != before


@pytest.mark.parametrize("version", VERSIONS)
def test_no_file_names_a_path_or_a_user_of_the_machine_that_wrote_it(unpacked, version):
    for path in sorted((unpacked / f"tf-{version}").rglob("*")):
        content = path.read_bytes() if path.is_file() else b""
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as packed:
                content += b"".join(map(packed.read, packed.namelist()))
        assert not (found := PRIVATE.search(content)), (path.name, found)


@pytest.mark.parametrize("version", VERSIONS)
def test_the_text_and_the_list_say_what_wrote_it(unpacked, version):
    info = capsules.info(unpacked / f"tf-{version}")
    listed = tomllib.loads(LIST.read_text(encoding="utf-8"))[version]
    assert listed["tensorflow"] == info["tensorflow"]
    assert info["python"].startswith(f"{listed['python']}.")
    text = (capsules.FOLDER / "README.md").read_text(encoding="utf-8")
    assert f"| `tf-{version}.zip` | {info['tensorflow']} | {info['keras']} | {listed['python']} |" in text
    assert len(list(artefacts(unpacked / f"tf-{version}"))) >= 12


@pytest.mark.parametrize("version", VERSIONS)
def test_anatomy_tells_the_truth_about_each_file(unpacked, version):
    folder = unpacked / f"tf-{version}"
    info = capsules.info(folder)
    for path in artefacts(folder):
        found, model = anatomy.read(path), re.split("[._]", path.name)[0]
        written, optimizer = found.finding("written by"), found.finding("optimizer")
        if path.name.endswith(("_save", "_export")):
            assert written == f"TensorFlow {info['tensorflow']}", path
            assert found.format.startswith("SavedModel"), path
        elif path.suffix == ".keras" or path.name.count(".") == 1:
            whole = not path.name.endswith(("_checkpoint", "_tf"))
            assert written == (
                f"Keras {info['keras']}" if whole else "TensorFlow; its version is not in this format"
            )
            assert ("HDF5" in found.format) == h5py.is_hdf5(path) or not whole, path
        arrays = {
            "digits": "4 arrays, 610 numbers",
            "own": "1 array, 640 numbers",
            "gate": "2 arrays, 2 numbers",
        }
        assert found.finding("weights").startswith(arrays[model]), (path, found.finding("weights"))
        if path.suffix in (".keras", ".h5") and ".weights" not in path.name:
            steps = info["steps"].get(model)
            assert (f"Adam, {steps} steps" in optimizer) if steps else optimizer == "none", (path, optimizer)
        if model == "own" and path.suffix in (".keras", ".h5"):
            assert "Scaled" in found.finding("custom classes"), path


@pytest.mark.parametrize("version", VERSIONS)
def test_the_line_that_loads_a_keras_file_is_right_about_this_keras(unpacked, version):
    folder = str(unpacked / f"tf-{version}")
    line = anatomy.read(f"{folder}/digits.keras").finding("load with")
    verdict = verdicts.judge(lambda: keras.models.load_model(f"{folder}/digits.keras"), folder, "digits")
    assert line.startswith("keras.models.load_model(") == (verdict.word == verdicts.TRAINS_ON), (
        line,
        verdict,
    )
    if "compile=False" in line:
        bare = verdicts.judge(
            lambda: keras.models.load_model(f"{folder}/digits.keras", compile=False), folder, "digits"
        )
        assert bare.word == verdicts.ANSWERS
    if "renaming" in line:
        renamed = shutil.copyfile(f"{folder}/digits.keras", unpacked / f"renamed-{version}.h5")
        assert (
            verdicts.judge(lambda: keras.models.load_model(renamed), folder, "digits").word
            == verdicts.ANSWERS
        )


@pytest.mark.parametrize("version", ["2.5", "2.11", "2.15", "2.21"])
def test_the_line_that_loads_weights_is_right_about_this_keras(unpacked, version, tmp_path):
    folder = str(unpacked / f"tf-{version}")
    line = anatomy.read(f"{folder}/digits.weights.h5").finding("load with")
    renamed = shutil.copyfile(f"{folder}/digits.weights.h5", tmp_path / "digits.h5")

    def loaded(path: object) -> str:
        model = capsules.digits()
        try:
            model.load_weights(path)
        except ValueError:
            return "refused"
        golden = capsules.golden(folder, "digits")
        return "same" if numpy.allclose(model(golden.rows), golden.answers, atol=1e-5) else "differs"

    older = "in Keras 3 after renaming it to digits.h5, without .weights" in line
    assert loaded(f"{folder}/digits.weights.h5") == ("refused" if older else "same")
    assert loaded(renamed) == ("same" if older else "refused")


@pytest.mark.parametrize(
    ("version", "written", "load"),
    [
        ("9.1.0", "Keras 9.1.0, a version that was not seen", "in Keras 9: keras"),
        ("1.2.2", "Keras 1.2.2, a version that was not seen", "in Keras 1: keras"),
        ("3.99.0", "Keras 3.99.0", "keras.models.load_model"),
        ("2.99.0", "Keras 2.99.0", "tf_keras.models.load_model"),
        ("2.14.0", "Keras 2.14.0", "in the Keras that wrote it, version 2.14.0: keras"),
        (None, "Keras of unknown version", "keras.models.load_model"),
        ("", "Keras of unknown version", "keras.models.load_model"),
        (7, "Keras (int), which is no version", "keras.models.load_model"),
        ("nightly\x1b[2J", "Keras nightly\\x1b[2J, which is no version", "keras.models.load_model"),
        ("3" * 500 + ".1", "which is no version", "keras.models.load_model"),
    ],
)
def test_anatomy_of_a_keras_file_of_an_invented_version(unpacked, tmp_path, version, written, load):
    path = tmp_path / "other.keras"
    with zipfile.ZipFile(unpacked / "tf-2.21" / "digits.keras") as kept, zipfile.ZipFile(path, "w") as other:
        for name in kept.namelist():
            content = json.dumps({"keras_version": version}) if name == "metadata.json" else kept.read(name)
            other.writestr(name, content)
    found = anatomy.read(path)
    assert written in found.finding("written by")
    assert found.finding("load with").startswith(load)


@pytest.mark.parametrize("missing", ["metadata.json", "config.json"])
def test_anatomy_of_a_keras_file_without_a_part(unpacked, tmp_path, missing):
    path = tmp_path / "other.keras"
    with zipfile.ZipFile(unpacked / "tf-2.21" / "digits.keras") as kept, zipfile.ZipFile(path, "w") as other:
        for name in kept.namelist():
            if name != missing:
                other.writestr(name, kept.read(name))
    table = anatomy.table(path)
    assert ("of unknown version" in table) == (missing == "metadata.json")
    assert "Traceback" not in table and anatomy.UNFORESEEN not in table


@pytest.mark.parametrize("version", ["12.0.1", None, b"2.5.0", 7])
@pytest.mark.parametrize("name", ["digits.h5", "digits.weights.h5"])
def test_anatomy_of_hdf5_of_an_invented_version(unpacked, tmp_path, name, version):
    path = shutil.copyfile(unpacked / "tf-2.5" / name, tmp_path / name)
    with h5py.File(path, "r+") as file:
        for group in (file, file.get("model_weights")):
            if group is not None:
                del group.attrs["keras_version"]
                if version is not None:
                    group.attrs["keras_version"] = version
    table = anatomy.table(path)
    assert anatomy.UNFORESEEN not in table
    if version == "12.0.1":
        assert "Keras 12.0.1, a version that was not seen" in table


class Answering:
    """A loaded thing that answers as told."""

    def __init__(self, answers: numpy.ndarray) -> None:
        self.answers = answers

    def __call__(self, rows: numpy.ndarray) -> numpy.ndarray:
        return self.answers


def test_verdicts(unpacked):
    folder = str(unpacked / "tf-2.21")
    right = capsules.golden(folder, "digits").answers

    def word(made: object) -> str:
        return verdicts.judge(lambda: made, folder, "digits").word

    assert word(Answering(right)) == verdicts.ANSWERS
    assert word(Answering(right + 1e-7)) == verdicts.ANSWERS
    assert word(Answering(right + 1e-3)) == verdicts.DIFFERS
    assert word(Answering(right * numpy.nan)) == verdicts.DIFFERS
    assert word(None) == verdicts.ERROR
    assert word(keras.models.load_model(f"{folder}/digits.keras")) == verdicts.TRAINS_ON
    model = capsules.digits()
    assert word(model) == verdicts.DIFFERS
    model.load_weights(f"{folder}/digits.weights.h5")
    assert word(model) == verdicts.TRAINS_ANEW


def test_a_load_that_changes_nothing_is_empty_and_is_noted(unpacked, capsys):
    with contextlib.chdir(unpacked):
        verdicts.load_into("digits_checkpoint", capsules.digits, lambda model, path: None, row="nothing")
        assert verdicts.read_notes()["nothing"] == dict.fromkeys(VERSIONS, verdicts.EMPTY)
        shutil.rmtree("verdicts")
    # All eight fare alike, so they share a line.
    assert capsys.readouterr().out.splitlines()[1].split()[:4] == [VERSIONS[0], "to", VERSIONS[-1], "EMPTY"]


def test_neighbours_that_fare_alike_share_a_line_and_others_do_not(unpacked, capsys):
    def restore(model, path):
        tensorflow.train.Checkpoint(model=model).restore(path)

    with contextlib.chdir(unpacked):
        verdicts.load_into("digits_checkpoint", capsules.digits, restore, row="three ways")
        words = verdicts.read_notes()["three ways"]
        shutil.rmtree("verdicts")
    lines = capsys.readouterr().out.splitlines()[1:]
    runs = [word for word, _ in itertools.groupby(words.values())]
    assert len(lines) >= len(runs) > 1
    assert [word for word, _ in itertools.groupby(lines, lambda line: line[16:].split("  ")[0])] == runs


def test_the_matrix_in_words_names_every_run_of_cells():
    said = verdicts.described({"a.h5": ["error", "error", None, "answers"]}, ["2.5", "2.8", "2.11", "2.13"])
    assert said.endswith("a.h5: error from 2.5 to 2.8, not written from 2.11, answers from 2.13.")


def test_the_writer_can_be_read_by_the_oldest_python():
    ast.parse(capsule_builder.WRITER.read_text(encoding="utf-8"), feature_version=(3, 8))


def test_packing_twice_gives_the_same_bytes(unpacked, tmp_path):
    first = capsule_builder.pack(unpacked / "tf-2.5", tmp_path / "one.zip").read_bytes()
    second = capsule_builder.pack(unpacked / "tf-2.5", tmp_path / "two.zip").read_bytes()
    assert hashlib.sha256(first).digest() == hashlib.sha256(second).digest()


NEEDS = {"tensorflow": "2.5.3", "python": "3.9", "with": ["protobuf<3.20"]}


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ("error: No interpreter found for Python 3.9 in managed installations", "Python 3.9 is not here"),
        ("× No solution found when resolving dependencies", "TensorFlow 2.5.3 for Python 3.9 cannot be had"),
        ("ImportError: undefined symbol", "TensorFlow 2.5.3 on Python 3.9 began and failed"),
    ],
)
def test_what_is_missing_is_said(monkeypatch, tmp_path, said, sentence):
    monkeypatch.setattr(
        subprocess, "run", lambda command, **_: subprocess.CompletedProcess(command, 2, "", said)
    )
    assert capsule_builder.write(NEEDS, tmp_path).startswith(sentence)


def test_a_folder_of_pythons_that_may_not_be_read_has_none(monkeypatch):
    def refused(self, pattern):
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr(pathlib.Path, "glob", refused)
    assert capsule_builder.found("3.9") == "3.9"


def test_without_uv_a_sentence_says_so(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "`uv` is not here" in capsule_builder.write(NEEDS, tmp_path / "new")


def test_a_version_that_cannot_be_written_leaves_its_capsule_alone(monkeypatch, tmp_path, capsys):
    shutil.copy(capsules.FOLDER / "tf-2.5.zip", tmp_path)
    before = capsule_builder.listed(tmp_path)
    monkeypatch.setattr(capsules, "FOLDER", tmp_path)
    monkeypatch.setattr(capsule_builder, "write", lambda needs, folder: "Python 3.9 is not here.")
    assert run(argparse.Namespace(versions=["2.5"], older=False)) == 1
    assert capsule_builder.listed(tmp_path) == before
    assert "2.5: not written, the capsule stays as it is. Python 3.9 is not here." in capsys.readouterr().out


def test_an_unknown_version_is_a_sentence(capsys):
    assert run(argparse.Namespace(versions=["1.15"], older=False)) == 1
    assert "Not in versions.toml: 1.15. In it: 2.5, " in capsys.readouterr().out
