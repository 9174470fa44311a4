"""S2: a Model subclass without get_config is saved with the defaults of its arguments, not with its own.

Seen on Keras 3.12.0 and 3.15.1; Keras 2.15.0 brings the argument back, and so does a Layer subclass today.
Public thread: no public thread found."""

import tempfile

import keras
import numpy


class Scaled(keras.Model):
    def __init__(self, scale=1.0, **options):
        super().__init__(**options)
        self.scale = scale

    def call(self, inputs):
        return inputs * self.scale


model = Scaled(scale=5.0)
model(numpy.ones((1, 2)))
with tempfile.TemporaryDirectory() as folder:
    model.save(f"{folder}/model.keras")
    loaded = keras.models.load_model(f"{folder}/model.keras", custom_objects={"Scaled": Scaled})
print("expected: scale", model.scale)
print("seen: scale", loaded.scale)
