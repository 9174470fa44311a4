"""The reader of averages answers alike everywhere, so what it answered in C may be recorded."""

import json

from helpers import digits, models
import numpy


def test_it_reads_digits_without_training():
    data = digits.load()
    answers = models.model().predict(data.test_features, verbose=0)
    assert (answers.argmax(axis=1) == data.test_labels).mean() >= 0.85
    assert numpy.allclose(answers.sum(axis=1), 1, atol=1e-5)


def test_the_nearest_average_is_the_answer():
    data = digits.load()
    pictures = numpy.stack(
        [data.train_features[data.train_labels == digit].mean(axis=0) for digit in range(10)]
    )
    distances = ((data.test_features[:, None] - pictures) ** 2).sum(axis=-1)
    answers = models.model().predict(data.test_features, verbose=0)
    assert numpy.array_equal(answers.argmax(axis=1), distances.argmin(axis=1))


def test_two_of_them_are_equal():
    first, second = models.model().get_weights(), models.model().get_weights()
    assert all(numpy.array_equal(*pair) for pair in zip(first, second, strict=True))


def test_the_record_is_what_it_answers_here():
    recorded = models.recorded()
    here = models.model().predict(digits.load().test_features[:10], verbose=0)
    assert recorded.shape == (10, 10) and recorded.dtype == numpy.float32
    assert numpy.abs(recorded - here).max() < 1e-5


def test_the_record_says_what_it_is_and_where_it_was_made():
    record = json.loads(models.RECORD.read_text(encoding="utf-8"))
    assert record.keys() == {"what", "recorded_on", "answers"}
    assert "TensorFlow" in record["recorded_on"]
