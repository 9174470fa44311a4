"""What `author benchmark` says: the figures, and for each goal whether it is met."""

import dataclasses
import importlib.metadata
import platform

from helpers.authoring import resources
from helpers.authoring.measure import cells, proofs, sizes, suite

LESSON_SECONDS = 20.0
CELL_SECONDS = 5.0
SUITE_RATIO = 1.25
PROOF_SECONDS = 0.5


@dataclasses.dataclass(frozen=True)
class Figures:
    """Everything that was measured; a part that could not be measured is None, and `failures` says why."""

    notebooks: list[cells.Timing]
    suite: suite.Suite
    proofs: proofs.Proofs | None
    environment: float
    memory: sizes.Memory | None
    failures: list[str]

    @property
    def lessons(self) -> list[cells.Timing]:
        """The notebooks of the first folder: what learners run from top to bottom."""
        return [timing for timing in self.notebooks if timing.place.startswith("notebooks/")]


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
        value = "not measured" if self.value is None else f"{self.value:.2f}"
        return f"{'met    ' if self.met else 'NOT MET'}  {self.name}: {value}, at most {self.limit:g}{self.where}"


def goals(figures: Figures) -> list[Goal]:
    """The goals with what was measured. A lesson or a suite that failed has no time."""
    lessons = figures.lessons
    ran = bool(lessons) and not any(timing.failure for timing in lessons)
    longest = max(lessons, key=lambda timing: timing.total, default=None)
    slowest = max(lessons, key=lambda timing: timing.slowest[1], default=None)
    return [
        Goal(
            "seconds of a lesson's cells",
            longest.total if ran else None,
            LESSON_SECONDS,
            f" ({longest.place})" if ran else "",
        ),
        Goal(
            "seconds of a cell",
            slowest.slowest[1] if ran else None,
            CELL_SECONDS,
            f" ({slowest.place}#{slowest.slowest[0]})" if ran else "",
        ),
        Goal(
            "test suite, times imports plus cells",
            None if figures.suite.failure else figures.suite.ratio,
            SUITE_RATIO,
        ),
        Goal("median seconds of a %%fresh cell", figures.proofs and figures.proofs.median, PROOF_SECONDS),
    ]


def machine() -> str:
    """One line on where the figures come from."""
    memory = resources.free_memory() / 1e9
    versions = " · ".join(f"{name} {importlib.metadata.version(name)}" for name in ("tensorflow", "keras"))
    python = f"Python {platform.python_version()}"
    return f"{platform.system()} {platform.machine()} · {resources.cores()} cores · {memory:.1f} GB free · {python} · {versions}"


def text(figures: Figures) -> str:
    """Every figure and every goal, in lines."""
    lines = [machine(), "", "Seconds of the cells, each notebook in a kernel of its own:"]
    for timing in figures.notebooks:
        name, seconds = timing.slowest
        lines.append(f"  {timing.place:<42} {timing.total:6.2f}   slowest {name} {seconds:.2f}")
    one = figures.suite
    lines += [
        "",
        f"Test suite over the notebooks: {one.wall:.1f} s",
        f"  floor {one.floor:.1f} s: {one.kernels} kernels x {one.tensorflow_import:.2f} s import / {one.cores} cores",
        f"  the cells' own work {one.compute / one.cores:.1f} s: {one.compute:.1f} s / {one.cores} cores",
        f"  {one.ratio:.2f} times the sum of both",
    ]
    if figures.proofs:
        warm = figures.proofs.warm
        lines += [
            "",
            f"%%fresh, a model loaded and asked: median {figures.proofs.median:.2f} s of {len(warm)} warm cells, "
            f"slowest {max(warm):.2f} s; the first one {figures.proofs.first:.2f} s",
        ]
    lines += ["", f"Environment: {figures.environment:.0f} MB"]
    if figures.memory:
        resident, private = figures.memory.resident, figures.memory.private
        lines.append(f"A kernel with TensorFlow: {resident:.0f} MB, {private:.0f} MB of it its own")
    lines += ["", "Goals:", *(f"  {goal}" for goal in goals(figures))]
    return "\n".join([*lines, *(["", "Failed:"] if figures.failures else []), *figures.failures])
