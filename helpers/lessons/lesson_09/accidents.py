"""Interrupt saves over a good model, and see what is left of the two."""

import collections.abc
import contextlib
import os
import pathlib
import pkgutil
import random
import time

from helpers.core import backend, files, processes
from helpers.lessons.lesson_09 import damage, recorded, refusals, trials, workers, workshop
import keras

# Tasks for a child process: save a model with the learner's own function, to be killed or refused in it.


def save(
    module: str, kind: str, path: pathlib.Path, model: pathlib.Path, refusal: str = "", limit: int = 0
) -> collections.abc.Iterator[str]:
    """Load a model from a .keras file, say that the save begins, and call `module.save(model, path, kind)`.

    With a refusal the process is good for this one save: see `refusals`.
    """
    backend.first_operation()
    keras_model = keras.models.load_model(model)
    function = pkgutil.resolve_name(module).save
    if refusal:
        refusals.begin(refusal, limit)
    yield "begun"
    function(keras_model, path, kind)


# A good save of the old model, and a process that begins to save the new one over it, again and again.


OLD, NEW = "old.keras", "new.keras"


class Target:
    """One way of saving in one format, in a folder of its own.

    Attributes:
        save: where the old model is, and where the new one shall be.
        folder: holds the save, and nothing else.
        duration: seconds that a whole save takes.
    """

    def __init__(self, place: pathlib.Path, models: pathlib.Path, module: str, kind: str) -> None:
        """Save the old model.

        Args:
            place: the worker's folder.
            models: the folder with `old.keras` and `new.keras`.
            module: has `save(model, path, kind)` and `load(path, kind)`.
            kind: a format, such as ".keras".

        Raises:
            RuntimeError: the module does not save or load this format.
        """
        self.place, self.module, self.kind = place, module, kind
        self.old, self.new = models / OLD, models / NEW
        self._before, self.folder = place / "before", place / "during"
        self.save = trials.path(self.folder, kind)
        trials.remove(self.folder)
        self.folder.mkdir()
        self.duration = self._whole(self.old)
        trials.copy(self.folder, self._before)

    def begin(self, refusal: str = "", limit: int = 0) -> workers.Child:
        """A process that has just begun to save the new model."""
        return self._begun(self.new, refusal, limit)

    def reset(self) -> None:
        """Put the old model back as it was."""
        trials.copy(self._before, self.folder)

    def outcome(self, supply: workers.Supply) -> tuple[str, str]:
        """What is left of the two models, and a line about it."""
        asked = [self.module, self.kind, self.save, self.old, self.new]
        outcome, detail = supply.answer(damage.interrupted, *asked, if_it_dies=trials.LOST)
        return outcome, detail.replace(f"{self.folder}{os.sep}", "")

    def _begun(self, model: pathlib.Path, refusal: str = "", limit: int = 0) -> workers.Child:
        child = workers.Child(self.place)
        child.ask(save, self.module, self.kind, self.save, model, refusal, limit)
        kind, said = child.hear()
        if kind == "raised":
            child.close()
            raise RuntimeError(f"{self.module}.save cannot begin: {said}")
        return child

    def _whole(self, model: pathlib.Path) -> float:
        """Save without a disturbance, and return the seconds it took."""
        child = self._begun(model)
        begun = time.perf_counter()
        kind, said = child.hear()
        child.close()
        if kind == "raised":
            raise RuntimeError(f"{self.module}.save does not save {self.kind}: {said}")
        return time.perf_counter() - begun


# Kill a process while it saves over a good model, at a random moment.


KILLED = "a process killed"
TRIES = 20  # for each kill that shall hit: some come after the save has ended


def kill(aim: Target, number: int) -> bool:
    """Kill one save in its middle; False if every try came too late.

    The number decides how long after its begin, within the time a save takes.
    """
    moments = random.Random(f"{aim.kind} {number}")
    for _ in range(TRIES):
        aim.reset()
        child = aim.begin()
        try:
            time.sleep(moments.uniform(0, aim.duration))
            child.end()
            child.hear()  # had the save ended, it would have said so
        except workers.Ended:
            return True
        finally:
            child.close()
    return False


# Let the system refuse a save: by a full disk, or by a read-only folder.


def refuse(aim: Target, refusal: str, number: int) -> None:
    """Begin to save the new model, and let the system refuse it.

    The number sets where a full disk stops: 0, 1 and 2 stand for a quarter, a half and three quarters of
    the largest file of the old save.
    """
    aim.reset()
    size = max(path.stat().st_size for path in files.inside(aim.folder).values())
    try:
        if refusal != refusals.FULL_DISK:
            locked = aim.save if aim.save.is_dir() else aim.folder
            refusals.lock(locked, whole=refusal == refusals.READ_ONLY)
        child = aim.begin(refusal, size * (number + 1) // 4)
        # What the save says is not asked: what it left counts. A failed write can take HDF5, and the
        # process with it, down.
        with contextlib.closing(child), contextlib.suppress(workers.Ended):
            child.hear()
    finally:
        refusals.unlock(aim.folder)


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
    planned = [(KILLED, number) for number in range(kills)] + [(one, HALF) for one in possible]
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
        with workers.Supply(place) as supply:
            for module, kind, planned in mine:
                aim = Target(place, models, module, kind)
                for experiment, number in planned:
                    if experiment != KILLED:
                        refuse(aim, experiment, number)
                    elif not kill(aim, number):
                        continue
                    outcome, detail = aim.outcome(supply)
                    yield trials.Trial(experiment, trials.label(module), kind, number, outcome, detail)

    return workshop.side_by_side(jobs, work)
