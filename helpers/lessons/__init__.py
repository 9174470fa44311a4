"""One folder a lesson: its words (`en.toml`), judges, experiments, and whatever only this lesson needs.

Quiz item "02.predict.optimizer" is settled by `predict_optimizer` in `lesson_02/experiments.py`. Such a
function gets an empty folder, runs the experiment on the installed TensorFlow, asserts what the item claims,
and returns a line that says what it saw. Exercise "02.3" is judged by `task_3` in `lesson_02/judges.py`,
which gets the learner's values and returns a `judgement.Verdict`. Nobody else knows where a lesson's parts
lie.
"""

import collections.abc
import importlib
import inspect
import pathlib
import tempfile
import types

from helpers.lessons import judgement

Evidence = collections.abc.Callable[[pathlib.Path], str]


def find(identifier: str) -> Evidence:
    """The function that settles a quiz item such as "02.predict.optimizer".

    Raises:
        AttributeError, ImportError: there is none.
    """
    lesson, kind, word = identifier.split(".")
    return getattr(_part(lesson, "experiments"), f"{kind}_{word}")


def judge(identifier: str) -> collections.abc.Callable[..., judgement.Verdict]:
    """The function that judges an exercise such as "02.3".

    Raises:
        AttributeError, ImportError: there is none.
    """
    lesson, task = identifier.split(".")
    return getattr(_part(lesson, "judges"), f"task_{task}")


def _part(lesson: str, name: str) -> types.ModuleType:
    return importlib.import_module(f"{__name__}.lesson_{lesson}.{name}")


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
