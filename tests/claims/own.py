"""Layers, a model and a loss of one's own, for the proofs; new processes get this file and import it."""

import keras


@keras.saving.register_keras_serializable(package="claims")
class Scaled(keras.layers.Layer):
    """A product with a kernel, times a gain; registered, and its configuration is complete."""

    def __init__(self, units: int, gain: float = 1.0, **options: object) -> None:
        super().__init__(**options)
        self.units, self.gain = units, gain

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        self.kernel = self.add_weight((input_shape[-1], self.units), "random_normal", name="kernel")

    def call(self, inputs: keras.KerasTensor) -> keras.KerasTensor:
        return self.gain * keras.ops.matmul(inputs, self.kernel)

    def get_config(self) -> dict[str, object]:
        return {**super().get_config(), "units": self.units, "gain": self.gain}


class Unregistered(Scaled):
    """The same, and Keras has not heard of it."""


@keras.saving.register_keras_serializable(package="claims")
class Block(keras.Model):
    """A subclassed model with layers in a list and in a dictionary, and one argument."""

    def __init__(self, gain: float = 1.0, **options: object) -> None:
        super().__init__(**options)
        self.gain = gain
        self.chain = [keras.layers.Dense(4), keras.layers.Dense(4)]
        self.heads = {"one": Scaled(3, gain=2.0), "two": keras.layers.Dense(3)}

    def call(self, inputs: keras.KerasTensor) -> keras.KerasTensor:
        for layer in self.chain:
            inputs = layer(inputs)
        return self.gain * (self.heads["one"](inputs) + self.heads["two"](inputs))

    def get_config(self) -> dict[str, object]:
        return {**super().get_config(), "gain": self.gain}


def strict(labels: keras.KerasTensor, answers: keras.KerasTensor) -> keras.KerasTensor:
    """A loss of one's own, not registered."""
    return 2 * keras.losses.sparse_categorical_crossentropy(labels, answers)


def bent(inputs: keras.KerasTensor) -> keras.KerasTensor:
    """An activation of one's own, not registered."""
    return keras.ops.absolute(inputs)
