"""The other side of the golden check: what the fresh process does. Nothing else imports this module."""

import importlib
import os
import sys

from helpers import (
    backend,  # noqa: F401  (it settles how TensorFlow is imported)
    fresh_child,
)
from helpers.versions import arrays
import keras
import numpy
import tensorflow


def write(artefact: str, golden: str, answered: str, imports: list[str]) -> None:
    """Load an export or a .keras file, answer the batch in `golden`, write the answers to `answered`.

    `imports` are the modules whose own layers the file needs; they are looked for in the current folder
    first. An error is one printed line.
    """
    sys.dont_write_bytecode = True  # a check leaves no trace beside the learner's modules
    try:
        for module in imports:
            importlib.import_module(module)
        with numpy.load(golden, allow_pickle=False) as stored:
            answers = _ask(artefact, arrays.unpacked("batch", dict(stored)))
        numpy.savez(answered, **arrays.packed("answers", answers))
    except Exception as error:  # whatever a load or a learner's own layer can raise
        print(_with_its_root(error))


def _ask(artefact: str, batch: object) -> object:
    if os.path.isdir(artefact):
        export = tensorflow.saved_model.load(artefact)
        return export.serve(batch)
    return keras.models.load_model(artefact).predict(batch, verbose=0)


def _with_its_root(error: Exception) -> str:
    """The error in one line, and the one it began with: Keras wraps that in sentences about itself."""
    root = error
    while root.__context__ is not None:
        root = root.__context__
    line = fresh_child.one_line(error)
    return line if root is error else f"{line} It began with {fresh_child.one_line(root)}"
