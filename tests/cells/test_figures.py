"""Figures carry a text that says the same, in every form a page may choose."""

from helpers import figures
import IPython.display
import matplotlib.pyplot as pyplot


def test_a_figure_is_shown_with_its_text_in_every_form(monkeypatch):
    shown = []
    monkeypatch.setattr(IPython.display, "display", lambda data, **options: shown.append((data, options)))
    figure, axis = pyplot.subplots()
    axis.plot([1, 2], [3, 4])
    figures.show(figure, alt='A line that rises from 3 to "4"')

    ((data, options),) = shown
    assert data["text/plain"] == 'A line that rises from 3 to "4"'
    assert 'alt="A line that rises from 3 to &quot;4&quot;"' in data["text/html"]
    assert data["image/png"] in data["text/html"] and data["image/png"].startswith("iVBOR")
    assert options["metadata"]["image/png"]["alt"] == data["text/plain"]
    assert not pyplot.fignum_exists(figure.number), "closed, so nothing shows it a second time"
