"""S4: a tf.Variable in a layer is not saved, and the load makes a new random one, without an error.

Seen on Keras 3.12.0 and 3.15.1, as .keras and .h5; Keras 2.15.0 and an export keep it.
Public thread: no public thread found. https://keras.io/guides/migrating_to_keras_3/ says: not tracked."""

import tempfile

import keras
import numpy
import tensorflow


class Rays(keras.layers.Layer):
    def build(self, shape):
        self.rays = tensorflow.Variable(tensorflow.random.normal((shape[-1], 3)))

    def call(self, inputs):
        return tensorflow.matmul(inputs, self.rays)


model, batch = keras.Sequential([keras.Input((4,)), Rays()]), numpy.ones((1, 4), "float32")
with tempfile.TemporaryDirectory() as folder:
    model.save(f"{folder}/model.keras")
    loaded = keras.models.load_model(f"{folder}/model.keras", custom_objects={"Rays": Rays})
print("expected: same answers True")
print("seen: same answers", numpy.allclose(model(batch), loaded(batch)))
