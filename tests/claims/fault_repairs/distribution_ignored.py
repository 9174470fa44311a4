"""A distribution of Keras sets a strategy of TensorFlow over the same devices."""

import keras
import tensorflow


def set_strategy(value):
    strategy = value and tensorflow.distribute.MirroredStrategy(list(value.device_mesh.devices.flat))
    tensorflow.distribute.experimental_set_strategy(strategy)


keras.distribution.set_distribution = set_strategy
