"""Turned digits: the middle stays, quarter turns are exact, and what leaves the picture is gone."""

from helpers import digits
from helpers.lessons.lesson_14 import rotation
import numpy
import pytest

ROWS = digits.load().test_features[:20]


def test_no_turn_changes_nothing():
    assert numpy.allclose(rotation.turned(ROWS, 0), ROWS, atol=1e-6)


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_quarter_turns_move_every_pixel_to_another(quarters):
    images = ROWS.reshape(-1, 8, 8)
    found = rotation.turned(ROWS, 90 * quarters).reshape(-1, 8, 8)
    ways = [numpy.rot90(images, sign * quarters, axes=(1, 2)) for sign in (1, -1)]
    assert any(numpy.allclose(found, way, atol=1e-3) for way in ways)


def test_turning_to_and_fro_comes_back_but_softer():
    there_and_back = rotation.turned(rotation.turned(ROWS, 15), -15)
    assert numpy.abs(there_and_back - ROWS).mean() < numpy.abs(rotation.turned(ROWS, 15) - ROWS).mean()


@pytest.mark.parametrize("degrees", [-200, 10, 45.5, 720])
def test_it_stays_a_picture(degrees):
    found = rotation.turned(ROWS, degrees)
    assert found.shape == ROWS.shape and found.dtype == numpy.float32
    assert found.min() >= 0 and found.max() <= 1 + 1e-6
