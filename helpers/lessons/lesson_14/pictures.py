"""The pictures of lesson 14: two monitors, what chance alone does to an exam, and the loop day by day."""

import collections.abc
import typing

from helpers import figures
import matplotlib.pyplot as pyplot
import numpy


class Shown(typing.NamedTuple):
    """What the picture of the loop draws of one day."""

    right: float  # as the labels say, three days later
    truth: float  # as it was
    score: float  # to the nearest reference
    first_score: float  # to the first reference
    version: int
    outcome: str  # "", "promoted", "not better" or "refused"


MARKS = {
    "promoted": ("^", figures.GREEN, "promoted"),
    "not better": ("x", figures.ORANGE, "not better"),
    "refused": ("s", "black", "refused by the golden exam"),
}


def draw_monitors(table: dict[str, tuple[float, float, float]], alt: str) -> None:
    """Draw three bars for each situation: days with an alarm by input, by confidence, and what is right."""
    figure, axis = pyplot.subplots(figsize=(9, 0.55 * len(table) + 0.8))
    parts = [
        ("alarms by input", figures.ORANGE),
        ("alarms by confidence", "#E69F00"),
        ("right", figures.BLUE),
    ]
    for place, values in enumerate(table.values()):
        for offset, (value, (name, color)) in enumerate(zip(values, parts, strict=True)):
            at = place + 0.26 * (offset - 1)
            axis.barh(at, value, height=0.24, color=color, label="" if place else name)
            axis.text(value + 0.01, at, f"{value:.0%}", va="center", fontsize=8)
    axis.set_yticks(range(len(table)), list(table))
    axis.set(xlim=(0, 1.12), ylim=(len(table) - 0.5, -0.5), xticks=[])
    axis.spines[["top", "right", "bottom"]].set_visible(False)
    axis.legend(loc="upper center", bbox_to_anchor=(0.5, -0.02), ncols=3, frameon=False, fontsize=9)
    figures.show(figure, alt)


def draw_gains(gains: collections.abc.Sequence[int], margin: int, alt: str) -> None:
    """Draw how often a candidate had so many more right than the current version, and the margin."""
    values, counts = numpy.unique(gains, return_counts=True)
    figure, axis = pyplot.subplots(figsize=(8, 2.6))
    axis.bar(values, counts, color=[figures.ORANGE if value > 0 else figures.BLUE for value in values])
    for value, count in zip(values, counts, strict=True):
        axis.text(value, count, str(count), ha="center", va="bottom")
    axis.axvline(margin - 0.5, color="black", linestyle="--")
    axis.text(margin - 0.4, max(counts), " the margin", va="top")
    axis.set_xlabel(f"answers right beyond the current version's, in {len(gains)} exams of 60 rows")
    axis.set(ylim=(0, 1.15 * max(counts)), yticks=[])
    axis.set_xticks(range(min(values), margin + 2))
    axis.spines[["top", "right", "left"]].set_visible(False)
    figures.show(figure, alt)


def draw_loop(days: list[Shown], limit: float, shades: dict[str, tuple[int, int]], alt: str) -> None:
    """Draw three panels of the days: accuracy, score and version. `shades` names spans of days."""
    figure, axes = pyplot.subplots(3, 1, figsize=(9, 7), sharex=True)
    steps = {"drawstyle": "steps-mid"}
    axes[0].plot([day.truth for day in days], color=figures.GREY, linestyle=":", label="the truth", **steps)
    axes[0].plot([day.right for day in days], color=figures.BLUE, label="what labels say", **steps)
    axes[1].plot(
        [day.first_score for day in days],
        color=figures.GREY,
        linestyle=":",
        label="to the first reference",
        **steps,
    )
    axes[1].plot([day.score for day in days], color=figures.BLUE, label="to the nearest reference", **steps)
    axes[1].axhline(limit, color=figures.ORANGE, linestyle="--", label="limit")
    axes[2].plot([day.version for day in days], color=figures.BLUE, **steps)
    # Each candidate is published, so the first one has the number 2, and so on.
    candidates = [2 + sum(bool(day.outcome) for day in days[:number]) for number in range(len(days))]
    for outcome, (sign, color, name) in MARKS.items():
        found = [(number, candidates[number]) for number, day in enumerate(days) if day.outcome == outcome]
        if found:
            axes[2].plot(*zip(*found, strict=True), sign, color=color, markersize=8, label=name)
    for axis, title in zip(axes, ["right", "score", "version"], strict=True):
        axis.set_ylabel(title)
        for (first, last), color in zip(shades.values(), ["#F3C9A8", "#D9D9D9"], strict=False):
            axis.axvspan(first - 0.5, last + 0.5, color=color, alpha=0.5, linewidth=0)
        axis.legend(loc="center left", bbox_to_anchor=(1, 0.5), frameon=False, fontsize=8)
    for name, (first, last) in shades.items():
        axes[0].text((first + last) / 2, 1.06, name, ha="center", fontsize=9)
    axes[0].set_ylim(-0.05, 1.2)
    axes[2].set_xlabel("day")
    figures.show(figure, alt)
