"""Files that the exercises of lesson 04 begin with."""

import os
import random

from helpers import models
from helpers.lessons.lesson_04 import survival


def three_without_a_name() -> None:
    """Save a trained model as .keras, .h5 and .weights.h5 under names that say nothing, in a drawn order."""
    names = ["one", "two", "three"]
    random.SystemRandom().shuffle(names)  # the seed of the page would draw the same order for everybody
    for name, suffix in zip(names, [".keras", ".h5", ".weights.h5"], strict=True):
        model = models.trained(epochs=1)
        (model.save_weights if "weights" in suffix else model.save)(f"nameless{suffix}")
        os.replace(f"nameless{suffix}", name)


def leave_weights(name: str) -> None:
    """Train a model that exists nowhere else, and leave its weights file, and a witness for the judge."""
    model = models.trained(epochs=1)
    survival.remember(model, survival.WITNESS)
    model.save_weights(name)
