"""Lesson 08's helpers: two models to cut off, and the measure of how far a resumed one ends."""

from helpers.lessons.lesson_08 import resuming
import keras
import numpy
import pytest


@pytest.fixture(autouse=True)
def empty_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def _shifted(by: float) -> keras.Model:
    """The plain model with one number of its last kernel changed."""
    model = resuming.plain()
    kernel = model.last.kernel.numpy()
    kernel[0, 0] = 1.0
    kernel[3, 4] = 0.5 + by
    model.last.kernel.assign(kernel)
    return model


@pytest.mark.parametrize("make", [resuming.plain, resuming.noisy])
def test_a_model_has_the_same_first_weights_every_time(make):
    pairs = zip(make().get_weights(), make().get_weights(), strict=True)
    assert all(numpy.array_equal(one, other) for one, other in pairs)
    assert make().optimizer.iterations == 0
    assert make()(resuming.features[:3]).shape == (3, 10)


def test_unbuilt_has_no_weights_and_gets_the_same_ones():
    unbuilt = resuming.plain(built=False)
    assert not unbuilt.weights
    unbuilt(resuming.features[:1])
    assert numpy.array_equal(unbuilt.get_weights()[0], resuming.plain().get_weights()[0])


def test_a_reader_comes_back_from_its_file():
    resuming.plain().save("reader.keras")
    loaded = keras.models.load_model("reader.keras", compile=False)
    assert numpy.array_equal(loaded(resuming.features[:2]), resuming.plain()(resuming.features[:2]))


@pytest.mark.parametrize(
    ("by", "shown"),
    [(0.0, "0"), (1e-6, "not 0, below 1e-3"), (-0.01, "above 1e-3"), (0.01, "above 1e-3")],
)
def test_the_largest_difference_is_noted_and_shown(by, shown, capsys):
    resuming.remember("run", _shifted(0.0))
    resuming.note("run", "way", _shifted(by))
    assert capsys.readouterr().out == f"{'way':<30} largest difference of a weight: {shown}\n"
    assert resuming.differences("run")["way"] == pytest.approx(abs(by), abs=1e-7)


def test_a_weight_that_is_no_number_is_never_shown_as_equal(monkeypatch):
    resuming.remember("run", _shifted(0.0))
    resuming.note("run", "broken", _shifted(float("nan")))
    assert resuming.shown(resuming.differences("run")["broken"]) == "above 1e-3"
    monkeypatch.setattr(resuming.figures, "show", lambda figure, alt: None)
    resuming.draw({"run": "One that broke"})


def test_notes_keep_their_order_and_a_new_run_drops_them():
    resuming.remember("run", _shifted(0.0))
    for way in ("second", "first", "third"):
        resuming.note("run", way, _shifted(0.0))
    assert [*resuming.differences("run")] == ["second", "first", "third"]
    resuming.remember("run", _shifted(0.0))
    assert resuming.differences("run") == {}


def test_runs_are_kept_apart():
    resuming.remember("one", _shifted(0.0))
    resuming.remember("two", _shifted(1.0))
    resuming.note("one", "way", _shifted(0.0))
    resuming.note("two", "way", _shifted(0.0))
    assert resuming.differences("one")["way"] == 0 < resuming.differences("two")["way"]


def test_without_a_remembered_run_there_is_nothing_to_compare():
    with pytest.raises(FileNotFoundError):
        resuming.note("run", "way", resuming.plain())


def test_the_picture_says_in_words_what_it_shows(monkeypatch):
    drawn = []
    monkeypatch.setattr(resuming.figures, "show", lambda figure, alt: drawn.append((figure, alt)))
    resuming.remember("run", _shifted(0.0))
    resuming.note("run", "exact", _shifted(0.0))
    resuming.note("run", "apart", _shifted(0.1))
    resuming.remember("other", _shifted(0.0))
    resuming.note("other", "alone", _shifted(0.0))
    resuming.draw({"run": "Two ways", "other": "One"})
    ((figure, alt),) = drawn
    assert alt.endswith("Two ways: exact 0, apart above 1e-3. One: alone 0.")
    upper, lower = figure.axes
    assert [text.get_text() for text in upper.texts] == ["exactly 0", "0.1"]
    assert [dot.get_xdata()[0] for dot in upper.lines[1:]] == pytest.approx([0.1])
    assert [label.get_text() for label in upper.get_yticklabels()] == ["exact", "apart"]
    assert [len(upper.lines), len(lower.lines)] == [2, 1]
