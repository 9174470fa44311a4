"""S20: save("model.keras", include_optimizer=False) saves the optimizer all the same.

Seen on Keras 3.12.0 and 3.15.1; Keras 2.15.0 refuses the argument with a ValueError.
Public thread: https://github.com/tensorflow/tensorflow/issues/84268 (the same fault; closed as stale)."""

import tempfile

import keras

model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3)])
model.compile(optimizer="adam", loss="mse")
with tempfile.TemporaryDirectory() as folder:
    try:
        model.save(f"{folder}/model.keras", include_optimizer=False)
        optimizer = getattr(keras.models.load_model(f"{folder}/model.keras"), "optimizer", None)
    except (TypeError, ValueError):
        optimizer = None
print("expected: optimizer saved False")
print("seen: optimizer saved", optimizer is not None)
