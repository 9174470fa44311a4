"""The complaint of exercise 05.5: a store of three versions, and the answers that one of them gave.

Which version it was is drawn, and written down nowhere: the judge finds it as a learner does, by asking
each version.
"""

import random

from helpers import digits, models
from helpers.tools import versions
import keras
import numpy
import tensorflow

LETTER = "complaint.npz"


def leave(store: str) -> None:
    """Publish and promote three versions in a drawn order, and write `complaint.npz`: a batch, its answers.

    Two of the three read the same digits and differ in their probabilities alone.
    """
    known = keras.models.load_model("reference.keras")
    surer = keras.models.load_model("reference.keras")
    surer.set_weights([*known.get_weights()[:2], *(1.2 * array for array in known.get_weights()[2:])])
    candidates = [known, surer, models.trained(epochs=1)]
    draw = random.SystemRandom()  # the seed of the page would draw the same for everybody
    batch = digits.load().test_features[:128]
    answers = draw.choice(candidates[:2]).predict(batch, verbose=0)
    numpy.savez(LETTER, batch=batch, answers=answers)
    draw.shuffle(candidates)
    for candidate in candidates:
        with versions.publish(store) as draft:
            candidate.export(draft.folder, verbose=False)
        versions.promote(store, draft.number)


def differences(store: str) -> dict[int, tuple[float, int]]:
    """For each version: how far its answers are from the letter's, and how many digits it reads otherwise."""
    with numpy.load(LETTER) as letter:
        batch, told = letter["batch"], letter["answers"]
    found = {}
    for version in versions.listing(store):
        artefact = tensorflow.saved_model.load(str(versions.path(store, version.number)))
        answers = artefact.serve(batch).numpy()
        otherwise = int((answers.argmax(axis=1) != told.argmax(axis=1)).sum())
        found[version.number] = (float(numpy.abs(answers - told).max()), otherwise)
    return found


def answered(store: str) -> int:
    """The number of the version that gave the complaint's answers."""
    found = differences(store)
    return min(found, key=found.get)
