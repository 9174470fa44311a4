"""The golden batch: inputs with the answers they must get, asked again in a fresh process."""

import collections.abc
import importlib
import os
import pathlib
import sys
import tempfile

from helpers.core import errors as core_errors
from helpers.core import processes
from helpers.tools.versions import errors
import numpy

# A batch or its answers as one set of named arrays: one array, or one for each input or output name.


_SHOWN = "an array, or a dict of names with arrays"


def packed(part: str, value: object) -> dict[str, numpy.ndarray]:
    """The arrays of "batch" or "answers" under names for `numpy.savez`: "batch", or "batch.left", ...

    Raises:
        errors.VersionsError: it is something else, an empty array, or holds Python objects.
    """
    named = value if isinstance(value, collections.abc.Mapping) else {"": value}
    if not named:
        raise errors.VersionsError(f"The {part} of a golden pair must be {_SHOWN}; got an empty dict.")
    return {_name(part, name): _array(part, one) for name, one in named.items()}


def unpacked(part: str, stored: collections.abc.Mapping[str, numpy.ndarray]) -> object:
    """What `packed` was given."""
    if part in stored:
        return stored[part]
    start = f"{part}."
    return {name.removeprefix(start): stored[name] for name in stored if name.startswith(start)}


def largest_difference(expected: numpy.ndarray, seen: numpy.ndarray) -> float:
    """The largest absolute difference of two arrays of one shape; NaN if either holds one."""
    # Wide floats first: the difference of two unsigned numbers below zero is a huge one.
    wide = "complex128" if "c" in (expected.dtype.kind, seen.dtype.kind) else "float64"
    with numpy.errstate(invalid="ignore", over="ignore"):
        return float(numpy.max(numpy.abs(expected.astype(wide) - seen.astype(wide))))


def _name(part: str, name: object) -> str:
    if name == "":
        return part
    # A name becomes one in a zip file, which cuts it at some characters without a word.
    if isinstance(name, str) and name.isprintable() and len(name) <= 200:
        return f"{part}.{name}"
    raise errors.VersionsError(
        f"The names in the {part} of a golden pair must be short texts; got {errors.shown(name)}."
    )


def _array(part: str, value: object) -> numpy.ndarray:
    kinds = "biufcSU" if part == "batch" else "biufc"
    try:
        array = numpy.asarray(value)
    except (TypeError, ValueError, OverflowError):
        array = numpy.asarray(None)
    if array.dtype.kind not in kinds:
        raise errors.VersionsError(
            f"The {part} of a golden pair must be {_SHOWN}; got {errors.shown(value)} of type "
            f'{array.dtype}. astype("float32") or a dict may help.'
        )
    if not array.size:
        raise errors.VersionsError(f"The {part} of a golden pair must not be empty: it would prove nothing.")
    return array


# The other side of the golden check: what the fresh process does.


def write(artefact: str, golden: str, answered: str, imports: list[str]) -> str:
    """Load an export or a .keras file, answer the batch in `golden`, write the answers to `answered`.

    `imports` are the modules whose own layers the file needs; they are looked for in the current folder
    first. Returns a line about the error that came, or "".
    """
    sys.dont_write_bytecode = True  # a check leaves no trace beside the learner's modules
    try:
        for module in imports:
            importlib.import_module(module)
        with numpy.load(golden, allow_pickle=False) as stored:
            answers = _ask(artefact, unpacked("batch", dict(stored)))
        numpy.savez(answered, **packed("answers", answers))
    except Exception as error:  # whatever a load or a learner's own layer can raise
        return _with_its_root(error)
    return ""


def _ask(artefact: str, batch: object) -> object:
    # Imported here alone: whoever only publishes and promotes need not wait for TensorFlow.
    from helpers.core import backend  # noqa: F401  (it settles how TensorFlow is imported)
    import keras
    import tensorflow

    if os.path.isdir(artefact):
        export = tensorflow.saved_model.load(artefact)
        return export.serve(batch)
    return keras.models.load_model(artefact).predict(batch, verbose=0)


def _with_its_root(error: Exception) -> str:
    """The error in one line, and the one it began with: Keras wraps that in sentences about itself."""
    root = error
    while root.__context__ is not None:
        root = root.__context__
    line = core_errors.one_line(error)
    return line if root is error else f"{line} It began with {core_errors.one_line(root)}"


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
    answers = packed("answers", golden[1])
    if not all(numpy.isfinite(answer).all() for answer in answers.values()):
        raise errors.VersionsError(
            "The golden answers hold NaN or infinity, which no comparison can pass. See what the model "
            "answers before you publish it."
        )
    return {**packed("batch", golden[0]), **answers}


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
        result = processes.call(write, *paths, imports, timeout=TIME_LIMIT)
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
        largest = largest_difference(wanted, seen[name])
        if numpy.isnan(largest):
            raise errors.refusal(number, f"its {name} to the golden batch hold NaN.")
        if largest > tolerance:
            raise errors.refusal(
                number,
                f"its {name} to the golden batch differ from those it was published with by up to "
                f"{largest:.2g}; {tolerance:g} is allowed.",
            )
