"""The goals of the benchmark, and whether what was measured meets them."""

import dataclasses

from helpers.authoring.measure import figures

LESSON_SECONDS = 20.0
CELL_SECONDS = 5.0
SUITE_RATIO = 1.25
PROOF_SECONDS = 0.5


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
            None if measured.suite.failure else measured.suite.ratio,
            SUITE_RATIO,
        ),
        Goal("median seconds of a %%fresh cell", measured.proofs and measured.proofs.median, PROOF_SECONDS),
    ]
