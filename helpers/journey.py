"""Draws the way of an export: from the operations of a graph, through the folder, to whoever loads it."""

from helpers import figures
import matplotlib.axes
import matplotlib.pyplot as pyplot


def draw(operations: list[str], folder: list[str], loaders: list[str], alt: str) -> None:
    """Draw operations as a chain from top to bottom, the folder beside it, and an arrow to each loader."""
    figure, axis = pyplot.subplots(figsize=(10, 0.5 * len(operations) + 0.6))
    for place, (operation, height) in enumerate(zip(operations, _heights(operations), strict=True)):
        _box(axis, 0.1, height, operation, figures.BLUE)
        if place:
            _arrow(axis, (0.1, height + 1 / len(operations) - 0.05), (0.1, height + 0.05))
    _box(axis, 0.46, 0.5, "\n".join(folder), figures.ORANGE)
    _arrow(axis, (0.18, 0.5), (0.36, 0.5))
    for loader, height in zip(loaders, _heights(loaders), strict=True):
        _box(axis, 0.71, height, loader, figures.GREEN, side="left")
        _arrow(axis, (0.56, 0.5), (0.69, height))
    for x, heading in [(0.1, "the graph"), (0.46, "the SavedModel"), (0.83, "the loader")]:
        axis.text(x, 1.08, heading, ha="center", fontweight="bold")
    axis.text(0.27, 0.53, "write", ha="center")
    axis.text(0.6, 0.75, "load", ha="center")
    axis.set(xlim=(0, 1), ylim=(0, 1.15))
    axis.axis("off")
    figures.show(figure, alt)


def _heights(entries: list[str]) -> list[float]:
    """Evenly from the top, near 1, to the bottom, near 0."""
    return [1 - (place + 0.5) / len(entries) for place in range(len(entries))]


def _box(axis: matplotlib.axes.Axes, x: float, y: float, text: str, color: str, side: str = "center") -> None:
    box = {"boxstyle": "round,pad=0.4", "facecolor": "white", "edgecolor": color, "linewidth": 2}
    axis.text(x, y, text, ha=side, va="center", fontsize=9, bbox=box)


def _arrow(axis: matplotlib.axes.Axes, start: tuple[float, float], end: tuple[float, float]) -> None:
    axis.annotate("", end, start, arrowprops={"arrowstyle": "->", "color": "black"})
