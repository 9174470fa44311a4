"""Run an experiment where a fault of the library is mended, in a process of its own."""

import pathlib

from helpers import lessons
from helpers.core import processes

REPAIRS = pathlib.Path(__file__).parent / "fault_repairs"


def seen(name: str, experiment: str) -> str:
    """What the experiment finds in place of what it expects; "" where it finds that.

    Args:
        name: the file of `fault_repairs/` that mends the fault.
        experiment: the id of the quiz item that the experiment settles.

    Raises:
        AssertionError: the experiment came to no finding; the text says why.
    """
    result = processes.call(_found, (REPAIRS / f"{name}.py").read_text(encoding="utf-8"), experiment)
    assert result.answer is not None, result.error or result.crash or f"{experiment} did not end"
    return result.answer


def _found(repair: str, experiment: str) -> str:
    exec(compile(repair, "the repair", "exec"), {"__name__": "repair"})
    try:
        lessons.run(experiment)
    except AssertionError as error:
        return str(error) or "an assertion without a text"
    return ""
