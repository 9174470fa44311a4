"""Two small models whose training is cut off in the middle, and the digits they train on.

Each call makes a new instance, compiled with Adam, with the same first weights every time. Both take
(rows, 64) and return (rows, 10) probabilities.
"""

from helpers import (
    backend,  # noqa: F401  (it settles how TensorFlow is imported)
    digits,
)
import keras

# Few rows keep the many trainings of the lesson short: float32 (640, 64) from 0 to 1, and int64 (640,).
data = features, labels = [part[:640] for part in digits.load()[:2]]
_LOSS = "sparse_categorical_crossentropy"


@keras.saving.register_keras_serializable(package="saved_for_good")
class Reader(keras.Model):
    """A model class of one's own: Dense 32 relu, Dense 10 softmax. Its first call makes the weights."""

    def __init__(self, **options: object) -> None:
        super().__init__(**options)
        self.hidden = keras.layers.Dense(32, activation="relu")
        self.last = keras.layers.Dense(10, activation="softmax")

    def call(self, inputs: keras.KerasTensor) -> keras.KerasTensor:
        """Return the probabilities of the ten digits."""
        return self.last(self.hidden(inputs))


def plain(built: bool = True) -> Reader:
    """A Reader, in which nothing is random once it has its weights; with built=False it has none yet."""
    keras.utils.set_random_seed(7)
    model = Reader()
    model.compile(keras.optimizers.Adam(0.01), _LOSS)
    if built:
        model(features[:1])
    return model


def noisy() -> keras.Sequential:
    """The same two layers with dropout between them: every step draws random numbers."""
    keras.utils.set_random_seed(7)
    layers = [keras.layers.Dense(32, "relu"), keras.layers.Dropout(0.3), keras.layers.Dense(10, "softmax")]
    model = keras.Sequential([keras.Input((64,)), *layers])
    model.compile(keras.optimizers.Adam(0.01), _LOSS)
    return model
