"""The models that proofs share: one training for all of them, and a new instance for each.

A proof saves from its own instance, because a save as `.h5` changes a model. They train eagerly: no graph has
to be made for a step or two.
"""

import functools

from helpers import digits, models
import keras

BATCH = digits.load().test_features[:8]  # float32 (8, 64)
FEATURES, LABELS = (part[:128] for part in digits.load()[:2])  # float32 (128, 64) and int64 (128,)


@functools.cache
def _numbers() -> tuple[list, list]:
    model = models.trained(epochs=2)
    return model.get_weights(), [variable.numpy() for variable in model.optimizer.variables]


def trained() -> keras.Sequential:
    """A new instance of the model that Adam has trained for 90 steps, its optimizer with all it knows."""
    weights, optimizer = _numbers()
    model = models.sequential()
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", run_eagerly=True)
    model.set_weights(weights)
    model.optimizer.build(model.trainable_variables)
    for variable, value in zip(model.optimizer.variables, optimizer, strict=True):
        variable.assign(value)
    return model


def fresh(seed: int = 1) -> keras.Sequential:
    """The same layers with other weights, compiled; its optimizer has not seen a step."""
    model = models.sequential(seed)
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", run_eagerly=True)
    return model
