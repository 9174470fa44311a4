"""What the large run does: its victims, its ways of saving, and which of its trials are still missing."""

import collections.abc
import os
import pathlib
import typing

from helpers import models
from helpers.breaking import damaging, interrupting, killing, plain, refusals, results, target, trials
import keras

BLANK = "blank.keras"  # for the formats that need code: the same layers, other numbers
PLAIN = "helpers.breaking.plain"
WAYS = {
    "plain": trials.KINDS,
    "careful": trials.KINDS,
    "forgetful": ["checkpoint"],
    "restoring": ["checkpoint"],
}


class Missing(typing.NamedTuple):
    """The trials still to do, in the current folder."""

    damages: list[damaging.Job]
    saves: list[interrupting.Job]

    def count(self) -> int:
        """How many trials that are."""
        return len(self.damages) + sum(len(planned) for _, _, planned in self.saves)

    def tried(self) -> collections.abc.Iterator[trials.Trial]:
        """Do them, and yield each as it comes."""
        yield from damaging.tried(PLAIN, pathlib.Path("victims"), self.damages)
        yield from interrupting.tried(pathlib.Path.cwd(), self.saves)


def missing(found: results.Results, flips: int) -> Missing:
    """What is not done yet of so many flips, a quarter of cuts and a fifth of kills for each format."""
    damaged = damaging.planned(PLAIN, pathlib.Path("victims"), flips, flips // 4, trials.KINDS)
    saves = _interruptions(found, max(1, flips // 5))
    return Missing([job for job in damaged if job[0][:4] not in found.done], [job for job in saves if job[2]])


def _interruptions(found: results.Results, kills: int) -> collections.abc.Iterator[interrupting.Job]:
    """What is to be interrupted: for each way and format the trials that are missing."""
    counts = {killing.KILLED: kills}
    if refusals.possible():
        counts |= {refusals.FULL_DISK: 3, refusals.READ_ONLY: 1, refusals.FOLDER: 1}
    for way, kinds in WAYS.items():
        for kind in kinds:
            yield (
                f"helpers.breaking.{way}",
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
    for model, seed, epochs in ((BLANK, 1, 1), (target.OLD, 7, 1), (target.NEW, 7, 2)):
        models.trained(epochs, seed).save(model)
    for kind in trials.KINDS:
        plain.save(keras.models.load_model(target.NEW), trials.path(aside, kind), kind)
    os.rename(aside, "victims")
