"""What settles each quiz item, on the TensorFlow that is installed.

Item "02.predict.optimizer" is settled by `predict_optimizer` in `lesson_02.py`, item "02.deck.suffix", which
only the deck asks, by `suffix` in `deck_02.py`. Such a function gets an empty folder, runs the experiment,
asserts what the item claims, and returns a line that says what it saw.
"""

import collections.abc
import importlib
import inspect
import pathlib
import tempfile

Evidence = collections.abc.Callable[[pathlib.Path], str]


def find(identifier: str) -> Evidence:
    """The function that settles an item.

    Raises:
        AttributeError, ImportError: there is none.
    """
    lesson, kind, word = identifier.split(".")
    module, function = (f"deck_{lesson}", word) if kind == "deck" else (f"lesson_{lesson}", f"{kind}_{word}")
    return getattr(importlib.import_module(f"helpers.evidence.{module}"), function)


def code(identifier: str) -> str:
    """The text of that function, for a learner who wants to see what ran."""
    return inspect.getsource(find(identifier))


def run(identifier: str) -> str:
    """Run the experiment in a folder that is gone afterwards, and return what it saw.

    Raises:
        AssertionError: the item's claim does not hold here.
    """
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        return find(identifier)(pathlib.Path(folder))
