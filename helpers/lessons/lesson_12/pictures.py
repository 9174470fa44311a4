"""A page on which one draws a digit, and a model's forward pass in JavaScript says what it looks like.

The page is one file: script, weights and a few real digits are inside, and it asks nothing of the net.
"""

import base64
import html
import json
import pathlib

from helpers import figures
import IPython.display
import matplotlib.axes
import matplotlib.pyplot as pyplot
import numpy

_TEMPLATE = pathlib.Path(__file__).with_name("drawing.html")
ALT = "A sheet of 8 by 8 pixels to draw on, and the probability that the page gives each of the ten digits."


def write(path: str, forward: str, weights: str, samples: numpy.ndarray) -> None:
    """Write the page.

    Args:
        path: where to, such as "digits.html".
        forward: a JavaScript file with `forward(weights, row)`, which answers ten probabilities.
        weights: the file whose bytes it is given.
        samples: real digits to show, float32 (rows, 64) from 0 to 1.
    """
    script = pathlib.Path(forward).read_text(encoding="utf-8").replace("</", "<\\/")
    parts = {
        "/*FORWARD*/": script,
        "/*WEIGHTS*/": base64.b64encode(pathlib.Path(weights).read_bytes()).decode(),
        "/*SAMPLES*/": json.dumps(numpy.rint(16 * samples).astype(int).tolist()),
    }
    page = _TEMPLATE.read_text(encoding="utf-8")
    for mark, content in parts.items():
        page = page.replace(mark, content)
    pathlib.Path(path).write_text(page, encoding="utf-8", newline="\n")


def show(path: str) -> None:
    """Show the page inside the notebook; where pages cannot be shown, a sentence stands in its place."""
    content = base64.b64encode(pathlib.Path(path).read_bytes()).decode()
    frame = (
        f'<iframe title="{html.escape(ALT)}" width="100%" height="520" style="border: 1px solid #767676"'
        f' src="data:text/html;base64,{content}"></iframe>'
    )
    IPython.display.display({"text/html": frame, "text/plain": ALT}, raw=True)


# Draws what one model costs in each of its forms: size, distance from the original, time for an answer.


EXACT = 1e-8  # where a bar begins on the logarithmic axis; nothing differs by less and not by 0


def draw(
    kilobytes: dict[str, float],
    differences: dict[str, float],
    seconds: dict[str, float],
    batch: dict[str, float],
    alt: str,
) -> None:
    """Draw four panels with a bar for each form; a form that was not measured says so in its place.

    Args:
        kilobytes: the size of each form's file.
        differences: the largest distance of an answer from the original's.
        seconds: for one row.
        batch: seconds for all rows.
        alt: what the picture shows, in words.
    """
    names = list(dict.fromkeys([*kilobytes, *differences, *seconds]))
    panels = [
        ("kilobytes", kilobytes, None),
        ("largest difference", differences, (EXACT, 1)),
        ("milliseconds, one row", _milliseconds(seconds), (1e-4, 1e4)),
        ("milliseconds, all rows", _milliseconds(batch), (1e-4, 1e4)),
    ]
    figure, axes = pyplot.subplots(1, 4, figsize=(12, 0.36 * len(names) + 1), sharey=True)
    for axis, (title, values, limits) in zip(axes, panels, strict=True):
        _bars(axis, names, values, limits)
        axis.set_title(title, loc="left", fontsize=10)
    figure.tight_layout()
    figures.show(figure, alt)


def _milliseconds(seconds: dict[str, float]) -> dict[str, float]:
    return {name: 1000 * value for name, value in seconds.items()}


def _bars(
    axis: matplotlib.axes.Axes,
    names: list[str],
    values: dict[str, float],
    limits: tuple[float, float] | None,
) -> None:
    """One panel; limits make its axis logarithmic."""
    if limits:
        axis.set(xscale="log", xlim=limits)
    else:
        axis.set_xlim(0, 1.3 * max(values.values()))
    start = limits[0] if limits else 0
    for place, name in enumerate(names):
        value = values.get(name)
        if value is not None:
            axis.barh(place, max(value, start), color=figures.BLUE, height=0.6)
        words = "not measured" if value is None else _number(value)
        axis.annotate(words, (max(value or 0, start), place), (4, 0), textcoords="offset points", va="center")
    axis.set_yticks(range(len(names)), names)
    axis.set_ylim(len(names) - 0.4, -0.6)
    axis.spines[["top", "right"]].set_visible(False)


def _number(value: float) -> str:
    """Two digits of a small number, all of a large one."""
    return f"{value:.0f}" if value >= 10 or value == 0 else f"{value:.2g}"


def draw_changed(
    rows: numpy.ndarray,
    labels: numpy.ndarray,
    read: dict[str, numpy.ndarray],
    changed: numpy.ndarray,
    alt: str,
) -> None:
    """Draw up to six images that got another class, with what each form reads and how sure it is.

    Args:
        rows: the images, (n, 64) from 0 to 1.
        labels: what they are, (n,).
        read: the answers of each form, (n, 10).
        changed: the places of those to draw.
        alt: what the picture shows, in words.
    """
    figure, axes = pyplot.subplots(1, 6, figsize=(9, 2.1))
    for axis in axes:
        axis.axis("off")
    for axis, place in zip(axes, changed, strict=False):
        axis.imshow(rows[place].reshape(8, 8), cmap="gray_r", vmin=0, vmax=1)
        said = [f"{form}: {each[place].argmax()} ({each[place].max():.2f})" for form, each in read.items()]
        axis.set_title("\n".join([f"it is a {labels[place]}", *said]), fontsize=9)
    figure.tight_layout()
    figures.show(figure, alt)
