"""The survival table: what is examined is told apart from what is lost."""

import warnings

from helpers import digits, fresh, models
from helpers.lessons import flipped_bit
from helpers.lessons.lesson_04 import survival
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


def test_a_process_that_imports_it_knows_no_class_of_the_course(saved, capsys):
    models.custom_layer().save("custom.keras")
    survey = "from helpers.lessons.lesson_04 import survival"
    fresh.run_cell(f"{survey}\nimport keras\nkeras.models.load_model('custom.keras')")
    assert "could not be deserialized" in capsys.readouterr().out


def test_an_untrained_model_and_an_export_say_no(saved):
    other = models.sequential(seed=9)
    other.compile("adam", "sparse_categorical_crossentropy")
    saved.export("exported", verbose=False)
    survival.record("only.weights.h5", other, code=True)
    survival.record("exported", tensorflow.saved_model.load("exported"))
    wrong, export = survival.findings()["only.weights.h5"], survival.findings()["exported"]
    assert not wrong["same answers"]
    assert not wrong["optimizer comes back"]
    assert wrong["fit works"]
    assert export["same answers"]
    assert not export["layers come back"]
    assert not export["fit works"]


def test_one_more_step_is_another_optimizer(saved):
    loaded = keras.models.load_model("whole.keras")
    assert survival.same_optimizer(loaded)
    data = digits.load()
    loaded.train_on_batch(data.train_features[:8], data.train_labels[:8])
    assert not survival.same_optimizer(loaded)


def test_one_bit_is_flipped_in_a_copy(saved, capsys):
    weight = saved.get_weights()[0]
    saved.save_weights("only.weights.h5")
    flipped_bit.damaged_copy("whole.keras", weight)
    flipped_bit.damaged_copy("only.weights.h5", weight)
    survival.notices("whole.keras", keras.models.load_model)
    survival.notices("only.weights.h5", models.sequential().load_weights)
    assert capsys.readouterr().out.split() == [
        "whole.keras",
        "noticed",
        "only.weights.h5",
        "loaded,",
        "no",
        "error",
    ]
    with open("only.weights.h5", "rb") as good, open("damaged/only.weights.h5", "rb") as bad:
        pairs = [(left, right) for left, right in zip(good.read(), bad.read(), strict=True) if left != right]
    assert len(pairs) == 1
    assert (pairs[0][0] ^ pairs[0][1]).bit_count() == 1


def test_a_file_without_the_array_is_refused(saved):
    with pytest.raises(ValueError, match=r"whole\.keras does not hold the array"):
        flipped_bit.damaged_copy("whole.keras", numpy.full((64, 128), 3.25, "float32"))


def test_the_table_in_words_names_what_is_lost(saved):
    whole = dict.fromkeys(survival.ASPECTS, True)
    survival.note("exported", whole | {"fit works": False, "layers come back": False})
    survival.note("only.weights.h5", whole | {"optimizer comes back": survival.IF_BUILT})
    assert survival.in_words(survival.findings()) == (
        "exported: yes, but no to layers come back, fit works. "
        "only.weights.h5: yes, but no to nothing; optimizer comes back if built first."
    )


@pytest.mark.parametrize("name", ["only.weights.h5", "checkpoint"])
def test_an_optimizer_built_before_the_load_or_after_it(saved, name):
    saved.save_weights("only.weights.h5")
    tensorflow.train.Checkpoint(model=saved, optimizer=saved.optimizer).write("state")
    for built in (False, True):
        rebuilt = models.sequential(seed=9)
        rebuilt.compile("adam", "sparse_categorical_crossentropy")
        if built:
            rebuilt.optimizer.build(rebuilt.trainable_variables)
        if name == "checkpoint":
            tensorflow.train.Checkpoint(model=rebuilt, optimizer=rebuilt.optimizer).read("state")
        else:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", UserWarning)  # "Skipping variable loading", if not built
                rebuilt.load_weights("only.weights.h5")
        survival.record(name, rebuilt, code=True, built=built)
    found = survival.findings()[name]["optimizer comes back"]
    assert found == (True if name == "checkpoint" else survival.IF_BUILT)
