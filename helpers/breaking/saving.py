"""Tasks for a child process: save a model with the learner's own function, to be killed or refused in it."""

import collections.abc
import pathlib
import pkgutil

from helpers import backend
from helpers.breaking import refusals
import keras


def save(
    module: str, kind: str, path: pathlib.Path, model: pathlib.Path, refusal: str = "", limit: int = 0
) -> collections.abc.Iterator[str]:
    """Load a model from a .keras file, say that the save begins, and call `module.save(model, path, kind)`.

    With a refusal the process is good for this one save: see `refusals`.
    """
    backend.first_operation()
    keras_model = keras.models.load_model(model)
    function = pkgutil.resolve_name(module).save
    if refusal:
        refusals.begin(refusal, limit)
    yield "begun"
    function(keras_model, path, kind)
