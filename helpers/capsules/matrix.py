"""The matrix of lesson 11: which format, written by which TensorFlow, became what here."""

import collections.abc
import itertools

from helpers import capsules, figures
from helpers.capsules import judging
import matplotlib.pyplot as pyplot

# Each verdict is a word in the cell as well as a colour. None: that version does not write this.
_LOOKS = {
    judging.TRAINS_ON: (figures.BLUE, "white"),
    judging.TRAINS_ANEW: ("#9FD3F0", "black"),
    judging.ANSWERS: ("#E4F1F9", "black"),
    judging.DIFFERS: (figures.ORANGE, "white"),
    judging.EMPTY: ("black", "white"),
    judging.ERROR: ("#E3E3E3", "black"),
    None: ("white", "#595959"),
}


def draw(rows: collections.abc.Sequence[str]) -> None:
    """Draw what was noted: a row for each name under which there are verdicts.

    Raises:
        KeyError: nothing was noted under a name.
    """
    noted, versions = judging.noted(), capsules.versions()
    table = {name: [noted[name].get(version) for version in versions] for name in rows}
    figure, axis = pyplot.subplots(figsize=(9.6, 0.4 * len(table) + 0.8))
    for y, words in enumerate(table.values()):
        for x, word in enumerate(words):
            color, ink = _LOOKS[word]
            axis.add_patch(pyplot.Rectangle((x - 0.48, y - 0.45), 0.96, 0.9, facecolor=color))
            axis.text(x, y, word or "–", ha="center", va="center", color=ink, fontsize=9)
    axis.set_xticks(range(len(versions)), versions)
    axis.set_yticks(range(len(table)), list(table))
    axis.set(xlim=(-0.5, len(versions) - 0.5), ylim=(len(table) - 0.5, -0.5))
    axis.set_xlabel("written by TensorFlow")
    axis.xaxis.tick_top()
    axis.xaxis.set_label_position("top")
    axis.tick_params(length=0)
    axis.spines[:].set_visible(False)
    figures.show(figure, alt=described(table, versions))


def described(
    table: collections.abc.Mapping[str, collections.abc.Sequence[str | None]],
    versions: collections.abc.Sequence[str],
) -> str:
    """The matrix in words: "digits.h5: answers from 2.5 to 2.21"."""
    lines = []
    for name, words in table.items():
        runs = []
        pairs = zip(words, versions, strict=True)
        for word, group in itertools.groupby(pairs, key=lambda pair: pair[0]):
            names = [version for _, version in group]
            span = f"from {names[0]} to {names[-1]}" if len(names) > 1 else f"from {names[0]}"
            runs.append(f"{word or 'not written'} {span}")
        lines.append(f"{name}: {', '.join(runs)}")
    return f"What became of each file, by the TensorFlow that wrote it. {'. '.join(lines)}."
