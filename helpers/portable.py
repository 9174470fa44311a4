"""Draws what one model costs in each of its forms: size, distance from the original, time for an answer."""

from helpers import figures
import matplotlib.axes
import matplotlib.pyplot as pyplot
import numpy

EXACT = 1e-8  # where a bar begins on the logarithmic axis; nothing differs by less and not by 0


def draw(
    kilobytes: dict[str, float], differences: dict[str, float], seconds: dict[str, float], alt: str
) -> None:
    """Draw three panels with a bar for each form; a form that was not measured says so in its place."""
    names = list(dict.fromkeys([*kilobytes, *differences, *seconds]))
    milliseconds = {name: 1000 * value for name, value in seconds.items()}
    panels = [
        ("kilobytes", kilobytes, None),
        ("largest difference", differences, (EXACT, 1)),
        ("milliseconds for one row", milliseconds, (1e-4, 1e3)),
    ]
    figure, axes = pyplot.subplots(1, 3, figsize=(11, 0.36 * len(names) + 1), sharey=True)
    for axis, (title, values, limits) in zip(axes, panels, strict=True):
        _bars(axis, names, values, limits)
        axis.set_title(title, loc="left", fontsize=10)
    figure.tight_layout()
    figures.show(figure, alt)


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
    rows: numpy.ndarray, before: numpy.ndarray, after: numpy.ndarray, changed: numpy.ndarray, alt: str
) -> None:
    """Draw up to six images that got another class: rows (n, 64), answers (n, 10) before and after."""
    figure, axes = pyplot.subplots(1, 6, figsize=(9, 2))
    for axis in axes:
        axis.axis("off")
    for axis, place in zip(axes, changed, strict=False):
        axis.imshow(rows[place].reshape(8, 8), cmap="gray_r", vmin=0, vmax=1)
        said = [(answers[place].argmax(), answers[place].max()) for answers in (before, after)]
        axis.set_title("\n".join(f"{digit} ({share:.2f})" for digit, share in said), fontsize=10)
    figure.tight_layout()
    figures.show(figure, alt)
