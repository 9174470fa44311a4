"""The goals of the benchmark, and whether what was measured meets them."""

import dataclasses
import pathlib

from helpers.authoring import course
from helpers.authoring.measure import cells, figures

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
