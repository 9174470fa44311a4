"""How long a `%%fresh` cell takes once the fork server is warm."""

import contextlib
import dataclasses
import io
import os
import statistics
import tempfile
import time

from helpers import fresh
from helpers.core import processes

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
