"""`author benchmark`: measures lessons, test suite, fresh processes, disk and memory on this machine."""

import argparse
import dataclasses
import json
import pathlib

from helpers.authoring import course, execute, goals, report
from helpers.authoring.measure import cells, figures, proofs, questions, sizes, suite


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of `author benchmark` to a parser."""
    parser.add_argument(
        "--json", type=pathlib.Path, metavar="FILE", help="write the figures to a file as well"
    )


def run(arguments: argparse.Namespace) -> int:
    """Run `author benchmark`; returns 1 if something failed. A goal that is not met is no failure."""
    measured = measure(course.Course())
    print(report.text(measured))
    if arguments.json:
        arguments.json.write_text(json.dumps(as_data(measured), indent=1) + "\n", encoding="utf-8")
    return 1 if measured.failures else 0


def measure(whole: course.Course) -> figures.Figures:
    """Measure everything, one thing after the other, so that none measures its neighbour. Takes minutes."""
    machine, failures = report.machine(), []

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
    asked = questions.time_questions()
    memory = attempt(sizes.kernel, execute.Failed)
    return figures.Figures(machine, notebooks, tests, fresh, asked, sizes.environment(), memory, failures)


def as_data(measured: figures.Figures) -> dict[str, object]:
    """The figures for a JSON file: everything measured, what follows from it, and the goals."""
    judged = [dataclasses.asdict(goal) | {"met": goal.met} for goal in goals.judge(measured)]
    derived = {
        "floor": measured.suite.floor,
        "bound": measured.suite.bound,
        "ratio": measured.suite.ratio,
    }
    return {**dataclasses.asdict(measured), "derived": derived, "goals": judged}
