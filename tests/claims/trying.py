"""Trying a case: was it refused, and for the reason meant; are two answers the same; what a new process says.

What a proof does not expect is raised, never counted as "did not hold".
"""

import collections.abc
import contextlib
import dataclasses
import io
import json
import logging
import pathlib
import timeit
import warnings

from helpers import fresh
import numpy
from tensorflow.core.protobuf import meta_graph_pb2, saved_model_pb2

SAME = 1e-6  # the largest difference between answers that count as the same


def refused(call: collections.abc.Callable[[], object], kind: type[Exception], words: str) -> bool:
    """Whether a call raises this error with these words; an error of the same class with others is raised."""
    try:
        call()
    except kind as error:
        if words not in str(error):
            raise
        return True
    return False


def same(first: object, second: object) -> bool:
    """Whether two answers agree to `SAME`."""
    return bool(numpy.allclose(first, second, rtol=0, atol=SAME))


def identical(first: collections.abc.Iterable, second: collections.abc.Iterable) -> bool:
    """Whether two lists of variables or arrays agree to the last bit."""
    pairs = [list(map(numpy.asarray, arrays)) for arrays in (first, second)]
    return len(pairs[0]) == len(pairs[1]) > 0 and all(map(numpy.array_equal, *pairs))


def graph(folder: pathlib.Path) -> meta_graph_pb2.MetaGraphDef:
    """The one graph of a SavedModel folder, with what it says of itself."""
    message = saved_model_pb2.SavedModel.FromString((folder / "saved_model.pb").read_bytes())
    (found,) = message.meta_graphs
    return found


def seconds(call: collections.abc.Callable[[], object], times: int = 1, repeat: int = 3) -> float:
    """Seconds of one call, the fastest of some repeats."""
    return min(timeit.repeat(call, number=times, repeat=repeat)) / times


def said(call: collections.abc.Callable[[], object]) -> str:
    """What a call says by warnings and by the log that Keras writes into."""
    lines: list[str] = []
    log = logging.getLogger("absl")
    handler = logging.Handler()
    handler.emit = lambda record: lines.append(record.getMessage())
    level = log.level
    log.addHandler(handler)
    log.setLevel(logging.WARNING)
    try:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            call()
    finally:
        log.removeHandler(handler)
        log.setLevel(level)
    return " ".join([*lines, *(str(warning.message) for warning in caught)])


def in_new_process(folder: pathlib.Path, code: str) -> dict[str, object]:
    """Run code in a Python that shares only the folder, and return its dictionary `found`.

    Raises:
        AssertionError: it did not come to its end; the text says what it printed.
    """
    with contextlib.chdir(folder), contextlib.redirect_stdout(io.StringIO()) as printed:
        fresh.run_cell(f"found = {{}}\n{code}\nimport json\nprint('\\nfound:' + json.dumps(found))")
    _, end, found = printed.getvalue().rpartition("\nfound:")
    assert end, f"the new process did not come to its end: {printed.getvalue()}"
    return json.loads(found)


@dataclasses.dataclass(frozen=True)
class Outcome:
    """What came of a load in a new process: the text of an error, or answers."""

    error: str = ""
    answers: numpy.ndarray | None = None

    def refused(self, words: str) -> bool:
        """Whether there was an error with these words.

        Raises:
            AssertionError: there was another error.
        """
        assert not self.error or words in self.error, self.error
        return bool(self.error)

    def same(self, answers: object) -> bool:
        """Whether it answered so.

        Raises:
            AssertionError: it did not answer.
        """
        assert self.answers is not None, self.error
        return same(self.answers, answers)
