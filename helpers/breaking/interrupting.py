"""Interrupt saves over a good model, and see what is left of the two."""

import collections.abc
import pathlib

from helpers.breaking import (
    children,
    killing,
    recorded,
    refusals,
    refusing,
    target,
    trials,
    workshop,
)
from helpers.core import processes

Job = tuple[str, str, list[tuple[str, int]]]  # module, kind, and for each trial (experiment, number)
AT_MOST = 2  # kills of each kind where a new process has to import TensorFlow
HALF = 1  # the number of the full disk that stops at half of a file


def accidents(
    module: str,
    kills: int = 0,
    refused: collections.abc.Sequence[str] = (refusals.FULL_DISK, refusals.READ_ONLY),
    kinds: collections.abc.Sequence[str] = tuple(trials.KINDS),
) -> list[trials.Trial]:
    """Save `new.keras` over `old.keras`, of the current folder, and let something happen in the middle.

    A kill that comes after the save has ended does not count, and is tried again. Where processes cannot
    be forked (Windows, macOS), each costs seconds, so at most two are killed. Where the system cannot refuse
    anything (Windows), the outcomes of refusals are those recorded on Linux.

    Args:
        module: the name of a module in the current folder, with `save(model, path, kind)` and
            `load(path, kind)`.
        kills: so many processes killed, for each kind.
        refused: what the system refuses, each once for each kind.
        kinds: the formats, such as ".keras".

    Raises:
        RuntimeError: the module does not save or load a format.
    """
    if not processes.can_fork():
        kills = min(kills, AT_MOST)
    possible = refused if refusals.possible() else ()
    planned = [(killing.KILLED, number) for number in range(kills)] + [(one, HALF) for one in possible]
    found = list(tried(pathlib.Path.cwd(), [(module, kind, planned) for kind in kinds]))
    missing = [one for one in refused if one not in possible]
    found += [recorded.typical(one, trials.label(module), kind) for one in missing for kind in kinds]
    return trials.in_order(found)


def tried(
    models: pathlib.Path, jobs: collections.abc.Iterable[Job]
) -> collections.abc.Generator[trials.Trial, None, None]:
    """Do the trials of each job, and yield each with what it left, as it comes."""

    def work(
        place: pathlib.Path, mine: collections.abc.Iterator[Job]
    ) -> collections.abc.Generator[trials.Trial, None, None]:
        with children.Supply(place) as supply:
            for module, kind, planned in mine:
                aim = target.Target(place, models, module, kind)
                for experiment, number in planned:
                    if experiment != killing.KILLED:
                        refusing.refuse(aim, experiment, number)
                    elif not killing.kill(aim, number):
                        continue
                    outcome, detail = aim.outcome(supply)
                    yield trials.Trial(experiment, trials.label(module), kind, number, outcome, detail)

    return workshop.side_by_side(jobs, work)
