"""The code of two models in the capsules, in Keras of today: what weights and a class of one's own need."""

from helpers import (
    backend,  # noqa: F401  (it settles how TensorFlow is imported)
)
import keras


def digits() -> keras.Sequential:
    """The `digits` of every capsule: (rows, 64) to (rows, 10), with first weights, compiled with Adam."""
    layers = [keras.layers.Dense(8, activation="relu"), keras.layers.Dense(10, activation="softmax")]
    model = keras.Sequential([keras.Input((64,)), *layers])
    model.compile(keras.optimizers.Adam(0.01), "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


@keras.saving.register_keras_serializable(package="capsules")
class Scaled(keras.layers.Layer):
    """The layer of `own`, under the name it was registered by: (rows, n) to (rows, units)."""

    def __init__(self, units: int, factor: float = 2.0, **options: object) -> None:
        super().__init__(**options)
        self.units, self.factor = units, factor

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        """Make the one weight."""
        self.kernel = self.add_weight(name="kernel", shape=(input_shape[-1], self.units))

    def call(self, inputs: keras.KerasTensor) -> keras.KerasTensor:
        """Return the product with the kernel times the factor."""
        return self.factor * keras.ops.matmul(inputs, self.kernel)

    def get_config(self) -> dict[str, object]:
        """Return every argument of the constructor."""
        return {**super().get_config(), "units": self.units, "factor": self.factor}
