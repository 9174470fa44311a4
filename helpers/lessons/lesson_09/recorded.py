"""The large run, as it was recorded: how often which outcome, and on what."""

import collections
import collections.abc
import functools
import json
import pathlib
import sys
import tomllib

from helpers.lessons.lesson_09 import trials

FILE = pathlib.Path(__file__).with_name("recorded.toml")
# What `load_model(..., compile=False)` says to a .keras file with one bit of a weight flipped. The lesson's
# cell prints its own result for its own Python, so every Python that runs the tests compares one line.
BY_PYTHON = {
    "3.11": "BadZipFile - Bad CRC-32 for file 'model.weights.h5'",
    "3.12": "loads, no error",
    "3.13": "loads, no error",
}
HERE = f"{sys.version_info.major}.{sys.version_info.minor}"  # the Python that runs this
Counts = collections.Counter[tuple[str, str, str, str]]  # (experiment, way, kind, outcome)


def counted(found: collections.abc.Iterable[trials.Trial]) -> Counts:
    """How often each outcome came, by experiment, way and kind."""
    return collections.Counter((one.experiment, one.way, one.kind, one.outcome) for one in found)


@functools.cache
def record() -> dict:
    """The whole file: "run" (date, versions, system) and "counts"."""
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


def counts() -> Counts:
    """The recorded counts."""
    return collections.Counter(
        {
            (experiment, way, kind, outcome): number
            for experiment, ways in record()["counts"].items()
            for way, kinds in ways.items()
            for kind, numbers in kinds.items()
            for outcome, number in numbers.items()
        }
    )


def lost(found: Counts, group: tuple[str, str, str]) -> tuple[int, int]:
    """How many models an experiment lost with a way and a kind, and how many trials there were."""
    total = sum(number for key, number in found.items() if key[:3] == group)
    return sum(found[(*group, outcome)] for outcome in trials.LOSSES), total


def typical(experiment: str, way: str, kind: str) -> trials.Trial:
    """The most frequent recorded outcome of an experiment, as a trial that says it was recorded.

    Raises:
        LookupError: this was not recorded.
    """
    found = {key[3]: number for key, number in counts().items() if key[:3] == (experiment, way, kind)}
    if not found:
        raise LookupError(f"{experiment!r} was not recorded for {way} and {kind}.")
    return trials.Trial(experiment, way, kind, 0, max(found, key=found.__getitem__), "recorded")


def as_toml(run: dict[str, str], found: Counts) -> str:
    """The text of the file for a run; JSON's strings and numbers are TOML's too."""
    lines = [
        "# The large run of lesson 09. `uv run course --break` repeats it and says where its results are.",
        "",
        "[run]",
        *(f"{name} = {json.dumps(value)}" for name, value in run.items()),
    ]
    for group in dict.fromkeys(key[:2] for key in found):
        lines += ["", f"[counts.{json.dumps(group[0])}.{json.dumps(group[1])}]"]
        for kind in (kind for kind in trials.KINDS if any(key[:3] == (*group, kind) for key in found)):
            inner = {key[3]: number for key, number in found.items() if key[:3] == (*group, kind)}
            pairs = ", ".join(f"{json.dumps(name)} = {number}" for name, number in inner.items())
            lines.append(f"{json.dumps(kind)} = {{ {pairs} }}")
    return "\n".join(lines) + "\n"
