"""Dropout saves and loads the state of its seed generator."""

import keras


def save(layer, store):
    store["seed"] = layer.seed_generator.state.numpy()


def load(layer, store):
    layer.seed_generator.state.assign(store["seed"])


keras.layers.Dropout.save_own_variables, keras.layers.Dropout.load_own_variables = save, load
