"""A Model hands its arguments on, as a Layer does, and with them what is saved without get_config."""

import keras

keras.Model.__new__ = lambda kind, *arguments, **options: keras.layers.Layer.__new__(
    kind, *arguments, **options
)
