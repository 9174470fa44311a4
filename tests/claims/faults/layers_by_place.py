"""S13: a model of one's own makes its layers in another order, and old weights go to the wrong ones.

Seen on Keras 3.15.1, for attributes behind `layers` in the alphabet; on Keras 2.15.0 for any.
Public thread: no public thread found."""

import tempfile

import keras


class Pair(keras.Model):
    def __init__(self, *names):
        super().__init__()
        for name in names:
            setattr(self, name, keras.layers.Dense(2))

    def call(self, rows):
        return self.value(self.query(rows))


saved, tidied, rows = Pair("query", "value"), Pair("value", "query"), keras.ops.ones((1, 2))
answers = saved(rows), tidied(rows)
with tempfile.TemporaryDirectory() as folder:
    saved.save_weights(f"{folder}/pair.weights.h5")
    tidied.load_weights(f"{folder}/pair.weights.h5")
print("expected: query has its own kernel True")
print("seen: query has its own kernel", bool((tidied.query.kernel == saved.query.kernel).numpy().all()))
