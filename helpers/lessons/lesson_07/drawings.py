"""Draws what is inside saved files as trees, with the bytes of each part: `trees.draw(boxes, alt)`."""

import typing

from helpers import figures
import matplotlib.axes
import matplotlib.patches
import matplotlib.pyplot as pyplot

COLORS = {
    "structure": figures.BLUE,
    "weights": figures.ORANGE,
    "optimizer": figures.GREEN,
    "bookkeeping": figures.GREY,
}
_LINE = 0.24  # inches for a line of a tree


class Line(typing.NamedTuple):
    """A line of a tree: how deep, its name, its bytes, and what it is; a folder is nothing by itself."""

    level: int
    name: str
    size: int
    kind: str


def kind(path: str) -> str:
    """What a part is, one of COLORS, by its name as Keras and TensorFlow give it."""
    name = path.rpartition("/")[2]
    # The checkpoint of a compiled model lists the weights under the optimizer that trains them.
    if "optimizer" in path and "_trainable_variables" not in path:
        return "optimizer"
    if name in ("config.json", "model_config", "training_config", "saved_model.pb"):
        return "structure"
    if name.endswith((".json", ".pb", ".index")) or name.startswith("_CHECKPOINTABLE"):
        return "bookkeeping"
    return "weights"


def lines(parts: dict[str, int]) -> list[Line]:
    """The lines for parts such as {"weights.h5/layers/dense/0": 512}, a path and its bytes each.

    A folder with one thing in it shares that thing's line, and an optimizer's arrays share one line.
    """
    nested: dict = {}
    for path, size in parts.items():
        *folders, name = path.split("/")
        place = nested
        for folder in folders:
            place = place.setdefault(folder, {})
        place[name] = Line(0, path, size, kind(path))
    return _below(nested, 0)


def _below(nested: dict, level: int) -> list[Line]:
    found = []
    for name, content in nested.items():
        while isinstance(content, dict) and len(content) == 1:
            ((inner, content),) = content.items()
            name = f"{name}/{inner}"
        leaves = _leaves(content)
        size, kinds = sum(leaf.size for leaf in leaves), {leaf.kind for leaf in leaves}
        if len(leaves) == 1:
            found.append(Line(level, name, size, leaves[0].kind))
        elif kinds == {"optimizer"}:
            found.append(Line(level, f"{name}: {len(leaves)} arrays", size, "optimizer"))
        else:
            found += [Line(level, f"{name}/", size, ""), *_below(content, level + 1)]
    return found


def _leaves(content: dict | Line) -> list[Line]:
    if isinstance(content, Line):
        return [content]
    return [leaf for inner in content.values() for leaf in _leaves(inner)]


def trees(boxes: dict[str, dict[str, int]], alt: str) -> None:
    """Draw two trees a row, by the name of each box: the bytes of each part, and its kind as a colour."""
    trees = {name: lines(parts) for name, parts in boxes.items()}
    longest = max(line.size for tree in trees.values() for line in tree if line.kind)
    pairs = [list(trees.items())[start : start + 2] for start in range(0, len(trees), 2)]
    heights = [max(len(tree) for _, tree in pair) + 2 for pair in pairs]  # in lines, the name among them
    figure, axes = pyplot.subplots(
        len(pairs), 2, figsize=(13, _LINE * sum(heights)), height_ratios=heights, squeeze=False
    )
    for axis in axes.flat:
        axis.axis("off")
    for row, pair, height in zip(axes, pairs, heights, strict=True):
        for axis, (name, tree) in zip(row, pair, strict=False):
            axis.set(xlim=(0, 1), ylim=(height - 0.5, -0.5))
            axis.text(0, 0, name, va="center", fontweight="bold", fontsize=11)
            _draw_lines(axis, tree, longest)
    found = {line.kind for tree in trees.values() for line in tree}
    handles = [matplotlib.patches.Patch(color=COLORS[each], label=each) for each in COLORS if each in found]
    figure.tight_layout()
    figure.legend(handles=handles, loc="lower center", bbox_to_anchor=(0.5, 1), ncols=len(handles))
    figures.show(figure, alt)


def _draw_lines(axis: matplotlib.axes.Axes, tree: list[Line], longest: int) -> None:
    style = {"va": "center", "fontsize": 8.5}
    for place, line in enumerate(tree, start=1):
        axis.text(0.01 + 0.035 * line.level, place, line.name, family="monospace", **style)
        if line.kind:
            width = max(0.22 * line.size / longest, 0.002)
            axis.barh(place, width, left=0.52, height=0.62, color=COLORS[line.kind])
            axis.text(0.53 + width, place, f"{line.size:,} bytes", **style)


# Draws the way of an export: from the operations of a graph, through the folder, to whoever loads it.


def journey(operations: list[str], folder: list[str], loaders: list[str], alt: str) -> None:
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
