"""Weights without the architecture: what they are worth, and what notices a slip."""

import pathlib
import warnings

from helpers import models
import keras

from tests.claims import trying
from tests.claims.shelf import Shelf

_NO_CONFIG = (ValueError, "No model config found")


def _slipped() -> keras.Model:
    """The same shapes, and tanh where relu was."""
    model = models.sequential(seed=8)
    model.layers[0].activation = keras.activations.tanh
    return model


def _wider() -> keras.Model:
    return keras.Sequential([keras.Input((64,)), keras.layers.Dense(64), keras.layers.Dense(10)])


def _same_after(shelf: Shelf, model: keras.Model, path: pathlib.Path, **options: bool) -> bool:
    """Load weights into a model: does it answer as the trained one?"""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # of the optimizer, and of what was skipped
        model.load_weights(path, **options)
    return trying.same(model(shelf.rows), shelf.answers)


def _needs_architecture(shelf: Shelf) -> bool:
    return trying.refused(lambda: keras.models.load_model(shelf.weights), *_NO_CONFIG)


def a12(shelf: Shelf) -> dict[str, bool]:
    """Load the weights without any code, with code that has a slip, and with the same code."""
    return {
        "no code": _needs_architecture(shelf),
        "code with another activation": not _same_after(shelf, _slipped(), shelf.weights),
        "the same code": not _same_after(shelf, models.sequential(seed=8), shelf.weights),
    }


def b32(shelf: Shelf) -> dict[str, bool]:
    """Load the weights as a model; rebuild with a slip that raises nothing."""
    return {
        "load_model wants the architecture": _needs_architecture(shelf),
        "a slip raises nothing, and answers differ": not _same_after(shelf, _slipped(), shelf.weights),
    }


def b47(shelf: Shelf) -> dict[str, bool]:
    """Take weights for a whole model, in four ways: does the load fail? The answers are wrong in each."""

    def fails(model: keras.Model, **options: bool) -> bool:
        def load() -> None:
            assert not _same_after(shelf, model, shelf.weights, **options)

        return trying.refused(load, ValueError, "could not be loaded")

    return {
        "load_model": _needs_architecture(shelf),
        "code with other shapes": fails(_wider()),
        "code with another activation": fails(_slipped()),
        "other shapes, skip_mismatch=True": fails(_wider(), skip_mismatch=True),
    }


def b55(shelf: Shelf) -> dict[str, bool]:
    """Save only the weights, or only the architecture: is it impossible to restore the model?"""
    structure = keras.models.model_from_json(shelf.another().to_json())
    return {
        "weights alone": _needs_architecture(shelf),
        "architecture alone": not trying.same(structure(shelf.rows), shelf.answers),
        "weights, and the same code": not _same_after(shelf, models.sequential(seed=8), shelf.weights),
    }
