"""`author benchmark`: measures lessons, test suite, fresh processes, disk and memory on this machine."""

import argparse
import dataclasses
import json
import pathlib

from helpers.authoring import course, execute, report
from helpers.authoring.measure import cells, proofs, sizes, suite


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of `author benchmark` to a parser."""
    parser.add_argument(
        "--json", type=pathlib.Path, metavar="FILE", help="write the figures to a file as well"
    )


def run(arguments: argparse.Namespace) -> int:
    """Run `author benchmark`; returns 1 if something failed. A goal that is not met is no failure."""
    figures = measure(course.Course())
    print(report.text(figures))
    if arguments.json:
        arguments.json.write_text(json.dumps(as_data(figures), indent=1) + "\n", encoding="utf-8")
    return 1 if figures.failures else 0


def measure(whole: course.Course) -> report.Figures:
    """Measure everything, one thing after the other, so that nothing measures its neighbour. Takes minutes."""
    failures = []

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
    notebooks = cells.time_all(whole)
    failures += [f"  {timing.failure}" for timing in notebooks if timing.failure]
    tests = suite.time_suite(whole, sum(timing.compute for timing in notebooks))
    failures += [f"  {tests.failure}"] if tests.failure else []
    fresh = attempt(proofs.time_proofs, proofs.Failed)
    memory = attempt(sizes.kernel, execute.Failed)
    return report.Figures(notebooks, tests, fresh, sizes.environment(), memory, failures)


def as_data(figures: report.Figures) -> dict[str, object]:
    """The figures for a JSON file: everything measured, what follows from it, and the goals."""
    goals = [dataclasses.asdict(goal) | {"met": goal.met} for goal in report.goals(figures)]
    derived = {"floor": figures.suite.floor, "ratio": figures.suite.ratio}
    return {"machine": report.machine(), **dataclasses.asdict(figures), "derived": derived, "goals": goals}
