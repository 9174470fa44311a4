"""`course --inspect`: a table for every format of today, a sentence for anything else, nothing is run."""

import hashlib
import pathlib
import pickle

from helpers import launch, models
from helpers.tools import anatomy
from helpers.tools.anatomy import words
import hypothesis
from hypothesis import strategies
import keras
import pytest
import tensorflow


@pytest.fixture(scope="module")
def saved(tmp_path_factory) -> pathlib.Path:
    """One trained model in every format, each from an instance of its own."""
    folder = tmp_path_factory.mktemp("saved")
    models.trained(epochs=1).save(folder / "whole.keras")

    def another(**options: bool) -> keras.Model:
        return keras.models.load_model(folder / "whole.keras", **options)

    another(compile=False).save(folder / "bare.keras")
    another().export(folder / "exported", verbose=False)
    tensorflow.saved_model.save(another(), str(folder / "old_way"))
    another().save_weights(folder / "only.weights.h5")
    state = another()
    tensorflow.train.Checkpoint(model=state, optimizer=state.optimizer).write(
        str(folder / "checkpoint" / "state")
    )
    models.custom_layer().save(folder / "custom.keras")
    another().save(folder / "legacy.h5")
    return folder


FORMATS = ["whole.keras", "bare.keras", "legacy.h5", "only.weights.h5", "exported", "old_way", "checkpoint"]


def _content(path: pathlib.Path) -> str:
    files = sorted(path.rglob("*")) if path.is_dir() else [path]
    return hashlib.sha256(b"".join(file.read_bytes() for file in files if file.is_file())).hexdigest()


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_has_every_aspect_and_stays_as_it_was(saved, name):
    before = _content(saved / name)
    found = anatomy.read(saved / name)
    assert [aspect for aspect, _ in found.rows] == list(anatomy.ASPECTS)
    assert all(finding for _, finding in found.rows)
    assert "9,610 numbers" in found.finding("weights")
    assert _content(saved / name) == before


def test_the_findings_are_those_of_the_model(saved):
    whole, bare = anatomy.read(saved / "whole.keras"), anatomy.read(saved / "bare.keras")
    assert whole.finding("optimizer") == "Adam, 45 steps, 10 arrays"
    assert "sparse_categorical_crossentropy" in whole.finding("compile settings")
    assert "Sequential, 2 layers" in whole.finding("architecture")
    assert f"Keras {keras.__version__}" in whole.finding("written by")
    assert bare.finding("optimizer") == "none"
    assert whole.size == (saved / "whole.keras").stat().st_size
    assert "45 steps" in anatomy.read(saved / "legacy.h5").finding("optimizer")
    assert anatomy.read(saved / "only.weights.h5").finding("architecture") == anatomy.NOT_HERE
    export = anatomy.read(saved / "exported")
    assert "serve(float32 (None, 64)) -> float32 (None, 10)" in export.finding("endpoints")
    assert "CustomDense" in anatomy.read(saved / "custom.keras").finding("custom classes")


def test_the_load_line_it_gives_loads(saved, monkeypatch):
    monkeypatch.chdir(saved)
    for name in ["whole.keras", "legacy.h5"]:
        line = anatomy.read(name).finding("load with").splitlines()[0]
        assert eval(line, {"keras": keras}).count_params() == 9610


def test_what_would_run_is_named_and_not_run(tmp_path):
    marker = tmp_path / "marker"
    keras.Sequential([keras.Input((2,)), keras.layers.Lambda(lambda x: x * 2)]).save(
        tmp_path / "lambda.keras"
    )

    class Writer(tensorflow.Module):
        @tensorflow.function(input_signature=[tensorflow.TensorSpec([], tensorflow.float32)])
        def serve(self, value: tensorflow.Tensor) -> tensorflow.Tensor:
            tensorflow.io.write_file(str(marker), "ran")
            return value

    tensorflow.saved_model.save(Writer(), str(tmp_path / "writer"))

    class Trap:
        def __reduce__(self) -> tuple:
            return pathlib.Path.touch, (marker,)

    (tmp_path / "model.pickle").write_bytes(pickle.dumps(Trap()))

    assert "Lambda" in anatomy.read(tmp_path / "lambda.keras").finding("code it would run")
    assert "WriteFile" in anatomy.read(tmp_path / "writer").finding("code it would run")
    with pytest.raises(anatomy.Unreadable, match="pickle"):
        anatomy.read(tmp_path / "model.pickle")
    assert not marker.exists()


STRANGERS = {
    "empty.keras": (b"", "empty"),
    "page.keras": (b"<!DOCTYPE html><html><body>Not found</body></html>", "web page"),
    "pointer.keras": (
        b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"0" * 64 + b"\nsize 12345\n",
        "git lfs pull",
    ),
    "notes.h5": (b"the model is in the other folder\n" * 9, "text"),
    "numbers.keras": (b"\x93NUMPY\x01\x00v\x00{'descr': '<f4'}", "NumPy"),
}


@pytest.mark.parametrize("name", STRANGERS)
def test_what_is_no_model_gets_a_true_sentence(tmp_path, name):
    content, word = STRANGERS[name]
    (tmp_path / name).write_bytes(content)
    with pytest.raises(anatomy.Unreadable) as reason:
        anatomy.read(tmp_path / name)
    assert word.lower() in str(reason.value).lower()
    assert anatomy.table(tmp_path / name).split() == str(reason.value).split()


def test_damage_a_missing_path_and_a_folder_get_a_sentence(saved, tmp_path):
    content = (saved / "whole.keras").read_bytes()
    (tmp_path / "short.keras").write_bytes(content[: len(content) // 2])
    (tmp_path / "flipped.keras").write_bytes(
        content[:60_000] + bytes([content[60_000] ^ 1]) + content[60_001:]
    )
    (tmp_path / "folder").mkdir()
    for name, word in [
        ("short.keras", "whole.keras"),
        ("flipped.keras", "model.weights.h5"),
        ("folder", "folder"),
    ]:
        with pytest.raises(anatomy.Unreadable) as reason:
            anatomy.read(tmp_path / name)
        assert name in str(reason.value) or word in str(reason.value)
    with pytest.raises(anatomy.Unreadable, match="does not exist"):
        anatomy.read(tmp_path / "nothing.keras")


def test_a_renamed_file_is_read_by_its_content(saved, tmp_path):
    (tmp_path / "renamed.keras").write_bytes((saved / "legacy.h5").read_bytes())
    found = anatomy.read(tmp_path / "renamed.keras")
    assert "HDF5" in found.format
    with pytest.raises(ValueError, match="File not found"):
        keras.models.load_model(tmp_path / "renamed.keras")


def test_from_a_terminal(saved, tmp_path, capsys):
    assert launch.main(["--inspect", str(saved / "whole.keras")]) == 0
    assert "Adam, 45 steps" in capsys.readouterr().out
    assert launch.main(["--inspect", str(tmp_path / "nothing")]) == 1
    assert "does not exist" in capsys.readouterr().err


def _read_or_sentence(path: pathlib.Path) -> None:
    try:
        said = anatomy.read(path).format
    except anatomy.Unreadable as reason:
        said = str(reason)
    assert len(said) > 10
    assert "Traceback" not in said


SETTINGS = hypothesis.settings(deadline=None, max_examples=15, derandomize=True, database=None)


@hypothesis.given(
    content=strategies.binary(max_size=200), suffix=strategies.sampled_from([".keras", ".h5", "", ".pb"])
)
@SETTINGS
def test_any_bytes_are_a_model_or_a_sentence(tmp_path_factory, content, suffix):
    path = tmp_path_factory.mktemp("any") / f"model{suffix}"
    path.write_bytes(content)
    _read_or_sentence(path)


@pytest.mark.parametrize("name", ["whole.keras", "legacy.h5", "only.weights.h5", "exported/saved_model.pb"])
@hypothesis.given(data=strategies.data())
@SETTINGS
def test_damage_anywhere_is_a_table_or_a_sentence(saved, tmp_path_factory, name, data):
    content = bytearray((saved / name).read_bytes())
    place = data.draw(strategies.integers(0, len(content) - 1))
    if data.draw(strategies.booleans()):
        content[place] ^= 1 << data.draw(strategies.integers(0, 7))
    else:
        del content[place:]
    folder = tmp_path_factory.mktemp("damaged")
    path = folder / pathlib.Path(name).name
    path.write_bytes(content)
    _read_or_sentence(folder if name.endswith(".pb") else path)


@pytest.mark.parametrize(("count", "end"), [(12, "x"), (13, "and 1 more"), (1500, "and 1,488 more")])
def test_a_long_list_says_how_many_it_leaves_out(count, end):
    shown = words.lines(["x"] * count).splitlines()
    assert shown[-1] == end and shown.count("x") == 12
