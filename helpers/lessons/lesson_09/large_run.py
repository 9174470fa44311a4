"""What the large run does: its victims, its ways of saving, and which of its trials are still missing."""

import collections.abc
import contextlib
import datetime
import importlib.metadata
import json
import os
import pathlib
import platform
import typing

from helpers import models
from helpers.core import backend, errors, processes, scratch
from helpers.lessons.lesson_09 import accidents, damage, recorded, refusals, trials
from helpers.lessons.lesson_09.ways import plain
import keras
import rich.console
import rich.progress
import rich.table

# The results of a long run: one line for each trial, written when it is done, read when a run goes on.


class Results:
    """The trials in a file; it is made if need be.

    A line that was cut off, because the machine was switched off while it was written, is dropped.
    """

    def __init__(self, file: pathlib.Path) -> None:
        self.file = file
        self.done: dict[tuple[str, str, str, int], trials.Trial] = {}
        file.parent.mkdir(parents=True, exist_ok=True)
        whole = file.read_bytes() if file.exists() else b""
        kept = whole[: whole.rfind(b"\n") + 1]
        if kept != whole:
            os.truncate(file, len(kept))
        for line in kept.decode().splitlines():
            self._keep(trials.Trial(*json.loads(line)))

    def add(self, trial: trials.Trial) -> None:
        """Write a trial, and force it to the disk."""
        with open(self.file, "a", encoding="utf-8", newline="\n") as file:
            file.write(json.dumps(trial) + "\n")
            file.flush()
            os.fsync(file.fileno())
        self._keep(trial)

    def missing(
        self, experiment: str, way: str, kind: str, numbers: collections.abc.Iterable[int]
    ) -> list[int]:
        """Those of the numbers that are not done."""
        return [number for number in numbers if (experiment, way, kind, number) not in self.done]

    def _keep(self, trial: trials.Trial) -> None:
        self.done[trial[:4]] = trial


BLANK = "blank.keras"  # for the formats that need code: the same layers, other numbers
PLAIN = "helpers.lessons.lesson_09.ways.plain"
WAYS = {
    "plain": trials.KINDS,
    "careful": trials.KINDS,
    "forgetful": ["checkpoint"],
    "restoring": ["checkpoint"],
}


class Missing(typing.NamedTuple):
    """The trials still to do, in the current folder."""

    damages: list[damage.Job]
    saves: list[accidents.Job]

    def count(self) -> int:
        """How many trials that are."""
        return len(self.damages) + sum(len(planned) for _, _, planned in self.saves)

    def tried(self) -> collections.abc.Iterator[trials.Trial]:
        """Do them, and yield each as it comes."""
        yield from damage.tried(PLAIN, pathlib.Path("victims"), self.damages)
        yield from accidents.tried(pathlib.Path.cwd(), self.saves)


def missing(found: Results, flips: int) -> Missing:
    """What is not done yet of so many flips, a quarter of cuts and a fifth of kills for each format."""
    damaged = damage.planned(PLAIN, pathlib.Path("victims"), flips, flips // 4, trials.KINDS)
    saves = _interruptions(found, max(1, flips // 5))
    return Missing([job for job in damaged if job[0][:4] not in found.done], [job for job in saves if job[2]])


def _interruptions(found: Results, kills: int) -> collections.abc.Iterator[accidents.Job]:
    """What is to be interrupted: for each way and format the trials that are missing."""
    counts = {accidents.KILLED: kills}
    if refusals.possible():
        counts |= {refusals.FULL_DISK: 3, refusals.READ_ONLY: 1, refusals.FOLDER: 1}
    for way, kinds in WAYS.items():
        for kind in kinds:
            yield (
                f"helpers.lessons.lesson_09.ways.{way}",
                kind,
                [
                    (one, number)
                    for one in counts
                    for number in found.missing(one, way, kind, range(counts[one]))
                ],
            )


def make_victims() -> None:
    """Save what will be broken, unless an earlier run has: aside first, so that a stop leaves no half."""
    if pathlib.Path("victims").exists():
        return
    aside = pathlib.Path("victims-aside")
    trials.remove(aside)
    aside.mkdir()
    for model, seed, epochs in ((BLANK, 1, 1), (accidents.OLD, 7, 1), (accidents.NEW, 7, 2)):
        models.trained(epochs, seed).save(model)
    for kind in trials.KINDS:
        plain.save(keras.models.load_model(accidents.NEW), trials.path(aside, kind), kind)
    os.rename(aside, "victims")


# What the large run says at its end: two tables, and where the numbers are.


def show(found: Results, run: dict[str, str], console: rich.console.Console) -> None:
    """Print the tables of all results so far, and write the numbers beside them."""
    counts = recorded.counted(found.done.values())
    experiments = list(dict.fromkeys(key[0] for key in counts))
    for experiment in filter(trials.DAMAGE_KINDS.__contains__, experiments):
        console.print(of_damage(counts, experiment))
    console.print(of_saves(counts, [one for one in experiments if one not in trials.DAMAGE_KINDS]))
    summary = found.file.with_suffix(".toml")
    summary.write_text(recorded.as_toml(run, counts), encoding="utf-8")
    console.print(f"{len(found.done)} trials in {scratch.shown(found.file)}, summed up in {summary.name}.")


def of_damage(counts: recorded.Counts, experiment: str) -> rich.table.Table:
    """One kind of damage: a line for each format, a column for each outcome."""
    lines = rich.table.Table("format", *trials.OF_DAMAGE, title=experiment)
    for kind in trials.KINDS:
        numbers = [counts[(experiment, "plain", kind, outcome)] for outcome in trials.OF_DAMAGE]
        lines.add_row(kind, *(str(number or "") for number in numbers))
    return lines


def of_saves(counts: recorded.Counts, experiments: list[str]) -> rich.table.Table:
    """Interrupted saves: a line for each way and format, and how many of them lost the model."""
    lines = rich.table.Table("way", "format", *experiments, title="models lost while saving")
    groups = dict.fromkeys(key[1:3] for key in counts if key[0] in experiments)
    for group in sorted(groups, key=lambda group: (group[0], trials.KINDS.index(group[1]))):
        lines.add_row(*group, *(_lost(counts, (experiment, *group)) for experiment in experiments))
    return lines


def _lost(counts: recorded.Counts, group: tuple[str, str, str]) -> str:
    lost, total = recorded.lost(counts, group)
    return f"{lost} of {total}" if total else ""


# `course --break`: the large run of lesson 09, which may be stopped at any moment and goes on later.


def main(flips: int, console: rich.console.Console | None = None) -> int:
    """Flip a bit so many times in each format, with a quarter of cuts and a fifth of kills; 0 if all is done.

    Every result is written at once, so that Control-C loses none; the same command goes on from there.
    """
    console = console or rich.console.Console()
    if flips < 1:
        console.print(f"--break takes a number of bits to flip, from 1; it got {flips}.")
        return 1
    try:
        place = scratch.writable() / "breaking"
    except errors.Stop as error:
        console.print(str(error))
        return 1
    place.mkdir(exist_ok=True)
    found = Results(place / f"{name(versions())}.jsonl")
    console.print(f"Results go to {scratch.shown(found.file)}; Control-C stops, the same command goes on.")
    processes.warm()
    finished = False
    with contextlib.chdir(place), contextlib.suppress(KeyboardInterrupt):
        backend.first_operation()
        make_victims()
        todo = missing(found, flips)
        columns = (*rich.progress.Progress.get_default_columns(), rich.progress.MofNCompleteColumn())
        with rich.progress.Progress(*columns, console=console) as progress:
            bar = progress.add_task("breaking", total=todo.count())
            for trial in todo.tried():
                found.add(trial)
                progress.advance(bar)
        finished = True
        if late := missing(found, flips).count():
            console.print(
                f"{late} kills came after the end of their save. The same command tries them again."
            )
    show(found, versions(), console)
    if not finished:
        console.print("Stopped. Nothing is lost: the same command goes on from here.")
    return 0 if finished else 130


def versions() -> dict[str, str]:
    """What the results depend on."""
    packages = {package: importlib.metadata.version(package) for package in ("tensorflow", "keras", "h5py")}
    return {
        "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        **packages,
    }


def name(run: dict[str, str]) -> str:
    """The name of a results file: other versions are another run."""
    return f"tensorflow-{run['tensorflow']}-keras-{run['keras']}"
