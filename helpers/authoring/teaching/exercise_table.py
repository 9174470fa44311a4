"""A table of a room's learners and exercises, as CSV and as a picture, for `author room`."""

import csv
import dataclasses
import pathlib

from helpers import figures
from helpers.authoring.teaching import progress_files
from helpers.core import texts
import matplotlib.figure

WORDS = {"correct": "correct", "not_yet": "not yet", "": "not started"}
LOOKS = {"correct": (figures.BLUE, "✓"), "not_yet": (figures.ORANGE, "…")}


@dataclasses.dataclass(frozen=True)
class Table:
    """The states of exercises, a row for each learner: "correct", "not_yet" or ""."""

    columns: list[str]
    rows: dict[str, list[str]]


def build(learners: list[progress_files.Answers], lesson: str, named: bool) -> Table:
    """The table of every lesson in which anybody has begun an exercise.

    Args:
        lesson: only this lesson's exercises, such as "04"; "" for all.
        named: call a learner by the file, not by a number.
    """
    known = [name for name in texts.table("exercise") if name.startswith(lesson)]
    begun = {name.split(".")[0] for one in learners for name in one.exercises if name in known}
    columns = [name for name in known if name.split(".")[0] in begun]
    rows = {
        _printable(one.name) if named else f"learner {number}": [
            one.exercises.get(name, "") for name in columns
        ]
        for number, one in enumerate(learners, start=1)
    }
    return Table(columns, rows)


def write_csv(path: pathlib.Path, table: Table) -> None:
    """Write the table for a spreadsheet; the first column is the learner."""
    # A name that begins so would be taken for a formula.
    safe = {name: f"'{name}" if name[:1] in "=+-@" else name for name in table.rows}
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["learner", *table.columns])
        writer.writerows(
            [safe[name], *(WORDS[state] for state in states)] for name, states in table.rows.items()
        )


def draw(table: Table) -> matplotlib.figure.Figure:
    """The table as a grid: a tick on blue is correct, dots on orange are not yet, white is not started."""
    size = (1.6 + 0.42 * len(table.columns), 1.0 + 0.3 * len(table.rows))
    figure = matplotlib.figure.Figure(figsize=size, layout="constrained")
    axis = figure.add_subplot()
    for row, states in enumerate(table.rows.values()):
        for column, state in enumerate(states):
            color, sign = LOOKS.get(state, ("white", ""))
            axis.barh(row, 1, left=column - 0.5, height=1, color=color, edgecolor=figures.GREY)
            axis.text(column, row, sign, ha="center", va="center", color="white", weight="bold")
    axis.set_xticks(range(len(table.columns)), table.columns, rotation=90)
    names = [name if len(name) <= 24 else f"{name[:23]}…" for name in table.rows]
    axis.set_yticks(range(len(names)), [name.replace("$", r"\$") for name in names])
    axis.xaxis.tick_top()
    axis.set(xlim=(-0.5, len(table.columns) - 0.5), ylim=(len(table.rows) - 0.5, -0.5))
    axis.tick_params(length=0)
    return figure


def alt(table: Table) -> str:
    """The picture in words: for each exercise how many have it correct, and how many have begun it."""
    parts = []
    for column, name in enumerate(table.columns):
        states = [row[column] for row in table.rows.values()]
        counts = {"correct": states.count("correct"), "begun": states.count("not_yet")}
        parts.append(texts.words("room_exercise", name=name, **counts))
    return texts.words("room_exercises_alt", learners=len(table.rows), exercises="; ".join(parts))


def _printable(name: str) -> str:
    return "".join(sign if sign.isprintable() else "\ufffd" for sign in name)
