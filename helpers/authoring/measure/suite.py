"""How long the test suite takes over the notebooks, against what it cannot be faster than."""

import collections.abc
import dataclasses
import math
import statistics
import sys
import time

from helpers.authoring.measure import resources
from helpers.authoring.notebooks import course
from helpers.core import processes

from tests.suite import kernel_provisioner

IMPORT = "import time; start = time.perf_counter(); import tensorflow; print(time.perf_counter() - start)"


@dataclasses.dataclass(frozen=True)
class Suite:
    """One run over the notebooks, and one over everything. Seconds.

    `compute` is the sum over all cells, as if one followed the other; `whole` is None if it was not run or
    failed; `kinds` says how the kernels were started, plain or forked. The floor is that of plain kernels.
    """

    wall: float
    kernels: int
    cores: int
    tensorflow_import: float
    compute: float
    failure: str = ""
    whole: float | None = None
    kinds: str = "plain"

    @property
    def floor(self) -> float:
        """The imports alone, spread over the cores."""
        return self.kernels * self.tensorflow_import / self.cores

    @property
    def bound(self) -> float:
        """Imports and the cells' own work, both spread over the cores."""
        return self.floor + self.compute / self.cores

    @property
    def ratio(self) -> float:
        """How many times as long as imports and the cells' own work, spread over the cores."""
        return (
            self.wall / self.bound if self.bound else math.inf
        )  # without notebooks there is nothing to compare


def time_suite(whole: course.Course, compute: float) -> Suite:
    """Run the tests of the notebooks, then all tests, as the README does.

    Args:
        whole: the course.
        compute: seconds of the cells' own work, measured before.
    """
    tensorflow_import = time_import()
    wall, failure = _time_tests(whole, course.FOLDERS)
    everything, failed = _time_tests(whole, ())
    return Suite(
        wall,
        len(whole.found()),
        resources.cores(),
        tensorflow_import,
        compute,
        failure or failed,
        None if failed else everything,
        kernel_provisioner.wanted(),
    )


def _time_tests(whole: course.Course, chosen: collections.abc.Iterable[str]) -> tuple[float, str]:
    """Seconds of a run of pytest, and a line about its failure; empty if there is none."""
    started = time.perf_counter()
    run = processes.run_program(sys.executable, "-m", "pytest", "-q", *chosen, cwd=whole.root)
    seconds = time.perf_counter() - started
    last = (run.stdout.strip() or run.stderr.strip() or "no output").splitlines()[-1]
    return seconds, f"pytest ended with {run.returncode}: {last}" if run.returncode else ""


def time_import() -> float:
    """Median seconds of three imports of TensorFlow, each in a new process."""

    def once() -> float:
        return float(processes.run_program(sys.executable, "-c", IMPORT, check=True).stdout)

    once()  # it writes missing bytecode, and brings the files into memory
    return statistics.median(once() for _ in range(3))
