"""Promote a version, or go back: one line in one small file, after a check."""

import collections.abc
import os
import pathlib

from helpers.tools.versions import arguments, catalogue, disk, errors, golden_batch, sidecar
import numpy

# Is a version still what was published, and does it still answer as it did?


def check(store: str | os.PathLike, number: int | str = "current") -> None:
    """Compare every file of a version with its side-car, then ask its golden batch in a fresh process.

    The files come first: loading runs code, so nothing damaged or added is loaded. A golden batch may
    take 60 seconds.

    Raises:
        errors.Refused: it does not hold; the text names the file or the largest difference.
        errors.VersionsError: there is no such version, or it cannot be read.
    """
    folder = catalogue.path(store, number)
    with errors.spoken(f"Checking version {folder.name}"):
        facts = sidecar.read(folder)
        _check_files(folder, facts["files"])
        if facts["golden"]:
            golden_batch.check(folder, facts["golden"]["tolerance"], facts["golden"]["imports"])


def _check_files(folder: pathlib.Path, published: dict[str, dict]) -> None:
    try:
        found = disk.files(folder)
    except errors.Refused as reason:
        raise errors.refusal(folder.name, str(reason)) from reason
    for name in sorted(published.keys() - found.keys()):
        raise errors.refusal(folder.name, f"{errors.shown(name)} is missing.")
    for name in sorted(found.keys() - published.keys() - {sidecar.NAME, sidecar.SEAL}):
        raise errors.refusal(folder.name, f"{errors.shown(name)} was not published with it.")
    for name, expected in published.items():
        size = found[name].stat().st_size
        if size != expected["size"]:
            raise errors.refusal(
                folder.name,
                f"{errors.shown(name)} has {size} bytes, and {expected['size']} were published.",
            )
        if disk.digest(found[name]) != expected["sha256"]:
            raise errors.refusal(
                folder.name,
                f"{errors.shown(name)} has other content than was published: its sha256 is another one.",
            )


def promote(
    store: str | os.PathLike,
    number: int,
    metric: str | None = None,
    tolerance: float = 0.0,
    higher_is_better: bool = True,
    measure: collections.abc.Callable[[pathlib.Path], float] | None = None,
) -> None:
    """Make a version the current one, if it passes its check and is not worse than the current one.

    Args:
        store: the folder of the store.
        number: the version.
        metric: the name of the metric in which it must not be worse; None compares nothing.
        tolerance: by how much it may be worse.
        higher_is_better: False for a loss.
        measure: takes the folder of a version and returns a number to compare, measured now, in place of the
            metric that its publisher wrote down. It is asked after the check, about both versions.

    Promoting the current version checks it and changes nothing. A service asks `path(store, "current")`;
    TensorFlow Serving serves the highest number, unless its model_version_policy names the promoted one.

    Raises:
        errors.Refused: the version fails its check, is worse, or does not have that metric.
        errors.VersionsError: an argument is odd, there is no such version, or it cannot be written.
    """
    if metric is not None and not isinstance(metric, str):
        raise errors.VersionsError(f'A metric has a name such as "accuracy"; got {errors.shown(metric)}.')
    if not isinstance(higher_is_better, bool | numpy.bool_):
        raise errors.VersionsError(
            f"higher_is_better is True or False, not {errors.shown(higher_is_better)}."
        )
    if measure is not None and (metric is not None or not callable(measure)):
        raise errors.VersionsError(
            "measure is a function of a version's folder, in place of a metric; got "
            f"measure={errors.shown(measure)} and metric={errors.shown(metric)}."
        )
    allowed = arguments.tolerance(tolerance)
    folder = catalogue.opened(store)
    with errors.spoken("Promoting a version"), disk.held(folder):
        history = catalogue.read(folder)
        number = int(catalogue.path(store, number).name)
        check(store, number)
        if number == catalogue.last_number(history):
            return
        current = catalogue.last_number(history)
        if metric is not None:
            _compare(store, number, current, metric, allowed, bool(higher_is_better))
        if measure is not None:
            _compare_measured(store, number, current, measure, allowed, bool(higher_is_better))
        catalogue.add(folder, history, number, catalogue.PROMOTED)


def roll_back(store: str | os.PathLike) -> int:
    """Return to the version promoted before the current one, after a check; its number is returned.

    Calling it again goes further back. A version that was removed meanwhile is passed over.

    Raises:
        errors.Refused: that version fails its check; another one can be promoted instead.
        errors.VersionsError: there is no version to go back to, or it cannot be written.
    """
    folder = catalogue.opened(store)
    with errors.spoken("Rolling back"), disk.held(folder):
        history = catalogue.read(folder)
        number = catalogue.before(history, catalogue.numbers(folder))
        if number is None:
            raise errors.VersionsError(
                f"There is nothing to roll back to in {folder}: no other version that is still there was "
                "promoted before the current one."
            )
        check(store, number)
        catalogue.add(folder, history, number, catalogue.ROLLED_BACK)
    return number


def _compare(
    store: str | os.PathLike,
    number: int,
    current: int | None,
    metric: str,
    allowed: float,
    higher_is_better: bool,
) -> None:
    """Refuse a version that is worse than the current one by more than is allowed."""
    candidate = _metric(store, number, metric, number)
    if current is None:
        return
    reigning = _metric(store, current, metric, number)
    _refuse_worse(number, candidate, current, reigning, metric, allowed, higher_is_better)


def _compare_measured(
    store: str | os.PathLike,
    number: int,
    current: int | None,
    measure: collections.abc.Callable[[pathlib.Path], float],
    allowed: float,
    higher_is_better: bool,
) -> None:
    """The same with numbers measured now: a publisher's word counts for nothing here."""
    candidate = arguments.real(measure(catalogue.path(store, number)), "What was measured")
    if current is not None:
        reigning = arguments.real(measure(catalogue.path(store, current)), "What was measured")
        _refuse_worse(number, candidate, current, reigning, "measured value", allowed, higher_is_better)


def _refuse_worse(
    number: int,
    candidate: float,
    current: int,
    reigning: float,
    metric: str,
    allowed: float,
    higher_is_better: bool,
) -> None:
    worse_by = reigning - candidate if higher_is_better else candidate - reigning
    if worse_by > allowed:
        raise errors.refusal(
            number,
            f"its {metric} is {candidate:.6g}, and that of version {current}, the current one, is "
            f"{reigning:.6g}. It may be worse by {allowed:g} at most.",
        )


def _metric(store: str | os.PathLike, number: int, metric: str, candidate: int) -> int | float:
    try:
        known = catalogue.side_car(store, number)["metrics"]
    except errors.VersionsError as reason:
        raise errors.refusal(
            candidate, f"it cannot be compared in {metric}. {reason} Promote without a metric, if you must."
        ) from reason
    if metric not in known:
        names = ", ".join(known) or "none"
        raise errors.refusal(
            candidate, f"it cannot be compared in {metric}. Metrics of version {number}: {names}."
        )
    return known[metric]
