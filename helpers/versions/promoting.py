"""Promote a version, or go back: one line in one small file, after a check."""

import os

from helpers.versions import checking, errors, finding, folders, lock, record, values
import numpy


def promote(
    store: str | os.PathLike,
    number: int,
    metric: str | None = None,
    tolerance: float = 0.0,
    higher_is_better: bool = True,
) -> None:
    """Make a version the current one, if it passes its check and is not worse than the current one.

    Args:
        store: the folder of the store.
        number: the version.
        metric: the name of the metric in which it must not be worse; None compares nothing.
        tolerance: by how much it may be worse.
        higher_is_better: False for a loss.

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
    allowed = values.tolerance(tolerance)
    folder = folders.opened(store)
    with errors.spoken("Promoting a version"), lock.held(folder):
        history = record.read(folder)
        number = int(finding.path(store, number).name)
        checking.check(store, number)
        if number == record.current(history):
            return
        if metric is not None:
            _compare(store, number, record.current(history), metric, allowed, bool(higher_is_better))
        record.add(folder, history, number, record.PROMOTED)


def roll_back(store: str | os.PathLike) -> int:
    """Return to the version promoted before the current one, after a check; its number is returned.

    Calling it again goes further back. A version that was removed meanwhile is passed over.

    Raises:
        errors.Refused: that version fails its check; another one can be promoted instead.
        errors.VersionsError: there is no version to go back to, or it cannot be written.
    """
    folder = folders.opened(store)
    with errors.spoken("Rolling back"), lock.held(folder):
        history = record.read(folder)
        number = record.before(history, folders.numbers(folder))
        if number is None:
            raise errors.VersionsError(
                f"There is nothing to roll back to in {folder}: no other version that is still there was "
                "promoted before the current one."
            )
        checking.check(store, number)
        record.add(folder, history, number, record.ROLLED_BACK)
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
    worse_by = reigning - candidate if higher_is_better else candidate - reigning
    if worse_by > allowed:
        raise errors.refusal(
            number,
            f"its {metric} is {candidate:.6g}, and that of version {current}, the current one, is "
            f"{reigning:.6g}. It may be worse by {allowed:g} at most.",
        )


def _metric(store: str | os.PathLike, number: int, metric: str, candidate: int) -> int | float:
    try:
        known = finding.side_car(store, number)["metrics"]
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
