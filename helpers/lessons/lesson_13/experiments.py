"""What settles the items of lesson 13."""

import collections
import pathlib

from helpers import models
from helpers.tools import versions
from helpers.tools.serving import watcher
import numpy

_ROW = numpy.zeros((1, 64), "float32")


def predict_gap(folder: pathlib.Path) -> str:
    """Ask without a pause while version 2 is published, promoted and loaded."""
    store = folder / "store"
    _publish(store)
    versions.promote(store, 1)
    keeper = watcher.Keeper(store, seconds=0.05)
    keeper.start()
    answered: collections.Counter[int] = collections.Counter()

    def ask() -> int:
        version = keeper.version()
        assert numpy.isfinite(version.predict(_ROW)).all()
        answered[version.number] += 1
        return version.number

    try:
        assert ask() == 1
        _publish(store)
        versions.promote(store, 2)
        while ask() == 1:
            assert answered[1] < 1_000_000
    finally:
        keeper.stop()
    return f"{answered.total()} requests, each answered: {answered[1]} by version 1, then version 2."


def myth_highest(folder: pathlib.Path) -> str:
    """Look which version answers when the highest is not the promoted one."""
    store = folder / "store"
    for _ in range(2):
        _publish(store)
    versions.promote(store, 1)
    keeper = watcher.Keeper(store)
    keeper.look()
    ready = sorted(number for number, state, _ in keeper.states() if state == watcher.AVAILABLE)
    assert ready == [1, 2]
    assert keeper.version().number == 1
    return "Versions 1 and 2 are loaded and ready. Version 1 is promoted, and answers."


def _publish(store: pathlib.Path) -> None:
    with versions.publish(store) as draft:
        models.sequential().export(draft.folder, verbose=False)
