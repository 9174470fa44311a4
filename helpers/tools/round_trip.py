"""Does a saved model come back? Loaded in a new process, it has to answer a golden batch as before.

Copy this file into your own tests; it needs numpy, keras and tensorflow, and nothing of the course:

    def test_the_model_comes_back(tmp_path):
        model.save(tmp_path / "model.keras")
        round_trip.check(tmp_path / "model.keras", batch, model.predict(batch), imports=["my_layers"])
"""

import collections.abc
import os
import pathlib
import subprocess
import sys
import tempfile

import numpy

_NEW_PROCESS = """
import importlib, os, sys
path, folder, *modules = sys.argv[1:]
sys.path.insert(0, "")
for module in modules:
    importlib.import_module(module)
import keras, numpy, tensorflow
with numpy.load(os.path.join(folder, "batch.npz")) as stored:
    batch = [stored[name] for name in stored.files]
if os.path.isdir(path):
    artefact = tensorflow.saved_model.load(path)
    answers = artefact.serve(*batch)
else:
    model = keras.models.load_model(path, compile=False)
    answers = model.predict(batch if len(batch) > 1 else batch[0], verbose=0)
numpy.savez(os.path.join(folder, "answers.npz"), *tensorflow.nest.flatten(answers))
"""


def check(
    path: pathlib.Path | str,
    batch: object,
    answers: object,
    tolerance: float = 1e-5,
    imports: collections.abc.Sequence[str] = (),
) -> float:
    """Load a saved model in a new process and compare its answers; returns the largest difference.

    Args:
        path: a `.keras` or `.h5` file, or an exported folder.
        batch: one array, or a list of arrays for a model with several inputs.
        answers: what the model answered before it was saved, in the same form.
        tolerance: the largest difference that counts as the same.
        imports: modules with custom classes, imported in the new process before the load.

    Raises:
        AssertionError: the model does not load, or it answers otherwise; the text says what was seen.
    """
    found, wanted = ask(path, batch, imports), _arrays(answers)
    shapes = [[array.shape for array in arrays] for arrays in (wanted, found)]
    assert shapes[0] == shapes[1], f"{path} answers in the shapes {shapes[1]}. Expected: {shapes[0]}."
    apart = max(
        (float(numpy.abs(one - other).max()) for one, other in zip(found, wanted, strict=True)), default=0.0
    )
    assert apart <= tolerance, (
        f"{path} answers with a difference of {apart:.2g}. Expected: at most {tolerance:g}."
    )
    return apart


def ask(
    path: pathlib.Path | str, batch: object, imports: collections.abc.Sequence[str] = ()
) -> list[numpy.ndarray]:
    """The answers of a saved model, given by a Python that knows nothing of this one.

    Raises:
        AssertionError: the model does not load or does not answer; the text says why.
    """
    with tempfile.TemporaryDirectory() as folder:
        numpy.savez(pathlib.Path(folder, "batch.npz"), *_arrays(batch))
        done = subprocess.run(
            [sys.executable, "-c", _NEW_PROCESS, str(path), folder, *imports],
            env={**os.environ, "KERAS_BACKEND": "tensorflow", "TF_CPP_MIN_LOG_LEVEL": "2"},
            capture_output=True,
            text=True,
            errors="replace",
            encoding="utf-8",
        )
        said = done.stderr.strip().splitlines() or ["nothing was said"]
        assert done.returncode == 0, f"{path} does not come back in a new process: {said[-1][:500]}"
        with numpy.load(pathlib.Path(folder, "answers.npz")) as stored:
            return [stored[name] for name in stored.files]


def _arrays(value: object) -> list[numpy.ndarray]:
    return [numpy.asarray(part) for part in (value if isinstance(value, list | tuple) else [value])]
