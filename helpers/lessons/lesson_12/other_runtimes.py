"""Asks a model that has left Python: through a C program built here, or a JavaScript file run by Node.js.

`data/driver.c` and `data/driver.js` read the rows, ask the function `forward`, and write what it answers.
Where this machine has no compiler or no Node.js there is nothing to ask, and `recorded` says what such a
program answered elsewhere.
"""

import collections.abc
import json
import os
import pathlib
import shutil
import subprocess

import numpy

_DATA = pathlib.Path(__file__).parent
RECORD = _DATA / "averages_outside.json"
UNFIT = 4  # the exit code of a `forward` in C that refuses what the file of weights says
Ask = collections.abc.Callable[..., tuple[numpy.ndarray, float]]


def c(source: str) -> Ask | None:
    """A way to ask the function `forward` of a C file, built beside it; None where no compiler can build it.

    It is called with a file of weights, rows of float32 (rows, 64) and how often to answer each row, and
    returns the answers, float32 (rows, 10), and the seconds that one answer takes.
    """
    compiler = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
    program = pathlib.Path(source).with_suffix(".exe" if os.name == "nt" else "").resolve()
    try:
        build = [compiler or "cc", "-O2", source, str(_DATA / "driver.c"), "-o", str(program), "-lm"]
        subprocess.run(build, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    return lambda weights, rows, times=1: _ask([str(program), weights, str(times)], rows)


def javascript(source: str) -> Ask | None:
    """The same for a JavaScript file with a function `forward`; None where there is no Node.js."""
    node = shutil.which("node")
    if not node:
        return None
    start = [node, str(_DATA / "driver.js"), source]
    return lambda weights, rows, times=1: _ask([*start, weights, str(times)], rows)


def refusal(program: Ask, weights: str) -> str:
    """What a program says of a file of weights: why it refused it, or that it answered."""
    try:
        program(weights, numpy.zeros((1, 64), "float32"))
    except RuntimeError as error:
        return str(error)
    return "answered"


def recorded(language: str) -> numpy.ndarray:
    """What the lesson's program in "C" or "JavaScript" answered elsewhere: float32 (10, 10).

    It was asked for the first test images, with the weights of `helpers.averages`. The file says where.
    """
    return numpy.array(json.loads(RECORD.read_text(encoding="utf-8"))[language]["answers"], dtype="float32")


def _ask(command: list[str], rows: numpy.ndarray) -> tuple[numpy.ndarray, float]:
    """Run a program on rows; returns its answers and the seconds a row.

    Raises:
        RuntimeError: the program refused; the text holds its exit code.
    """
    done = subprocess.run(command, input=numpy.float32(rows).tobytes(), capture_output=True)
    if done.returncode:
        name = pathlib.Path(command[0]).name
        if done.returncode == UNFIT:
            raise RuntimeError(f"{name} refused the weights: their sizes do not fit the program.")
        raise RuntimeError(f"{name} ended with {done.returncode}. Are the weights there?")
    return numpy.frombuffer(done.stdout, "float32").reshape(len(rows), -1), float(done.stderr)
