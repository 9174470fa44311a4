"""Two savers and one name: in the middle of one save another begins, and ends, at the same path.

The second stands for another process. It runs in a thread and has another process number, so that a
temporary name made of that number differs, as it would there. No race decides what happens.
"""

import collections.abc
import os
import pathlib
import tempfile
import threading
import typing
import unittest.mock

from helpers import models
from helpers.lessons import judgement
from helpers.lessons.lesson_09 import witness
import keras

PATIENCE = 30.0  # seconds; a second saver that waits for the first with a lock is let wait
Save = collections.abc.Callable[[keras.Model, pathlib.Path], object]


class Left(typing.NamedTuple):
    """What two savers left, `lies` in words, and what was raised: the class of an error, or ""."""

    lies: str
    raised: str


FIRST, SECOND, NOTHING = "the first saver's model", "the second saver's model", "no whole model"


def meet(save: Save) -> Left:
    """Let `save(model, path)` be overtaken by itself, in a folder of the current one, gone afterwards."""
    with tempfile.TemporaryDirectory(dir=".") as folder:
        path = pathlib.Path(folder, "model.keras").resolve()
        models.sequential(1).save(path)
        other, raised = models.sequential(2), []

        def attempt(model: keras.Model) -> None:
            try:
                save(model, path)
            except Exception as error:  # whatever two savers do to each other
                raised.append(type(error).__name__)

        second = threading.Thread(target=attempt, args=(other,), daemon=True)

        own_number = os.getpid()

        def number() -> int:
            # Only the second saver is another process. A kernel that printed meanwhile would take itself
            # for a forked child, and lose what it prints.
            return own_number + (threading.current_thread() is second)

        def overtake() -> None:
            if second.ident is None:
                with unittest.mock.patch.object(os, "getpid", number):
                    second.start()
                    second.join(PATIENCE)

        first = witness.model(path, meanwhile=overtake)
        attempt(first)
        if second.ident is not None:
            second.join(PATIENCE)
        return Left(_lies(path, first, other), raised[0] if raised else "")


def _lies(path: pathlib.Path, first: keras.Model, second: keras.Model) -> str:
    try:
        loaded = keras.models.load_model(path)
    except Exception:  # whatever a damaged file can raise
        return NOTHING
    for name, model in ((FIRST, first), (SECOND, second)):
        if judgement.weight_difference(loaded, model) == 0:
            return name
    return NOTHING
