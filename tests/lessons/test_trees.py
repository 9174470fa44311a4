"""Trees: what each part of a saved file is, which parts share a line, and that the picture is drawn."""

from helpers import figures
from helpers.lessons.lesson_07 import drawings
import matplotlib.pyplot as pyplot
import pytest

KERAS = {
    "metadata.json": 64,
    "config.json": 2811,
    "model.weights.h5/layers/dense/vars/0": 32768,
    "model.weights.h5/layers/dense/vars/1": 512,
    "model.weights.h5/optimizer/vars/0": 8,
    "model.weights.h5/optimizer/vars/1": 4,
}


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("config.json", "structure"),
        ("model_config", "structure"),
        ("saved_model.pb", "structure"),
        ("metadata.json", "bookkeeping"),
        ("fingerprint.pb", "bookkeeping"),
        ("variables/variables.index", "bookkeeping"),
        ("digits.data-00000-of-00001/_CHECKPOINTABLE_OBJECT_GRAPH", "bookkeeping"),
        ("model.weights.h5/layers/dense/vars/0", "weights"),
        ("model/optimizer/_trainable_variables/0", "weights"),
        ("model/optimizer/_variables/2", "optimizer"),
        ("optimizer_weights/adam/iteration", "optimizer"),
    ],
)
def test_a_part_is_known_by_its_name(path, kind):
    assert drawings.kind(path) == kind


def test_sole_children_and_the_arrays_of_an_optimizer_share_a_line():
    assert drawings.lines(KERAS) == [
        drawings.Line(0, "metadata.json", 64, "bookkeeping"),
        drawings.Line(0, "config.json", 2811, "structure"),
        drawings.Line(0, "model.weights.h5/", 33292, ""),
        drawings.Line(1, "layers/dense/vars/", 33280, ""),
        drawings.Line(2, "0", 32768, "weights"),
        drawings.Line(2, "1", 512, "weights"),
        drawings.Line(1, "optimizer/vars: 2 arrays", 12, "optimizer"),
    ]


def test_a_way_to_a_single_part_is_one_line():
    assert drawings.lines({"one/two/three": 7}) == [drawings.Line(0, "one/two/three", 7, "weights")]


@pytest.mark.parametrize("count", [1, 2, 3])
def test_every_tree_is_drawn_with_its_bytes(monkeypatch, count):
    shown = []
    monkeypatch.setattr(figures, "show", lambda figure, alt: shown.append((figure, alt)))
    drawings.trees({f"box {number}": KERAS for number in range(count)}, alt="Trees of what is inside.")
    ((figure, alt),) = shown
    said = [text.get_text() for axis in figure.axes for text in axis.texts]
    legend = [text.get_text() for text in figure.legends[0].texts]
    pyplot.close(figure)
    assert alt == "Trees of what is inside."
    assert [text for text in said if text.startswith("box")] == [f"box {number}" for number in range(count)]
    assert said.count("32,768 bytes") == said.count("12 bytes") == count
    assert legend == ["structure", "weights", "optimizer", "bookkeeping"]
