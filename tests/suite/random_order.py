"""A pytest plugin for `.ci/odd`: files in a drawn order, and tests in each; a notebook keeps its own.

`-p tests.suite.random_order` draws; COURSE_ORDER=7 repeats the order of a run that said 7.
"""

import os
import pathlib
import random

import pytest

_NUMBER = os.environ.setdefault("COURSE_ORDER", str(random.SystemRandom().randrange(10_000)))


def pytest_report_header() -> str:
    """Say which order this is."""
    return f"the order of tests is COURSE_ORDER={_NUMBER}"


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Draw the order; every worker draws the same."""
    drawn = random.Random(_NUMBER)
    files: dict[pathlib.Path, list[pytest.Item]] = {}
    for item in items:
        files.setdefault(item.path, []).append(item)
    order = list(files)
    drawn.shuffle(order)
    for path in order:
        if path.suffix != ".ipynb":
            drawn.shuffle(files[path])
    items[:] = [item for path in order for item in files[path]]
