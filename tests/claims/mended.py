"""Run an experiment where a fault of the library is mended, in a process of its own."""

import collections.abc
import functools
import pathlib
import pkgutil

from helpers import lessons
from helpers.core import processes

REPAIRS = pathlib.Path(__file__).parent / "fault_repairs"
_TIME_LIMIT = 300.0  # seconds; an experiment may wait for processes of its own


def seen(name: str, experiment: str) -> str:
    """What the experiment finds in place of what it expects; "" where it finds that.

    Args:
        name: the file of `fault_repairs/` that mends the fault.
        experiment: the id of the quiz item that the experiment settles.

    Raises:
        AssertionError: the experiment came to no finding; the text says why.
    """
    repair = (REPAIRS / f"{name}.py").read_text(encoding="utf-8")
    result = processes.call(_found, repair, experiment, timeout=_TIME_LIMIT)
    assert result.answer is not None, result.error or result.crash or f"{experiment} did not end"
    return result.answer


def _found(repair: str, experiment: str) -> str:
    _mend(repair)
    # What an experiment calls in a process of its own, to have two devices there, is mended there too.
    processes.call = functools.partial(_call, processes.call, repair)
    try:
        lessons.run(experiment)
    except AssertionError as error:
        return str(error) or "an assertion without a text"
    return ""


def _mend(repair: str) -> None:
    exec(compile(repair, "the repair", "exec"), {"__name__": "repair"})


def _call(
    call: collections.abc.Callable[..., processes.Result],
    repair: str,
    function: collections.abc.Callable[..., object],
    *arguments: object,
    **options: object,
) -> processes.Result:
    """As `processes.call`, after the repair."""
    name = f"{function.__module__}:{function.__qualname__}"
    return call(_after_repair, repair, name, list(arguments), **options)


def _after_repair(repair: str, name: str, arguments: list[object]) -> object:
    _mend(repair)
    return pkgutil.resolve_name(name)(*arguments)
