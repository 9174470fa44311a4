"""How long the cells of every notebook take, each notebook in a kernel of its own, one after the other."""

import dataclasses
import pathlib
import tempfile

from helpers.authoring.notebooks import course, execute, page

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
