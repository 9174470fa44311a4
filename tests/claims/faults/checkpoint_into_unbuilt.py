"""A checkpoint restored into a Model subclass that is not built yet: it answers with a random kernel.

Seen on Keras 3.12.0 and 3.15.1 with TensorFlow 2.21.0 (a Sequential is right); TensorFlow 2.15.1 is right.
Public thread: no public thread found."""

import tempfile

import keras
import tensorflow


class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.dense = keras.layers.Dense(3)

    def call(self, inputs):
        return self.dense(inputs)


model, unbuilt, batch = Net(), Net(), tensorflow.ones((1, 4))
answers = model(batch)
with tempfile.TemporaryDirectory() as folder:
    path = tensorflow.train.Checkpoint(model=model).save(f"{folder}/state")
    tensorflow.train.Checkpoint(model=unbuilt).restore(path)
    print("expected: same answers True")
    print("seen: same answers", bool(tensorflow.reduce_all(answers == unbuilt(batch))))
