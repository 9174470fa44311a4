"""Figures with alternative text, in colours that colour-blind readers can tell apart."""

import base64
import collections.abc
import html
import io

import IPython.display
import matplotlib.axes
import matplotlib.figure
import matplotlib.pyplot as pyplot

# Okabe and Ito's palette: distinct in the common forms of colour blindness, and in grey.
BLUE, ORANGE, GREEN, GREY = "#0072B2", "#D55E00", "#009E73", "#767676"
_SIGNS = {True: ("yes", BLUE, "white"), False: ("no", "#F3C9A8", "black"), None: ("–", "white", "black")}


def show(figure: matplotlib.figure.Figure, alt: str) -> None:
    """Show a figure with a text that says the same, for screen readers and for pages without pictures.

    JupyterLab takes alternative text from HTML alone, other pages from the image's metadata; both get it.
    """
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=110, bbox_inches="tight", facecolor="white")
    pyplot.close(figure)
    image = base64.b64encode(buffer.getvalue()).decode()
    picture = f'<img alt="{html.escape(alt)}" style="max-width: 100%" src="data:image/png;base64,{image}">'
    IPython.display.display(
        {"text/html": picture, "image/png": image, "text/plain": alt},
        raw=True,
        metadata={"image/png": {"alt": alt}},
    )


def chain(steps: list[str], crossing: int, sides: tuple[str, str], alt: str) -> None:
    """Draw steps as boxes with arrows. After step `crossing` (from 0) a line parts two named sides."""
    figure, axis = pyplot.subplots(figsize=(9, 1.8))
    for place, step in enumerate(steps):
        color = BLUE if place <= crossing else ORANGE
        box = {"boxstyle": "round,pad=0.6", "facecolor": color, "edgecolor": "none"}
        axis.text(place, 0, step, ha="center", va="center", color="white", bbox=box)
        if place:
            axis.annotate("", (place - 0.38, 0), (place - 0.58, 0), arrowprops={"arrowstyle": "->"})
    axis.axvline(crossing + 0.5, linestyle="--", color="black")
    for side, first, last in [(0, 0, crossing), (1, crossing + 1, len(steps) - 1)]:
        axis.text((first + last) / 2, 1.1, sides[side], ha="center", va="center")
    axis.set(xlim=(-0.5, len(steps) - 0.5), ylim=(-1, 1.4))
    axis.axis("off")
    show(figure, alt)


def marks(
    table: dict[str, dict[str, bool | str | None]],
    rows: list[str],
    alt: str,
    dangers: collections.abc.Collection[str] = (),
) -> None:
    """Draw a table of yes and no in words and colours: a column for each entry, a row for each aspect.

    Blue is good: a yes, but in the rows of `dangers` a no.

    An aspect that is missing counts as no. One that is None was not tried and gets a dash. A condition,
    such as "if built first", stands there in its own words.
    """
    figure, axis = pyplot.subplots(figsize=(1.25 * len(table) + 2.2, 0.42 * len(rows) + 0.6))
    looks = {
        row: [_look(column.get(row, False), row in dangers) for column in table.values()] for row in rows
    }
    fields(axis, looks, list(table), fontsize=10)
    axis.xaxis.tick_top()
    show(figure, alt)


def _look(value: bool | str | None, danger: bool) -> tuple[str, object, str]:
    """The text of a field, its colour and the text's. Where yes is a danger, it has the colours of no."""
    sign, color, ink = _SIGNS.get(value, (value, "#F0E442", "black"))
    if danger and isinstance(value, bool):
        _, color, ink = _SIGNS[not value]
    return sign, color, ink


def fields(
    axis: matplotlib.axes.Axes,
    rows: dict[str, list[tuple[str, object, str]]],
    columns: list[str],
    fontsize: int = 9,
) -> None:
    """Draw a table of coloured fields: each row a list of (text, colour of the field, colour of the text)."""
    for y, line in enumerate(rows.values()):
        for x, (text, color, ink) in enumerate(line):
            axis.add_patch(pyplot.Rectangle((x - 0.48, y - 0.46), 0.96, 0.92, facecolor=color))
            axis.text(x, y, text, ha="center", va="center", color=ink, fontsize=fontsize)
    axis.set_xticks(range(len(columns)), columns)
    axis.set_yticks(range(len(rows)), list(rows))
    axis.set(xlim=(-0.5, len(columns) - 0.5), ylim=(len(rows) - 0.5, -0.5))
    axis.tick_params(length=0)
    axis.spines[:].set_visible(False)


def decisions(steps: list[tuple[str, str]], otherwise: str, alt: str) -> None:
    """Draw questions one below the other: yes leads to the right, to an answer, no leads down."""
    figure, axis = pyplot.subplots(figsize=(9, 0.85 * len(steps) + 0.7))
    answers = [answer for _, answer in steps]
    for place, text in enumerate([*(question for question, _ in steps), otherwise]):
        last = place == len(steps)
        ink, color = ("white", BLUE) if last else ("black", "#E6E6E6")
        box = {"boxstyle": "round,pad=0.5", "facecolor": color, "edgecolor": "none"}
        axis.text(0, -place, text, ha="left", va="center", color=ink, bbox=box)
        if not last:
            axis.annotate("", (0.3, -place - 0.66), (0.3, -place - 0.3), arrowprops={"arrowstyle": "->"})
            axis.text(0.4, -place - 0.5, "no", ha="left", va="center")
            axis.annotate("", (6.3, -place), (5.2, -place), arrowprops={"arrowstyle": "->"})
            axis.text(5.7, -place + 0.12, "yes", ha="center", va="bottom")
            answer = {**box, "facecolor": BLUE}
            axis.text(6.5, -place, answers[place], ha="left", va="center", color="white", bbox=answer)
    axis.set(xlim=(-0.2, 10), ylim=(-len(steps) - 0.5, 0.5))
    axis.axis("off")
    show(figure, alt)
