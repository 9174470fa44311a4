"""The golden batch: inputs with the answers they must get, asked again in a fresh process."""

import collections.abc
import os
import pathlib
import tempfile

from helpers.core import processes
from helpers.versions import answering, arrays, errors
import numpy

NAME = "golden.npz"
TIME_LIMIT = processes.TIME_LIMIT  # seconds


def prepared(golden: object) -> dict[str, numpy.ndarray] | None:
    """The arrays to store for the pair (batch, answers); None without one.

    Raises:
        errors.VersionsError: it is no such pair, or an answer is NaN or infinite.
    """
    if golden is None:
        return None
    if not isinstance(golden, list | tuple) or len(golden) != 2:
        raise errors.VersionsError(f"golden is the pair (batch, answers); got {errors.shown(golden)}.")
    answers = arrays.packed("answers", golden[1])
    if not all(numpy.isfinite(answer).all() for answer in answers.values()):
        raise errors.VersionsError(
            "The golden answers hold NaN or infinity, which no comparison can pass. See what the model "
            "answers before you publish it."
        )
    return {**arrays.packed("batch", golden[0]), **answers}


def save(folder: pathlib.Path, prepared: dict[str, numpy.ndarray]) -> None:
    """Store the golden batch in the folder of a version.

    Raises:
        OSError: it cannot be written.
    """
    numpy.savez(folder / NAME, **prepared)


def artefact(folder: pathlib.Path) -> pathlib.Path | None:
    """What answers the golden batch: the export if there is one, otherwise the one .keras file."""
    if (folder / "saved_model.pb").is_file():
        return folder
    saved = [path for path in folder.glob("*.keras") if path.is_file()]
    return saved[0] if len(saved) == 1 else None


def check(folder: pathlib.Path, tolerance: float, imports: list[str]) -> None:
    """Ask a version its golden batch, in a process that shares nothing with this one but the disk.

    Raises:
        errors.Refused: it does not answer, or it answers otherwise.
        OSError: there is no room for the answers, or no process can be started.
    """
    number = folder.name
    asked = artefact(folder)
    if asked is None:
        raise errors.refusal(
            number, "there is neither an export nor one .keras file to ask its golden batch."
        )
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as place:
        answered = pathlib.Path(place, "answers.npz")
        paths = [os.path.abspath(path) for path in (asked, folder / NAME, answered)]
        result = processes.call(answering.write, *paths, imports, timeout=TIME_LIMIT)
        if result.status != 0 or not answered.is_file():
            late = f"It took longer than {TIME_LIMIT:g} seconds." if result.status is None else ""
            reason = result.answer or result.error or result.crash or late or result.printed.strip()
            raise errors.refusal(number, f"it does not answer its golden batch in a fresh process. {reason}")
        expected, seen = _answers(folder / NAME, number), _answers(answered, number)
    _compare(number, expected, seen, tolerance)


def _answers(path: pathlib.Path, number: str) -> dict[str, numpy.ndarray]:
    try:
        with numpy.load(path, allow_pickle=False) as stored:
            return {name: stored[name] for name in stored if name.partition(".")[0] == "answers"}
    except Exception as error:  # a damaged file makes numpy and zipfile raise errors of a dozen kinds
        raise errors.refusal(number, f"{path.name} cannot be read ({type(error).__name__}).") from error


def _compare(
    number: str,
    expected: collections.abc.Mapping[str, numpy.ndarray],
    seen: collections.abc.Mapping[str, numpy.ndarray],
    tolerance: float,
) -> None:
    if not expected or set(expected) != set(seen):
        raise errors.refusal(
            number, f"it answers {sorted(seen)}, and its golden batch wants {sorted(expected)}."
        )
    for name, wanted in expected.items():
        if wanted.shape != seen[name].shape:
            raise errors.refusal(
                number, f"its {name} have the shape {seen[name].shape}, and the golden ones {wanted.shape}."
            )
        largest = arrays.largest_difference(wanted, seen[name])
        if numpy.isnan(largest):
            raise errors.refusal(number, f"its {name} to the golden batch hold NaN.")
        if largest > tolerance:
            raise errors.refusal(
                number,
                f"its {name} to the golden batch differ from those it was published with by up to "
                f"{largest:.2g}; {tolerance:g} is allowed.",
            )
