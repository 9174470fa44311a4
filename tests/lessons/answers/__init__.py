"""Answers that learners give, for each check: the wrong ones with the mistake they are told, and right ones.

Each code runs after the set-up and given cells of the solution; the expression is what `check` gets. The
pitfalls of the articles are among them: weights without the model, an export that shall train, a folder.

WRONG: exercise -> [(code, expression, mistake)]; RIGHT: exercise -> [(code, expression)], other ways than
the solution's.
"""

import importlib
import pathlib

WRONG: dict[str, list[tuple[str, str, str]]] = {}
RIGHT: dict[str, list[tuple[str, str]]] = {}
for _path in sorted(pathlib.Path(__file__).parent.glob("lesson_*.py")):
    _lesson = importlib.import_module(f"tests.lessons.answers.{_path.stem}")
    WRONG |= _lesson.WRONG
    RIGHT |= _lesson.RIGHT
