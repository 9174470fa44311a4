"""What turns words into numbers: outside the model, or in a file that has no place for it."""

import os
import pathlib
import subprocess
import sys

from helpers.clinic.proofs import caught
import keras
import tensorflow

TEXTS = ["no", "yes", "maybe", "often", "never", "always", "soon", "late"]
_ORDER = f"print(' '.join(set({TEXTS!r})))"


def _order(seed: str) -> list[str]:
    """The order in which a new Python goes through the set of words."""
    done = subprocess.run(
        [sys.executable, "-c", _ORDER],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"PYTHONHASHSEED": seed},
    )
    return done.stdout.split()


def p17(folder: pathlib.Path) -> caught.Case:
    """A vocabulary that each session makes anew from a set; then one that lies in the model."""
    keras.utils.set_random_seed(7)
    trained = keras.Sequential([keras.Input((1,)), keras.layers.Embedding(9, 1)])
    trained.save("numbers.keras")
    sessions = [_order(seed) for seed in ("1", "2")]
    assert sessions[0] != sessions[1]
    model = keras.models.load_model("numbers.keras")

    def answers(order: list[str]) -> tensorflow.Tensor:
        return model(tensorflow.constant([[order.index(word)] for word in TEXTS]))

    moved = caught.apart(*map(answers, sessions))
    assert moved > 0, moved

    words = keras.layers.StringLookup(vocabulary=sorted(TEXTS))
    inside = keras.Sequential([keras.Input((1,), dtype="string"), words, *trained.layers])
    inside.save("words.keras")
    loaded = keras.models.load_model("words.keras")
    batch = tensorflow.constant([[word] for word in TEXTS])
    assert caught.apart(loaded(batch), inside(batch)) == 0
    return caught.Case(
        "with the vocabulary in the model, a load answers the same",
        measured="no error, and the same words get other numbers in the second session, so other answers",
    )


def p18(folder: pathlib.Path) -> caught.Case:
    """A vocabulary learned by adapt, in an .h5 file; then in a .keras file, or handed to the constructor."""
    errors = []
    for kind, row in ((keras.layers.StringLookup, [["yes"]]), (keras.layers.TextVectorization, [["yes no"]])):
        batch = tensorflow.constant(row)
        layer = kind()
        layer.adapt(TEXTS)
        model = keras.Sequential([keras.Input((1,), dtype="string"), layer])
        model.save("words.keras")
        model.save("words.h5")
        with caught.error(tensorflow.errors.FailedPreconditionError) as seen:
            keras.models.load_model("words.h5")(batch)
        errors.append(seen)

        loaded = keras.models.load_model("words.keras")
        assert caught.apart(loaded(batch), model(batch)) == 0
        given = kind(vocabulary=TEXTS)
        model = keras.Sequential([keras.Input((1,), dtype="string"), given])
        model.save("given.h5")
        assert caught.apart(keras.models.load_model("given.h5")(batch), model(batch)) == 0
    return caught.Case(
        "from `.keras`, and with a vocabulary handed over from `.h5` too, the same numbers", errors
    )
