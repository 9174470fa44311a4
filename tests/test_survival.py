"""The survival table: what is examined is told apart from what is lost."""

from helpers import digits, models, survival
import keras
import numpy
import pytest
import tensorflow


@pytest.fixture
def saved(tmp_path, monkeypatch) -> keras.Model:
    """A trained model in an empty folder, with its golden batch."""
    monkeypatch.chdir(tmp_path)
    model = models.trained(epochs=1)
    model.save("whole.keras")
    survival.remember(model)
    return model


def test_a_whole_model_says_yes(saved, capsys):
    survival.record("whole.keras", keras.models.load_model("whole.keras"))
    found = survival.findings()["whole.keras"]
    assert all(found.values())
    assert "optimizer comes back" in capsys.readouterr().out


def test_an_untrained_model_and_an_export_say_no(saved):
    other = models.sequential(seed=9)
    other.compile("adam", "sparse_categorical_crossentropy")
    saved.export("exported", verbose=False)
    survival.record("weights.h5", other, code=True)
    survival.record("exported", tensorflow.saved_model.load("exported"))
    wrong, export = survival.findings()["weights.h5"], survival.findings()["exported"]
    assert not wrong["same answers"]
    assert not wrong["optimizer comes back"]
    assert wrong["fit goes on"]
    assert export["same answers"]
    assert not export["layers come back"]
    assert not export["fit goes on"]


def test_one_more_step_is_another_optimizer(saved):
    loaded = keras.models.load_model("whole.keras")
    assert survival.same_optimizer(loaded)
    data = digits.load()
    loaded.train_on_batch(data.train_features[:8], data.train_labels[:8])
    assert not survival.same_optimizer(loaded)


def test_one_bit_is_flipped_in_a_copy(saved, capsys):
    weight = saved.get_weights()[0]
    saved.save_weights("only.weights.h5")
    survival.damaged_copy("whole.keras", weight)
    survival.damaged_copy("only.weights.h5", weight)
    survival.notices("whole.keras", keras.models.load_model)
    survival.notices("only.weights.h5", models.sequential().load_weights)
    assert capsys.readouterr().out.split() == [
        "whole.keras",
        "noticed",
        "weights.h5",
        "loaded",
        "without",
        "a",
        "word",
    ]
    with open("only.weights.h5", "rb") as good, open("damaged/only.weights.h5", "rb") as bad:
        pairs = [(left, right) for left, right in zip(good.read(), bad.read(), strict=True) if left != right]
    assert len(pairs) == 1
    assert (pairs[0][0] ^ pairs[0][1]).bit_count() == 1


def test_a_file_without_the_array_is_refused(saved):
    with pytest.raises(ValueError, match=r"whole\.keras does not hold the array"):
        survival.damaged_copy("whole.keras", numpy.full((64, 128), 3.25, "float32"))


def test_the_table_as_text_has_a_line_for_each_aspect(saved):
    survival.note("exported", {"same answers": True})
    lines = survival.as_text(survival.findings()).splitlines()
    assert len(lines) == 1 + len(survival.ASPECTS)
    assert lines[1].split() == ["same", "answers", "yes"]
    assert lines[2].split()[-1] == "no"
