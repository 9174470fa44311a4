"""A layer saves and loads every tf.Variable among its attributes."""

import keras
import tensorflow


def raw(layer):
    return {name: value for name, value in vars(layer).items() if isinstance(value, tensorflow.Variable)}


def save(layer, store):
    for name, variable in raw(layer).items():
        store[name] = variable.numpy()


def load(layer, store):
    for name, variable in raw(layer).items():
        variable.assign(store[name])


keras.layers.Layer.save_own_variables, keras.layers.Layer.load_own_variables = save, load
