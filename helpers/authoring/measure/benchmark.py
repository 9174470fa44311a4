"""`author benchmark`: measures lessons, test suite, fresh processes, disk and memory on this machine."""

import argparse
import dataclasses
import importlib.metadata
import os
import platform

from helpers.authoring.measure import resources, sizes, suite, timings
from helpers.authoring.notebooks import course, execute


@dataclasses.dataclass(frozen=True)
class Figures:
    """Everything that was measured; a part that could not be measured is None, and `failures` says why."""

    machine: str
    notebooks: list[timings.Timing]
    suite: suite.Suite
    proofs: timings.Proofs | None
    questions: timings.Questions | None
    environment: float
    memory: sizes.Memory | None
    failures: list[str]


def machine_line() -> str:
    """One line on where the figures come from, taken before the measuring makes the machine busy."""
    parts = [f"{platform.system()} {platform.machine()}", f"{resources.cores()} cores"]
    parts.append(f"{resources.free_memory() / 1e9:.1f} GB free")
    if hasattr(os, "getloadavg"):
        parts.append(f"load {os.getloadavg()[0]:.1f}")  # the figures of a busy machine are upper bounds
    parts.append(f"Python {platform.python_version()}")
    parts += [f"{name} {importlib.metadata.version(name)}" for name in ("tensorflow", "keras")]
    return " · ".join(parts)


def text(measured: Figures) -> str:
    """Every figure, in lines."""
    lines = [measured.machine, "", "Seconds of the cells, each notebook in a kernel of its own:"]
    for timing in measured.notebooks:
        name, seconds = timing.slowest
        lines.append(f"  {timing.place:<42} {timing.total:6.2f}   slowest {name} {seconds:.2f}")
    one = measured.suite
    lines += [
        "",
        f"Test suite over the notebooks: {one.wall:.1f} s, with {one.kinds} kernels",
        f"  floor {one.floor:.1f} s: {one.kernels} times {one.tensorflow_import:.2f} s on {one.cores} cores",
        f"  cells {one.compute / one.cores:.1f} s: {one.compute:.1f} s of work on {one.cores} cores",
        f"  {one.ratio:.2f} times the sum of both, {one.bound:.1f} s",
        f"Whole test suite: {one.whole:.1f} s" if one.whole is not None else "Whole test suite: not measured",
    ]
    if measured.proofs:
        first, warm = measured.proofs.first, measured.proofs.warm
        lines += [
            "",
            f"%%fresh cells that load a model and ask it, {len(warm)} of them:",
            f"  median {measured.proofs.median:.2f} s, slowest {max(warm):.2f} s (cold: {first:.2f} s)",
        ]
    if asked := measured.questions:
        lines += ["", f"A deck of {asked.items} questions opens in {asked.opening:.2f} s, "]
        lines[-1] += f"the slowest answer to a commit takes {1000 * asked.commit:.0f} ms"
    lines += ["", f"Environment: {measured.environment:.0f} MB"]
    if measured.memory:
        resident, private = measured.memory.resident, measured.memory.private
        lines.append(f"A kernel with TensorFlow: {resident:.0f} MB, {private:.0f} MB of it its own")
    return "\n".join([*lines, *(["", "Failed:"] if measured.failures else []), *measured.failures])


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """It takes none."""


def run(arguments: argparse.Namespace) -> int:
    """Run `author benchmark`; returns 1 if something failed."""
    measured = measure(course.Course())
    print(text(measured))
    return 1 if measured.failures else 0


def measure(whole: course.Course) -> Figures:
    """Measure everything, one thing after the other, so that none measures its neighbour. Takes minutes."""
    machine, failures = machine_line(), []

    def attempt(step, failed):
        """The figures of one step, or None and a line that says why there are none."""
        try:
            return step()
        except failed as error:
            failures.append(f"  {error}")
            return None

    print(
        "Measuring: cells, test suite, fresh processes, sizes. Leave the machine alone meanwhile.", flush=True
    )
    notebooks = timings.time_all(whole)
    failures += [f"  {timing.failure}" for timing in notebooks if timing.failure]
    tests = suite.time_suite(whole, sum(timing.compute for timing in notebooks))
    failures += [f"  {tests.failure}"] if tests.failure else []
    fresh = attempt(timings.time_proofs, timings.Failed)
    asked = timings.time_questions()
    memory = attempt(sizes.kernel, execute.Failed)
    return Figures(machine, notebooks, tests, fresh, asked, sizes.environment(), memory, failures)
