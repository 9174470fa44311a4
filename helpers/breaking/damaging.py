"""Damage saves that lie on the disk, load each in a process of its own, and say what came back."""

import collections.abc
import os
import pathlib

from helpers.breaking import children, damages, judging, outcomes, trials, workshop

Job = tuple[trials.Trial, damages.Damage]


def damage(
    load: str,
    folder: str | pathlib.Path,
    flips: int,
    cuts: int,
    kinds: collections.abc.Sequence[str] = tuple(trials.KINDS),
) -> list[trials.Trial]:
    """Damage copies of the saves in a folder, and load each.

    Args:
        load: the name of a module in the current folder with a function `load(path, kind)`, or module and
            function, such as "guards:sealed".
        folder: holds a good save of each kind; it is not touched.
        flips: for each kind, so many copies with one bit flipped.
        cuts: so many copies with one file cut short. Then each file of a save is deleted once.
        kinds: the formats, such as ".keras".

    Raises:
        RuntimeError: an undamaged save does not load.
    """
    jobs = planned(load, pathlib.Path(folder), flips, cuts, kinds)
    return trials.in_order(list(tried(load, pathlib.Path(folder), jobs)))


def planned(
    load: str, folder: pathlib.Path, flips: int, cuts: int, kinds: collections.abc.Sequence[str]
) -> list[Job]:
    """Every trial to come with its damage. The same numbers mean the same places."""
    jobs = []
    for kind in kinds:
        save = trials.path(folder, kind)
        drawn = [damages.draw(save, damages.FLIP, number) for number in range(flips)]
        drawn += [damages.draw(save, damages.CUT, number) for number in range(cuts)]
        numbered = [*enumerate(drawn[:flips]), *enumerate(drawn[flips:]), *enumerate(damages.deletions(save))]
        way = trials.label(load)
        jobs += [(trials.Trial(one.kind, way, kind, number), one) for number, one in numbered]
    return jobs


def tried(
    load: str, folder: pathlib.Path, jobs: collections.abc.Iterable[Job]
) -> collections.abc.Iterator[trials.Trial]:
    """Do the trials, and yield each with its outcome as it comes."""
    good = folder.resolve()

    def work(
        place: pathlib.Path, mine: collections.abc.Iterator[Job]
    ) -> collections.abc.Generator[trials.Trial]:
        with children.Supply(place) as supply:
            for trial, one in mine:
                copy = trials.path(place, trial.kind)
                trials.copy(trials.path(good, trial.kind), copy)
                damages.apply(copy, one)
                asked = [load, trial.kind, trials.path(good, trial.kind), copy]
                outcome, detail = supply.answer(judging.damaged, *asked, if_it_dies=outcomes.CRASH)
                detail = detail.replace(f"{place}{os.sep}", "")
                where = f"{one.file or copy.name}, byte {one.byte}, bit {one.bit}"
                yield trial._replace(outcome=outcome, detail=f"{where}: {detail}".removesuffix(": "))

    return workshop.side_by_side(jobs, work)
