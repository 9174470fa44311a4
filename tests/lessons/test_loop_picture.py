"""The pictures of lesson 14: a mark stands at the number of its candidate, and a bar has its number."""

from helpers import figures
from helpers.lessons.lesson_14 import pictures
import pytest


@pytest.fixture
def shown(monkeypatch) -> list:
    found = []
    monkeypatch.setattr(figures, "show", lambda figure, alt: found.append((figure, alt)))
    return found


def test_a_mark_stands_at_the_number_of_its_candidate(shown):
    outcomes = ["", "not better", "promoted", "", "refused"]
    days = [pictures.Shown(0.9, 0.9, 1.0, 1.0, 1, outcome) for outcome in outcomes]
    pictures.draw_loop(days, 1.3, {"turned": (1, 2)}, alt="Days.")
    ((figure, alt),) = shown
    assert alt == "Days."
    marks = {line.get_label(): line.get_xydata().tolist() for line in figure.axes[2].lines[1:]}
    assert marks == {
        "promoted": [[2.0, 3.0]],
        "not better": [[1.0, 2.0]],
        "refused by the golden exam": [[4.0, 4.0]],
    }


def test_every_situation_has_three_bars_with_their_numbers(shown):
    pictures.draw_monitors({"calm": (0.0, 0.01, 0.96), "dark": (1.0, 0.2, 0.95)}, alt="Bars.")
    ((figure, _),) = shown
    assert [text.get_text() for text in figure.axes[0].texts] == ["0%", "1%", "96%", "100%", "20%", "95%"]


def test_exams_are_counted_by_what_was_gained(shown):
    pictures.draw_gains([-1, 0, 0, 2], margin=3, alt="Counts.")
    ((figure, _),) = shown
    assert [bar.get_height() for bar in figure.axes[0].patches] == [1, 2, 1]
    assert figure.axes[0].lines[0].get_xdata()[0] == 2.5
