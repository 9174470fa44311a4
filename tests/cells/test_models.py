"""The digits and the three models of the articles."""

from helpers import digits, models
import keras
import numpy
import pytest


@pytest.fixture(scope="module")
def data() -> digits.Digits:
    return digits.load()


def test_the_digits_are_the_whole_set_split_in_two(data):
    assert data.train_features.shape == (1437, 64) and data.test_features.shape == (360, 64)
    assert data.train_features.dtype == "float32" and data.train_labels.dtype == "int64"
    features = numpy.concatenate([data.train_features, data.test_features])
    assert features.min() == 0 and features.max() == 1
    assert set(data.test_labels) == set(data.train_labels) == set(range(10))
    # The first image of the file is a 0, as its source says; each pixel counts 16 dots.
    assert numpy.array_equal(numpy.unique(features * 16), numpy.arange(17))


def test_the_split_is_always_the_same(data):
    assert all(numpy.array_equal(*pair) for pair in zip(data, digits.load(), strict=True))


@pytest.mark.parametrize("build", [models.sequential, models.custom_layer])
def test_a_seed_gives_the_same_weights_in_separate_instances(build, data):
    first, second, other = build(seed=1), build(seed=1), build(seed=2)
    assert first is not second
    assert all(
        numpy.array_equal(*pair) for pair in zip(first.get_weights(), second.get_weights(), strict=True)
    )
    assert not numpy.array_equal(first.get_weights()[0], other.get_weights()[0])
    assert first.predict(data.test_features[:3], verbose=0).shape == (3, 10)
    assert first.count_params() == 9610


def test_the_trained_model_reads_digits(data):
    model = models.trained()
    _, accuracy = model.evaluate(data.test_features, data.test_labels, verbose=0)
    assert accuracy >= 0.93
    assert isinstance(model.optimizer, keras.optimizers.Adam)
    assert model.loss == "sparse_categorical_crossentropy"


def test_the_custom_layer_comes_back_with_an_argument_of_its_own(tmp_path, data):
    model = keras.Sequential([keras.Input((64,)), models.CustomDense(17, name="mine")])
    model.save(tmp_path / "custom.keras")
    loaded = keras.models.load_model(tmp_path / "custom.keras")
    assert loaded.layers[0].units == 17 and loaded.layers[0].name == "mine"
    rows = data.test_features[:5]
    numpy.testing.assert_allclose(loaded.predict(rows, verbose=0), model.predict(rows, verbose=0), atol=1e-6)
