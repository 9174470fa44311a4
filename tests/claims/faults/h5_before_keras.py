"""S1: a save as .h5 takes the optimizer out of the model in memory; the next .keras falls back on RMSprop.

Seen on Keras 3.12.0 and 3.15.1; Keras 2.15.0 brings Adam back.
Public thread: https://github.com/keras-team/keras/pull/23475 (the same fault; repaired, merged in 2026)."""

import tempfile

import keras

model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3)])
model.compile(optimizer="adam", loss="mse")
with tempfile.TemporaryDirectory() as folder:
    model.save(f"{folder}/first.h5")
    model.save(f"{folder}/then.keras")
    loaded = keras.models.load_model(f"{folder}/then.keras")
print("expected:", type(model.optimizer).__name__)
print("seen:", type(loaded.optimizer).__name__)
