"""The course's checks for a model file of your own, from a terminal: `course --round-trip my.keras`."""

import collections.abc
import pathlib
import sys
import tempfile

from helpers.tools import round_trip
import numpy


def main(path: str, imports: collections.abc.Sequence[str] = ()) -> int:
    """Load a model, save it again, load that in another process, compare the answers: 0 if they are the same.

    A load runs what the file contains, so use this for files of your own; `course --inspect` reads any.
    """
    place = pathlib.Path(path)
    if not place.exists():
        print(f"There is nothing at {path}. Expected: a .keras or .h5 file, or the folder of an export.")
        return 1
    if not place.is_dir() and (place.suffix not in {".keras", ".h5"} or place.name.endswith(".weights.h5")):
        print(
            f"{place.name} cannot answer by itself: "
            "a round trip needs a .keras or .h5 file, or an exported folder."
        )
        return 1
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        try:
            batch, answers, copy = save_again(place, pathlib.Path(folder), imports)
        except Exception as error:  # whatever the file does, the terminal gets a sentence
            first_line = (str(error).strip().splitlines() or [""])[0]
            print(f"{place.name} does not load: {type(error).__name__}: {first_line}")
            print("Custom classes? Name the module that defines them: --import my_layers")
            return 1
        try:
            apart = round_trip.check(copy, batch, answers, imports=imports)
        except AssertionError as error:
            print(str(error).replace(str(copy), place.name))
            return 1
    shapes = ", ".join(str(array.shape) for array in batch)
    print(f"{place.name} comes back: loaded, saved again and loaded in a new process,")
    print(f"it answers a random batch of shape {shapes} with a difference of {apart:.1g}.")
    return 0


def save_again(
    path: pathlib.Path, folder: pathlib.Path, imports: collections.abc.Sequence[str]
) -> tuple[list[numpy.ndarray], list[numpy.ndarray], pathlib.Path]:
    """A random batch for a model, its answers, and the model saved once more (an export is used as it is)."""
    import importlib

    from helpers.core import backend

    sys.path.insert(0, "")
    for module in imports:
        importlib.import_module(module)
    import keras
    import tensorflow

    backend.first_operation()
    if path.is_dir():
        artefact = tensorflow.saved_model.load(str(path))
        inputs = tensorflow.nest.flatten(artefact.signatures["serving_default"].structured_input_signature[1])
        batch = [_random(tuple(one.shape), one.dtype.name) for one in inputs]
        return batch, tensorflow.nest.flatten(artefact.serve(*batch)), path
    model = keras.models.load_model(path)
    batch = [_random(tuple(one.shape), keras.backend.standardize_dtype(one.dtype)) for one in model.inputs]
    answers = tensorflow.nest.flatten(model.predict(batch if len(batch) > 1 else batch[0], verbose=0))
    copy = folder / f"again{path.suffix}"
    model.save(copy)
    return batch, answers, copy


def _random(shape: tuple[int | None, ...], dtype: str) -> numpy.ndarray:
    """Values for one input: four rows, three steps where a length is open."""
    sizes = [4, *(size or 3 for size in shape[1:])]
    generator = numpy.random.default_rng(0)
    if dtype == "string":
        return generator.choice(["yes", "no"], sizes)
    if "int" in dtype or dtype == "bool":
        return generator.integers(0, 2, sizes).astype(dtype)
    return generator.random(sizes).astype(dtype)
