"""The pictures of lesson 12: a bar for each form in each panel, and the digits that changed."""

from helpers import figures
from helpers.lessons.lesson_12 import pictures
import numpy
import pytest


@pytest.fixture
def shown(monkeypatch) -> list:
    found = []
    monkeypatch.setattr(figures, "show", lambda figure, alt: found.append((figure, alt)))
    return found


def test_every_form_has_its_place_in_every_panel(shown):
    sizes, differences = {"int8": 15.0, "C": 38.0}, {"int8": 0.02, "C": 0.0}
    pictures.draw(sizes, differences, {"call": 0.55, "int8": 2e-6}, {"call": 0.6, "C": 0.001}, alt="Bars.")
    ((figure, alt),) = shown
    assert alt == "Bars."
    said = [[text.get_text() for text in axis.texts] for axis in figure.axes]
    nothing = "not measured"
    assert said == [
        ["15", "38", nothing],
        ["0.02", "0", nothing],
        ["0.002", nothing, "550"],
        [nothing, "1", "600"],
    ]
    assert [label.get_text() for label in figure.axes[0].get_yticklabels()] == ["int8", "C", "call"]


@pytest.mark.parametrize("count", [0, 2, 9])
def test_at_most_six_changed_digits_are_drawn(shown, count):
    rows, before = numpy.zeros((9, 64)), numpy.tile([0.6, 0.4], (9, 1))
    read = {"float": before, "int8": before[:, ::-1]}
    pictures.draw_changed(rows, numpy.ones(9, int), read, numpy.arange(count), alt="Digits.")
    ((figure, _),) = shown
    titles = [axis.get_title() for axis in figure.axes if axis.get_title()]
    assert titles == ["it is a 1\nfloat: 0 (0.60)\nint8: 1 (0.60)"] * min(count, 6)
