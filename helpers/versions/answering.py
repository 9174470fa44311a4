"""The other side of the golden check: what the fresh process does. Nothing else imports this module."""

import importlib
import os
import sys

from helpers import (
    backend,  # noqa: F401  (it settles how TensorFlow is imported)
)
from helpers.versions import arrays
import keras
import numpy
import tensorflow


def write(artefact: str, golden: str, answered: str, imports: list[str]) -> None:
    """Load an export or a .keras file, answer the batch in `golden`, write the answers to `answered`.

    `imports` are the modules whose own layers the file needs; they are looked for in the current folder
    first. Raises whatever a load or a call can raise: the process that asked shows it in one line.
    """
    sys.dont_write_bytecode = True  # a check leaves no trace beside the learner's modules
    for module in imports:
        importlib.import_module(module)
    with numpy.load(golden, allow_pickle=False) as stored:
        batch = arrays.unpacked("batch", dict(stored))
    if os.path.isdir(artefact):
        export = tensorflow.saved_model.load(artefact)
        answers = export.serve(batch)
    else:
        answers = keras.models.load_model(artefact).predict(batch, verbose=0)
    numpy.savez(answered, **arrays.packed("answers", answers))
