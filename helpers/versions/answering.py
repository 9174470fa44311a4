"""The other side of the golden check: what the fresh process does."""

import importlib
import os
import sys

from helpers.core import process_child
from helpers.versions import arrays
import numpy


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
            answers = _ask(artefact, arrays.unpacked("batch", dict(stored)))
        numpy.savez(answered, **arrays.packed("answers", answers))
    except Exception as error:  # whatever a load or a learner's own layer can raise
        return _with_its_root(error)
    return ""


def _ask(artefact: str, batch: object) -> object:
    # Imported here alone: whoever only publishes and promotes need not wait for TensorFlow.
    from helpers import backend  # noqa: F401  (it settles how TensorFlow is imported)
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
    line = process_child.one_line(error)
    return line if root is error else f"{line} It began with {process_child.one_line(root)}"
