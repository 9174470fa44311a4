"""`author benchmark`: measures lessons, test suite, fresh processes, disk and memory on this machine."""

import argparse
import dataclasses
import importlib.metadata
import json
import os
import pathlib
import platform

from helpers.authoring.measure import cells, figures, proofs, questions, resources, sizes, suite
from helpers.authoring.notebooks import course, execute

# The goals of the benchmark, and whether what was measured meets them.


LESSON_SECONDS = 20.0
LATE_LESSON_SECONDS = 30.0  # part two trains, kills and damages more
CELL_SECONDS = 5.0
SUITE_RATIO = 1.25
SUITE_SECONDS = 600.0
WHOLE_SECONDS = 600.0
PROOF_SECONDS = 0.5
DECK_SECONDS = 2.0
COMMIT_SECONDS = 0.1


@dataclasses.dataclass(frozen=True)
class Goal:
    """One goal: `value` must be at most `limit`. Without a value it is not met."""

    name: str
    value: float | None
    limit: float
    where: str = ""

    @property
    def met(self) -> bool:
        """Whether it was measured and is within the limit."""
        return self.value is not None and self.value <= self.limit

    def __str__(self) -> str:
        verdict = "met    " if self.met else "NOT MET"
        value = "not measured" if self.value is None else f"{self.value:.2f}"
        return f"{verdict}  {self.name}: {value}, at most {self.limit:g}{self.where}"


def judge(measured: figures.Figures) -> list[Goal]:
    """The goals with what was measured. A lesson or a suite that failed has no time."""
    lessons = measured.lessons
    ran = bool(lessons) and not any(timing.failure for timing in lessons)
    early = [timing for timing in lessons if not _late(timing.place)]
    late = [timing for timing in lessons if _late(timing.place)]
    slowest = max(lessons, key=lambda timing: timing.slowest[1], default=None)
    return [
        _longest("seconds of a lesson's cells", early, ran, LESSON_SECONDS),
        *(
            [_longest("seconds of a lesson's cells, part two", late, ran, LATE_LESSON_SECONDS)]
            if late
            else []
        ),
        Goal(
            "seconds of a cell",
            slowest.slowest[1] if ran else None,
            CELL_SECONDS,
            f" ({slowest.place}#{slowest.slowest[0]})" if ran else "",
        ),
        Goal(
            "test suite, times imports plus cells",
            None if measured.suite.failure else measured.suite.ratio,
            SUITE_RATIO,
        ),
        Goal(
            "seconds of the test suite over all lessons",
            None if measured.suite.failure else measured.suite.wall,
            SUITE_SECONDS,
        ),
        Goal("seconds of the whole test suite", measured.suite.whole, WHOLE_SECONDS),
        Goal("median seconds of a %%fresh cell", measured.proofs and measured.proofs.median, PROOF_SECONDS),
        Goal("seconds to open the deck", measured.questions and measured.questions.opening, DECK_SECONDS),
        Goal("seconds to answer a commit", measured.questions and measured.questions.commit, COMMIT_SECONDS),
    ]


def _late(place: str) -> bool:
    number = pathlib.PurePosixPath(place).name.split("_")[0]
    return number.isdecimal() and int(number) > course.LAST_OF_PART_ONE


def _longest(name: str, lessons: list[cells.Timing], ran: bool, limit: float) -> Goal:
    longest = max(lessons, key=lambda timing: timing.total, default=None)
    if not ran or longest is None:
        return Goal(name, None, limit)
    return Goal(name, longest.total, limit, f" ({longest.place})")


# What `author benchmark` says: the figures, and for each goal whether it is met.


def machine_line() -> str:
    """One line on where the figures come from, taken before the measuring makes the machine busy."""
    parts = [f"{platform.system()} {platform.machine()}", f"{resources.cores()} cores"]
    parts.append(f"{resources.free_memory() / 1e9:.1f} GB free")
    if hasattr(os, "getloadavg"):
        parts.append(f"load {os.getloadavg()[0]:.1f}")  # the figures of a busy machine are upper bounds
    parts.append(f"Python {platform.python_version()}")
    parts += [f"{name} {importlib.metadata.version(name)}" for name in ("tensorflow", "keras")]
    return " · ".join(parts)


def text(measured: figures.Figures) -> str:
    """Every figure and every goal, in lines."""
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
    lines += ["", "Goals:", *(f"  {goal}" for goal in judge(measured))]
    return "\n".join([*lines, *(["", "Failed:"] if measured.failures else []), *measured.failures])


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of `author benchmark` to a parser."""
    parser.add_argument(
        "--json", type=pathlib.Path, metavar="FILE", help="write the figures to a file as well"
    )


def run(arguments: argparse.Namespace) -> int:
    """Run `author benchmark`; returns 1 if something failed. A goal that is not met is no failure."""
    measured = measure(course.Course())
    print(text(measured))
    if arguments.json:
        arguments.json.write_text(json.dumps(as_data(measured), indent=1) + "\n", encoding="utf-8")
    return 1 if measured.failures else 0


def measure(whole: course.Course) -> figures.Figures:
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
    judged = [dataclasses.asdict(goal) | {"met": goal.met} for goal in judge(measured)]
    derived = {
        "floor": measured.suite.floor,
        "bound": measured.suite.bound,
        "ratio": measured.suite.ratio,
    }
    return {**dataclasses.asdict(measured), "derived": derived, "goals": judged}
