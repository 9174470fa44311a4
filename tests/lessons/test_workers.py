"""The training by several processes of lesson 17: the same end where a worker is taken away."""

from helpers.lessons.lesson_17 import workers
import numpy
import pytest


def arrays(model):
    return model.get_weights() + [variable.numpy() for variable in model.optimizer.variables]


@pytest.mark.parametrize("step", [1, 5])
def test_a_worker_taken_away_costs_the_steps_since_the_last_checkpoint(tmp_path, step):
    whole, *_ = workers.run(str(tmp_path / "whole"), until=8)
    broken = str(tmp_path / "broken")
    with pytest.raises(workers.Preempted, match=f"a worker is gone in step {step}"):
        workers.run(broken, until=8, taken_away_at=step)
    last = step // workers.SAVE_EVERY * workers.SAVE_EVERY
    assert workers.saved(broken) == ([last] if last else [])
    resumed, began, done = workers.run(broken, until=8)
    assert (began, done) == (last, 8 - last)
    for one, other in zip(arrays(whole), arrays(resumed), strict=True):
        numpy.testing.assert_array_equal(one, other)


def test_both_workers_have_a_part_in_the_step(tmp_path):
    """One batch by one model gives the same step as two halves by two workers."""
    two, *_ = workers.run(str(tmp_path / "two"), until=1)
    one = workers.network()
    data = workers.digits.load()
    loss = workers.keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    with workers.tensorflow.GradientTape() as tape:
        value = loss(data.train_labels[: workers.ROWS], one(data.train_features[: workers.ROWS]))
    one.optimizer.apply(tape.gradient(value, one.trainable_variables), one.trainable_variables)
    for left, right in zip(one.get_weights(), two.get_weights(), strict=True):
        numpy.testing.assert_allclose(left, right, atol=1e-4)
