"""Damage saves that lie on the disk, load each in a process of its own, and say what came back."""

import collections.abc
import json
import os
import pathlib
import pkgutil

from helpers import digits
from helpers.core import backend, errors
from helpers.lessons.lesson_09 import trials, workers, workshop
import keras
import numpy

# Tasks for a child process: load a save with the learner's own function, and say what came back.


_good: dict[str, trials.State] = {}
_weights: dict[str, list[numpy.ndarray]] = {}


def damaged(
    name: str, kind: str, good: pathlib.Path, copy: pathlib.Path
) -> collections.abc.Iterator[tuple[str, str]]:
    """Load the copy with the function of that name, and say the outcome with a line about it.

    The good save is loaded once for each process; one that does not load raises.
    """
    if str(good) not in _good:
        _good[str(good)] = state(loaded(name, kind, good), kind)
    try:
        seen = state(loaded(name, kind, copy), kind)
    except Exception as error:  # which one it is depends on what was hit
        yield trials.ERROR, errors.one_line(error)
    else:
        yield trials.of_damage(_good[str(good)], seen), ""


def interrupted(
    module: str, kind: str, save: pathlib.Path, old: pathlib.Path, new: pathlib.Path
) -> collections.abc.Iterator[tuple[str, str]]:
    """Load what an interrupted save left, and say whose weights it has; `old` and `new` are .keras files."""
    for path in (old, new):
        if str(path) not in _weights:
            _weights[str(path)] = weights(keras.models.load_model(path))
    try:
        seen = weights(loaded(module, kind, save))
    except Exception as error:
        yield trials.LOST, errors.one_line(error)
    else:
        yield trials.of_a_save(_weights[str(old)], _weights[str(new)], seen), ""


def loaded(name: str, kind: str, path: pathlib.Path) -> object:
    """What the learner's function returns: `load` of a module, or the one that "guards:sealed" names."""
    backend.first_operation()
    found = pkgutil.resolve_name(name)
    return getattr(found, "load", found)(path, kind)


def weights(model: object) -> list[numpy.ndarray]:
    """The weights of a Keras model or of an export."""
    return [numpy.asarray(variable) for variable in getattr(model, "weights", None) or model.variables]


def state(model: object, kind: str) -> trials.State:
    """Everything about a model that a damaged file could have changed."""
    rows = digits.load().test_features
    answers = model(rows, training=False) if isinstance(model, keras.Model) else model.serve(rows)
    optimizer = getattr(model, "optimizer", None)
    return {
        "answers": numpy.asarray(answers),
        "weights": weights(model),
        "optimizer": [numpy.asarray(variable) for variable in optimizer.variables] if optimizer else [],
        "settings": _settings(model, kind),
    }


def _settings(model: object, kind: str) -> str:
    """Names, arguments and compile settings that come from the file; the signature of an export."""
    if kind in trials.WITHOUT_SETTINGS:
        return ""
    if isinstance(model, keras.Model):
        return json.dumps([model.get_config(), model.get_compile_config()], default=str, sort_keys=True)
    signature = model.signatures["serving_default"]
    return f"{signature.structured_input_signature} {signature.structured_outputs}"


Job = tuple[trials.Trial, trials.Damage]


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
        drawn = [trials.draw(save, trials.FLIP, number) for number in range(flips)]
        drawn += [trials.draw(save, trials.CUT, number) for number in range(cuts)]
        numbered = [*enumerate(drawn[:flips]), *enumerate(drawn[flips:]), *enumerate(trials.deletions(save))]
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
        with workers.Supply(place) as supply:
            for trial, one in mine:
                copy = trials.path(place, trial.kind)
                trials.copy(trials.path(good, trial.kind), copy)
                trials.apply(copy, one)
                asked = [load, trial.kind, trials.path(good, trial.kind), copy]
                outcome, detail = supply.answer(damaged, *asked, if_it_dies=trials.CRASH)
                detail = detail.replace(f"{place}{os.sep}", "")
                where = f"{one.file or copy.name}, byte {one.byte}, bit {one.bit}"
                yield trial._replace(outcome=outcome, detail=f"{where}: {detail}".removesuffix(": "))

    return workshop.side_by_side(jobs, work)
