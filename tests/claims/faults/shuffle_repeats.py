"""S26: after set_random_seed, fit(shuffle=True) takes the rows in the same order in every epoch.

Seen on Keras 3.12.0 and 3.15.1 with TensorFlow 2.21.0; not on 2.15.
Public thread: https://github.com/tensorflow/tensorflow/issues/35682 (its cause: a seeded map repeats)."""

import keras
import numpy

orders = []


def loss(rows, answers):
    orders.append(tuple(numpy.array(rows).ravel()))
    return keras.ops.mean(answers)


keras.utils.set_random_seed(1)
model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
model.compile(loss=loss, run_eagerly=True)
rows = numpy.arange(100.0).reshape(100, 1)
model.fit(rows, rows, batch_size=100, epochs=4, shuffle=True, verbose=0)
print("expected: different orders in 4 epochs:", len(orders))
print("seen: different orders in 4 epochs:", len(set(orders)))
