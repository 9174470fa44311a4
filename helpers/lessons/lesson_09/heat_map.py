"""Heat maps of outcomes by format: the learner's own trials beside the recorded ones."""

from helpers import figures
from helpers.lessons.lesson_09 import recorded, trials
import matplotlib.colors
import matplotlib.pyplot as pyplot

NOTHING = "#F2F2F2"  # the colour of a field with a share of 0
Field = tuple[float, str, str]  # share from 0 to 1, the text in it, the colour of a share of 1


def of_damage(counts: dict[str, recorded.Counts], way: str, experiments: list[str], alt: str) -> None:
    """Outcomes of damage: a row of maps for each set of counts, a map for each kind of damage.

    Args:
        counts: a title for each set, such as {"here": ..., "recorded": ...}.
        way: the module that loaded.
        experiments: the kinds of damage.
        alt: the text that says the same.
    """
    maps = {
        f"{title}: {experiment}": {
            kind: [_outcome(found, (experiment, way, kind), outcome) for outcome in trials.OF_DAMAGE]
            for kind in trials.KINDS
        }
        for title, found in counts.items()
        for experiment in experiments
    }
    _draw(maps, trials.OF_DAMAGE, (len(counts), len(experiments)), alt)


def of_saves(counts: dict[str, recorded.Counts], ways: list[str], experiments: list[str], alt: str) -> None:
    """How often interrupted saves lost the model: a row for each set of counts, a map for each way.

    A field reads "5 of 5 lost". Formats that a way was not tried with are left out.
    """
    maps = {
        f"{title}, saved by {way}.save: models lost": {
            kind: [_lost(found, (experiment, way, kind)) for experiment in experiments]
            for kind in trials.KINDS
            if any(key[1:3] == (way, kind) for key in found)
        }
        for title, found in counts.items()
        for way in ways
    }
    _draw(maps, experiments, (len(counts), len(ways)), alt)


def _outcome(found: recorded.Counts, group: tuple[str, str, str], outcome: str) -> Field:
    total = sum(number for key, number in found.items() if key[:3] == group)
    number = found[(*group, outcome)]
    colors = {trials.ERROR: figures.BLUE, trials.UNHARMED: figures.GREY}
    return number / max(total, 1), str(number or ""), colors.get(outcome, figures.ORANGE)


def _lost(found: recorded.Counts, group: tuple[str, str, str]) -> Field:
    lost, total = recorded.lost(found, group)
    return lost / max(total, 1), f"{lost} of {total}" if total else "", figures.ORANGE


def _draw(
    maps: dict[str, dict[str, list[Field]]], columns: list[str], shape: tuple[int, int], alt: str
) -> None:
    rows, across = shape
    figure, axes = pyplot.subplots(rows, across, figsize=(3.5 * across, 2.6 * rows), squeeze=False)
    for axis, (title, lines) in zip(axes.flat, maps.items(), strict=True):
        figures.fields(
            axis, {name: [_look(*field) for field in line] for name, line in lines.items()}, columns
        )
        axis.set_title(title, fontsize=10, loc="left")
        shown = columns if axis in axes[-1] else [""] * len(columns)
        axis.set_xticks(range(len(columns)), shown, rotation=35, ha="right")
    figure.tight_layout()
    figures.show(figure, alt)


def _look(share: float, text: str, full: str) -> tuple[str, object, str]:
    """Text, colour and ink of a field: the larger the share, the nearer to the full colour."""
    shades = matplotlib.colors.LinearSegmentedColormap.from_list("", ["white", full])
    return text, shades(0.15 + 0.85 * share) if share else NOTHING, "white" if share > 0.6 else "black"
