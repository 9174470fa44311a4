"""What settles the items of lesson 13."""

import pathlib

from helpers import models
from helpers.tools import versions
from helpers.tools.serving import canary, watcher


def predict_canary(folder: pathlib.Path) -> str:
    """Let 1,000 users ask twenty times each while version 2 is a canary."""
    store = folder / "store"
    for _ in range(2):
        _publish(store)
    versions.promote(store, 1)
    canary.start_canary(store, 2, 0.1)
    keeper = watcher.Keeper(store)
    keeper.look()
    met = {user: {keeper.version(user=f"user-{user}").number for _ in range(20)} for user in range(1000)}
    assert all(len(numbers) == 1 for numbers in met.values())
    second = sum(numbers == {2} for numbers in met.values())
    assert 70 <= second <= 130
    return f"1,000 users asked 20 times each. {second} met version 2 every time, the others version 1."


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
