"""The picture of graph, SavedModel and loaders names all it is given."""

from helpers import figures
from helpers.lessons.lesson_07 import drawings
import matplotlib.pyplot as pyplot


def test_everything_is_named_and_every_loader_has_its_arrow(monkeypatch):
    shown = []
    monkeypatch.setattr(figures, "show", lambda figure, alt: shown.append((figure, alt)))
    drawings.journey(
        ["MatMul", "Relu"], ["saved_model.pb", "variables"], ["Python", "C"], alt="From graph to C."
    )
    ((figure, alt),) = shown
    texts = figure.axes[0].texts
    said = [text.get_text() for text in texts]
    arrows = [text for text in texts if getattr(text, "arrow_patch", None)]
    pyplot.close(figure)
    assert alt == "From graph to C."
    for name in ("MatMul", "Relu", "saved_model.pb\nvariables", "Python", "C", "the loader"):
        assert name in said
    assert len(arrows) == 1 + 1 + 2, "between the operations, into the folder, one to each loader"
