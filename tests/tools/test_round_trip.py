"""The check of one's own model: what comes back passes, what does not is told in a sentence."""

import pathlib
import types

from helpers import digits, models
from helpers.tools import round_trip, round_trip_command
import keras
import numpy
import pytest

from tests.suite import forked


@pytest.fixture(autouse=True)
def new_process(monkeypatch):
    """The new process is started in the way of this run."""
    monkeypatch.setattr(round_trip, "subprocess", types.SimpleNamespace(run=forked.run))


@pytest.fixture
def batch() -> numpy.ndarray:
    return digits.load().test_features[:8]


@pytest.mark.parametrize("name", ["model.keras", "exported"])
def test_a_saved_model_comes_back(tmp_path, batch, name):
    model = models.sequential()
    model.export(tmp_path / name, verbose=False) if name == "exported" else model.save(tmp_path / name)
    assert round_trip.check(tmp_path / name, batch, model.predict(batch, verbose=0)) <= 1e-6


def test_other_answers_are_told_with_their_difference(tmp_path, batch):
    models.sequential(seed=1).save(tmp_path / "model.keras")
    with pytest.raises(
        AssertionError, match=r"answers with a difference of 0\.\d+\. Expected: at most 1e-05"
    ):
        round_trip.check(tmp_path / "model.keras", batch, models.sequential(seed=2).predict(batch, verbose=0))


def test_other_shapes_are_told(tmp_path, batch):
    models.sequential().save(tmp_path / "model.keras")
    with pytest.raises(AssertionError, match=r"in the shapes \[\(8, 10\)\]. Expected: \[\(8, 3\)\]"):
        round_trip.check(tmp_path / "model.keras", batch, numpy.zeros((8, 3)))


def test_a_class_is_found_by_its_module_and_missed_without(tmp_path, batch, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(pathlib.Path(models.__file__).parent.parent))
    model = models.custom_layer()
    model.save(tmp_path / "custom.keras")
    answers = model.predict(batch, verbose=0)
    assert round_trip.check(tmp_path / "custom.keras", batch, answers, imports=["helpers.models"]) <= 1e-6
    with pytest.raises(AssertionError, match=r"does not come back in a new process: .*CustomDense"):
        round_trip.check(tmp_path / "custom.keras", batch, answers)


def test_it_needs_nothing_of_the_course():
    assert "helpers" not in pathlib.Path(round_trip.__file__).read_text(encoding="utf-8")


class TestTerminal:
    def test_a_good_model_passes(self, tmp_path, capsys):
        models.sequential().save(tmp_path / "model.keras")
        assert round_trip_command.main(str(tmp_path / "model.keras")) == 0
        assert "model.keras comes back" in capsys.readouterr().out

    def test_an_export_passes(self, tmp_path, capsys):
        models.sequential().export(tmp_path / "exported", verbose=False)
        assert round_trip_command.main(str(tmp_path / "exported")) == 0
        assert "shape (4, 64)" in capsys.readouterr().out

    def test_two_inputs_of_several_kinds_pass(self, tmp_path, capsys):
        words = keras.Input((None,), dtype="int32", name="words")
        weight = keras.Input((2,), name="weight")
        summed = keras.layers.GlobalAveragePooling1D()(keras.layers.Embedding(5, 3)(words))
        keras.Model([words, weight], keras.layers.Concatenate()([summed, weight])).save(
            tmp_path / "two.keras"
        )
        assert round_trip_command.main(str(tmp_path / "two.keras")) == 0, capsys.readouterr().out

    def test_nothing_there_is_told(self, tmp_path, capsys):
        assert round_trip_command.main(str(tmp_path / "nothing.keras")) == 1
        assert "There is nothing at" in capsys.readouterr().out

    def test_numbers_that_a_layer_keeps_to_itself_are_missed_at_the_second_load(
        self, tmp_path, capsys, monkeypatch
    ):
        """A layer that draws a plain attribute at every start: loads without a word, answers otherwise."""
        (tmp_path / "moody.py").write_text(
            "import keras, numpy\n"
            "@keras.saving.register_keras_serializable('moody')\n"
            "class Moody(keras.layers.Layer):\n"
            "    def build(self, shape):\n"
            "        self.factor = numpy.random.default_rng().random()\n"
            "    def call(self, inputs):\n"
            "        return inputs * self.factor\n",
            encoding="utf-8",
        )
        monkeypatch.chdir(tmp_path)
        monkeypatch.syspath_prepend(str(tmp_path))
        import moody

        keras.Sequential([keras.Input((3,)), moody.Moody()]).save("moody.keras")
        assert round_trip_command.main("moody.keras", imports=["moody"]) == 1
        assert "moody.keras answers with a difference of" in capsys.readouterr().out

    @pytest.mark.parametrize("name", ["only.weights.h5", "notes.txt"])
    def test_what_cannot_answer_is_told(self, tmp_path, capsys, name):
        (tmp_path / name).touch()
        assert round_trip_command.main(str(tmp_path / name)) == 1
        assert "cannot answer by itself" in capsys.readouterr().out

    def test_what_does_not_load_is_told(self, tmp_path, capsys):
        (tmp_path / "broken.keras").write_text("no zip", encoding="utf-8")
        assert round_trip_command.main(str(tmp_path / "broken.keras")) == 1
        assert capsys.readouterr().out.startswith("broken.keras does not load: ValueError: File not found")
