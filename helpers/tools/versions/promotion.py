"""Promote a version, or go back: one line in one small file, after a check."""

import collections.abc
import contextlib
import os
import pathlib
import typing

from helpers.tools.versions import arguments, catalogue, disk, errors, golden_batch, sidecar
import numpy

_ROUNDING = 1e-9  # 57/60 - 54/60 is a little less than 3/60, and nobody means that

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


class _Rule(typing.NamedTuple):
    """What a version has to reach, and beside whom; `name` is what a refusal calls the number compared."""

    name: str
    tolerance: float
    margin: float
    floor: float | None
    higher_is_better: bool


def promote(
    store: str | os.PathLike,
    number: int,
    metric: str | None = None,
    tolerance: float = 0.0,
    higher_is_better: bool = True,
    measure: collections.abc.Callable[[pathlib.Path], float] | None = None,
    margin: float = 0.0,
    floor: float | None = None,
) -> None:
    """Make a version the current one, if it passes its check and holds beside the best one promoted so far.

    The best one, not the current one: otherwise a tolerance is a staircase, and each version may be a little
    worse than the one before. Versions that were taken back do not count, and those that `keep` removed
    cannot; a floor stays.

    Args:
        store: the folder of the store.
        number: the version.
        metric: the name of the metric to compare; None compares nothing.
        tolerance: by how much it may be worse than the best one promoted.
        higher_is_better: False for a loss.
        measure: takes the folder of a version and returns a number to compare, measured now, in place of the
            metric that its publisher wrote down. It is asked after the check, about every version compared.
        margin: by how much it has to be better than the best one promoted, in place of a tolerance. Make it
            larger than the differences that chance alone makes.
        floor: the value it has to reach whatever others have; for a loss, the value it must not exceed.

    Promoting the current version checks it and changes nothing. A service asks `path(store, "current")`;
    TensorFlow Serving serves the highest number, unless its model_version_policy names the promoted one.

    Raises:
        errors.Refused: the version fails its check, is not good enough, or does not have that metric.
        errors.VersionsError: an argument is odd, there is no such version, or it cannot be written.
    """
    if measure is not None and (metric is not None or not callable(measure)):
        raise errors.VersionsError(
            "measure is a function of a version's folder, in place of a metric; got "
            f"measure={errors.shown(measure)} and metric={errors.shown(metric)}."
        )
    rule = _rule(metric, tolerance, margin, floor, higher_is_better, compares=bool(metric or measure))
    folder = catalogue.opened(store)
    with errors.spoken("Promoting a version"), disk.held(folder):
        history = catalogue.read(folder)
        number = int(catalogue.path(store, number).name)
        check(store, number)
        if number == catalogue.last_number(history):
            return
        if metric is not None or measure is not None:
            _compare(folder, number, history, measure, rule)
        catalogue.add(folder, history, number, catalogue.PROMOTED)


def _rule(
    metric: object,
    tolerance: object,
    margin: object,
    floor: object,
    higher_is_better: object,
    compares: bool,
) -> _Rule:
    """The arguments of a comparison, checked before anything is read."""
    if metric is not None and not isinstance(metric, str):
        raise errors.VersionsError(f'A metric has a name such as "accuracy"; got {errors.shown(metric)}.')
    if not isinstance(higher_is_better, bool | numpy.bool_):
        raise errors.VersionsError(
            f"higher_is_better is True or False, not {errors.shown(higher_is_better)}."
        )
    allowed, wanted = arguments.tolerance(tolerance), arguments.tolerance(margin, "A margin")
    if allowed and wanted:
        raise errors.VersionsError(
            f"A version may be worse by a tolerance, or has to be better by a margin; got {allowed:g} and "
            f"{wanted:g}. Leave one out."
        )
    least = None if floor is None else float(arguments.real(floor, "A floor"))
    if (wanted or least is not None) and not compares:
        raise errors.VersionsError("A margin or a floor needs a number to compare. Add a metric or measure.")
    return _Rule(metric or "measured value", allowed, wanted, least, bool(higher_is_better))


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
    store: pathlib.Path,
    number: int,
    history: list[catalogue.Promotion],
    measure: collections.abc.Callable[[pathlib.Path], float] | None,
    rule: _Rule,
) -> None:
    """Refuse a version that misses the floor, or does not hold beside the best one promoted."""

    def value(one: int) -> int | float:
        if measure is None:
            return _metric(store, one, rule.name, number)
        return arguments.real(measure(catalogue.path(store, one)), "What was measured")

    sign = 1 if rule.higher_is_better else -1
    candidate, current = value(number), catalogue.last_number(history)
    if rule.floor is not None and sign * (rule.floor - candidate) > _ROUNDING:
        wanted = "at least" if rule.higher_is_better else "at most"
        raise errors.refusal(
            number, f"its {rule.name} is {candidate:.6g}, and the floor is {wanted} {rule.floor:.6g}."
        )
    if current is None:
        return
    best, reigning = current, value(current)
    for one in _promoted_before(store, history, number):
        # What an earlier publisher did not measure cannot be compared; what is damaged is not loaded.
        with contextlib.suppress(errors.Refused):
            if measure is not None:
                _check_files(store / str(one), sidecar.read(store / str(one))["files"])
            if sign * (value(one) - reigning) > 0:
                best, reigning = one, value(one)
    if sign * (reigning - candidate) > rule.tolerance - rule.margin + _ROUNDING:
        which = "the current one" if best == current else "the best one promoted so far"
        demand = "It may be worse by {:g} at most." if not rule.margin else "It has to be better by {:g}."
        raise errors.refusal(
            number,
            f"its {rule.name} is {candidate:.6g}, and that of version {best}, {which}, is {reigning:.6g}. "
            + demand.format(rule.margin or rule.tolerance),
        )


def _promoted_before(store: pathlib.Path, history: list[catalogue.Promotion], number: int) -> list[int]:
    """The versions still there that led to the current one, without it and without the candidate."""
    aside = {number, catalogue.last_number(history)}
    present = set(catalogue.numbers(store))
    return sorted({one for one in catalogue.line(history) if one in present} - aside)


def _metric(store: pathlib.Path, number: int, metric: str, candidate: int) -> int | float:
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
