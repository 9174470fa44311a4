"""Weights without the architecture: what they are worth, and what notices a slip."""

import warnings

from helpers import models
import keras

from tests.claims import trying
from tests.claims.shelf import Shelf, settled

# The weights without any code; with the same code they are as good as new, with a slip in it they are not.
a12 = settled({"no code": "02.deck.filename", "the same code, and one with a slip": "not 02.myth.shapes"})


# The weights handed to load_model; a model rebuilt with a slip that raises nothing.
b32 = settled(
    {
        "load_model wants the architecture": "02.deck.filename",
        "a slip raises nothing, and answers differ": "02.myth.shapes",
    }
)


# Weights taken for a whole model, in four ways: does the load fail?
b47 = settled(
    {
        "load_model": "02.deck.filename",
        "code with other shapes": "02.deck.mismatch",
        "code with another activation": "not 02.myth.shapes",
        "other shapes, skip_mismatch=True": "not 02.deck.mismatch",
    }
)


def b55(shelf: Shelf) -> dict[str, bool]:
    """Save only the weights, or only the architecture: is it impossible to restore the model?"""
    structure, same = keras.models.model_from_json(shelf.another().to_json()), models.sequential(seed=8)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # of the optimizer, which is not compiled
        same.load_weights(shelf.weights)
    return {
        "weights alone": shelf.shows("02.deck.filename"),
        "architecture alone": not trying.same(structure(shelf.rows), shelf.answers),
        "weights, and the same code": not trying.same(same(shelf.rows), shelf.answers),
    }
