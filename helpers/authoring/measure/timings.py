"""Times of what a learner waits for: the cells of every notebook, a `%%fresh` cell, a question's answer."""

import contextlib
import dataclasses
import io
import os
import pathlib
import statistics
import tempfile
import time

from helpers import deck, fresh
from helpers.authoring.notebooks import course, execute, page
from helpers.core import processes

# The cells, each notebook in a kernel of its own, one after the other.


SET_UP = "set-up"  # the cell that imports TensorFlow


@dataclasses.dataclass(frozen=True)
class Timing:
    """The seconds of each cell of one notebook, by cell id; `failure` is empty if all of them ran."""

    place: str
    cells: dict[str, float]
    failure: str = ""

    @property
    def total(self) -> float:
        """Seconds of all cells."""
        return sum(self.cells.values())

    @property
    def slowest(self) -> tuple[str, float]:
        """Id and seconds of the slowest cell."""
        return max(self.cells.items(), key=lambda cell: cell[1], default=("none", 0.0))

    @property
    def compute(self) -> float:
        """Seconds of the cells' own work: without the cell that imports TensorFlow."""
        return self.total - self.cells.get(SET_UP, 0.0)


def time_notebook(path: pathlib.Path) -> Timing:
    """Execute one notebook and time its cells. A cell that fails ends it, and the timing says so."""
    cells: dict[str, float] = {}
    failure = ""
    with tempfile.TemporaryDirectory(prefix="course-") as folder:
        try:
            execute.execute(
                page.read(path), pathlib.Path(folder), lambda cell, seconds: cells.update({cell.id: seconds})
            )
        except (execute.Failed, page.Unreadable) as error:
            failure = str(error)
    return Timing(f"{path.parent.name}/{path.name}", cells, failure)


def time_all(whole: course.Course) -> list[Timing]:
    """The timings of every notebook in the three folders."""
    return [time_notebook(path) for path in whole.found()]


# A `%%fresh` cell, once the fork server is warm.


CELLS = 20
SAVE = "from helpers import models\n\nmodels.trained(epochs=1).save('digits.keras')"
# What the proofs of the lessons do: load a saved model and let it answer.
PROOF = """
import keras, numpy

twin = keras.models.load_model("digits.keras")
print(twin.predict(numpy.zeros((8, 64), "float32"), verbose=0).shape)
"""


class Failed(Exception):
    """A cell of the measurement did not do what it should; the text says what it printed."""


@dataclasses.dataclass(frozen=True)
class Proofs:
    """Seconds of the cells, in order, and of the first one, which waits for the server."""

    first: float
    warm: list[float]

    @property
    def median(self) -> float:
        """Seconds of the median warm cell."""
        return statistics.median(self.warm)


def time_proofs() -> Proofs:
    """Save a trained model in one new process, then load it in twenty.

    Raises:
        Failed: a cell failed, so there is nothing to measure.
    """
    with tempfile.TemporaryDirectory(prefix="course-") as folder, contextlib.chdir(folder):
        processes.warm()
        first = time_cell(SAVE)
        if not os.path.exists("digits.keras"):
            raise Failed("The first %%fresh cell of the measurement saved no model.")
        return Proofs(first, [time_cell(PROOF, "(8, 10)") for _ in range(CELLS)])


def time_cell(code: str, expected: str = "") -> float:
    """Seconds of one cell; what it prints must hold the expected text."""
    printed = io.StringIO()
    started = time.perf_counter()
    with contextlib.redirect_stdout(printed):
        status = fresh.run_cell(code)
    seconds = time.perf_counter() - started
    if status != 0 or expected not in printed.getvalue():
        raise Failed(f"A %%fresh cell ended with {status} and printed {printed.getvalue().strip()[:200]!r}.")
    return seconds


# The deck and its questions; what settles them is not counted.


@dataclasses.dataclass(frozen=True)
class Questions:
    """Seconds, with libraries imported: to open the deck, and the slowest answer to a commit."""

    items: int
    opening: float
    commit: float


def time_questions() -> Questions:
    """Open the deck with an empty record, and answer every item once, wrong ones and right ones in turn."""
    before = os.environ.get("COURSE_PROGRESS")
    with tempfile.TemporaryDirectory(prefix="course-") as folder:
        os.environ["COURSE_PROGRESS"] = str(pathlib.Path(folder, "progress.json"))
        try:
            started = time.perf_counter()
            one = deck.ask()
            one._repr_mimebundle_()
            opening = time.perf_counter() - started
            items = deck.choose("", "")
            return Questions(len(items), opening, max(_commits(one, items)))
        finally:
            os.environ.pop("COURSE_PROGRESS")
            if before is not None:
                os.environ["COURSE_PROGRESS"] = before


def _commits(one: deck.Deck, items: dict[str, dict]) -> list[float]:
    seconds = []
    for number in range(len(items)):
        entry = items[one.item["id"]]
        wrong = next(key for key in entry["options"] if key != entry["right"])
        started = time.perf_counter()
        one.choice = wrong if number % 2 else entry["right"]
        seconds.append(time.perf_counter() - started)
        one._answer_message(one, {"do": "next"}, [])
    return seconds
