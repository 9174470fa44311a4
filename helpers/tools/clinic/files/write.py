# /// script
# requires-python = "==3.11.*"
# dependencies = [
#     "tensorflow-cpu==2.15.1 ; sys_platform == 'linux'",
#     "tensorflow==2.15.1 ; sys_platform != 'linux'",
# ]
# ///
"""Writes the files of this folder with Keras 2: `uv run --script helpers/tools/clinic/files/write.py`.

The error clinic loads them with the Keras that is installed. Each is a tiny model that Keras 2 saved without
a word; answers.npz holds an input for each, and what Keras 2 answered.
"""

import pathlib

import numpy
from tensorflow import keras, nn

HERE = pathlib.Path(__file__).parent
layers = keras.layers


def sequential(shape: tuple[int, ...], layer: keras.layers.Layer) -> keras.Sequential:
    """The layer that Keras 3 stumbles over, and a Dense layer after it."""
    return keras.Sequential([keras.Input(shape), layer, layers.Flatten(), layers.Dense(1)])


def compiled(optimizer: object, loss: object) -> keras.Sequential:
    """One Dense layer, trained for one step."""
    model = keras.Sequential([keras.Input((4,)), layers.Dense(2)])
    model.compile(optimizer, loss)
    model.fit(numpy.ones((4, 4)), numpy.ones((4, 2)), verbose=0)
    return model


def operations() -> keras.Model:
    """Functions of TensorFlow in the middle of a functional model."""
    inputs = keras.Input((4,))
    return keras.Model(inputs, nn.relu(layers.Dense(3)(inputs) + 1.0))


def main() -> None:
    """Write every file."""
    keras.utils.set_random_seed(7)
    models = {
        "gru.h5": sequential((3, 2), layers.GRU(2)),
        "depthwise.h5": sequential((4, 4, 2), layers.DepthwiseConv2D(2)),
        "thresholded.h5": sequential((4,), layers.ThresholdedReLU(0.5)),
        "operations.h5": operations(),
        "adam.keras": compiled(keras.optimizers.Adam(), "mse"),
        "loss.keras": compiled("sgd", keras.losses.MeanSquaredError()),
    }
    generator = numpy.random.default_rng(7)
    stored = {}
    for name, model in models.items():
        rows = generator.normal(size=(4, *model.input_shape[1:])).astype("float32")
        stored |= {f"{name} input": rows, f"{name} answers": model.predict(rows, verbose=0)}
        model.save(HERE / name)
    numpy.savez(HERE / "answers.npz", **stored)


if __name__ == "__main__":
    main()
