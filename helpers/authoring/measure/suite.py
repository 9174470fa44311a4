"""How long the test suite takes over the notebooks, against what it cannot be faster than."""

import dataclasses
import math
import statistics
import subprocess
import sys
import time

from helpers.authoring import course, resources

IMPORT = "import time; start = time.perf_counter(); import tensorflow; print(time.perf_counter() - start)"


@dataclasses.dataclass(frozen=True)
class Suite:
    """One run of the suite. Seconds; `compute` is the sum over all cells, as if one followed the other."""

    wall: float
    kernels: int
    cores: int
    tensorflow_import: float
    compute: float
    failure: str = ""

    @property
    def floor(self) -> float:
        """The imports alone, spread over the cores."""
        return self.kernels * self.tensorflow_import / self.cores

    @property
    def ratio(self) -> float:
        """How many times as long as imports and the cells' own work, spread over the cores."""
        least = self.floor + self.compute / self.cores
        return self.wall / least if least else math.inf  # without notebooks there is nothing to compare


def time_suite(whole: course.Course, compute: float) -> Suite:
    """Run the tests of the notebooks as the README does.

    Args:
        whole: the course.
        compute: seconds of the cells' own work, measured before.
    """
    tensorflow_import = time_import()
    command = [sys.executable, "-m", "pytest", "-q", *course.FOLDERS]
    started = time.perf_counter()
    run = subprocess.run(command, cwd=whole.root, capture_output=True, text=True, check=False)
    wall = time.perf_counter() - started
    last = (run.stdout.strip() or run.stderr.strip() or "no output").splitlines()[-1]
    failure = f"pytest ended with {run.returncode}: {last}" if run.returncode else ""
    return Suite(wall, len(whole.found()), resources.cores(), tensorflow_import, compute, failure)


def time_import() -> float:
    """Median seconds of three imports of TensorFlow, each in a new process."""

    def once() -> float:
        run = subprocess.run([sys.executable, "-c", IMPORT], capture_output=True, text=True, check=True)
        return float(run.stdout)

    once()  # it writes missing bytecode, and brings the files into memory
    return statistics.median(once() for _ in range(3))
