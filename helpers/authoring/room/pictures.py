"""Draws one question as a room answered it: a pair of bars for each option, before and after."""

import io
import textwrap

from helpers import figures
from helpers.authoring.room import counting
import matplotlib.figure


def draw(count: counting.Count, entry: dict) -> matplotlib.figure.Figure:
    """The picture of one question. The right option is marked in words, before and after by hatching too."""
    labels = [
        textwrap.fill(option["text"] + (" (right)" if key == entry["right"] else ""), 38)
        for key, option in entry["options"].items()
    ]
    figure = matplotlib.figure.Figure(figsize=(8.5, 0.75 * len(labels) + 1.3), layout="constrained")
    axis = figure.add_subplot()
    places = range(len(labels))
    before = axis.barh(
        [place - 0.19 for place in places],
        list(count.before.values()),
        height=0.34,
        color=figures.ORANGE,
        hatch="//",
        edgecolor="white",
        label="first answer",
    )
    after = axis.barh(
        [place + 0.19 for place in places],
        list(count.after.values()),
        height=0.34,
        color=figures.BLUE,
        label="last answer",
    )
    axis.bar_label(before, padding=3)
    axis.bar_label(after, padding=3)
    # A `$` in a text would begin a formula.
    axis.set_yticks(places, [label.replace("$", r"\$") for label in labels])
    axis.set(xlabel=f"of {count.learners} who answered; {count.again} of them answered again")
    axis.set_xlim(0, max(*count.before.values(), *count.after.values()) * 1.1)
    axis.xaxis.get_major_locator().set_params(integer=True)
    axis.invert_yaxis()
    axis.spines[["top", "right"]].set_visible(False)
    axis.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2, frameon=False)
    return figure


def png(figure: matplotlib.figure.Figure) -> bytes:
    """A figure as a PNG file."""
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=110, facecolor="white")
    return buffer.getvalue()


def alt(count: counting.Count, entry: dict) -> str:
    """The same in words."""
    parts = [
        f"{option['text']}{' (right)' if key == entry['right'] else ''}: "
        f"{count.before[key]} at first, {count.after[key]} at last"
        for key, option in entry["options"].items()
    ]
    return f"{count.learners} answered, {count.again} of them again. {'; '.join(parts)}."
