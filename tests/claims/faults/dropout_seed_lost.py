"""S18: how far Dropout has drawn is not saved, so a resumed training repeats its masks from the first one.

Seen on Keras 3.12.0 and 3.15.1; Keras 2.15.0 has no such state.
Public thread: https://github.com/keras-team/keras/issues/19796 (the same fault, on PyTorch; closed)."""

import tempfile

import keras
import numpy

model = keras.Sequential([keras.Input((4,)), keras.layers.Dropout(0.5, seed=42)])
for _ in range(3):
    model(numpy.ones((1, 4)), training=True)
with tempfile.TemporaryDirectory() as folder:
    model.save(f"{folder}/model.keras")
    loaded = keras.models.load_model(f"{folder}/model.keras")
print("expected:", numpy.array(model.layers[0].seed_generator.state).tolist())
print("seen:", numpy.array(loaded.layers[0].seed_generator.state).tolist())
