"""A compiled model that was saved as .h5 loads with its optimizer, predicts, and cannot be trained.

Seen on Keras 3.15.1, and on 3.12.0 with another error; Keras 2.15.0 trains on.
Public thread: no public thread found for a model loaded from .h5."""

import tempfile

import keras
import numpy

features, targets = numpy.ones((8, 4)), numpy.ones((8, 3))
model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3)])
model.compile(optimizer="adam", loss=keras.losses.MeanSquaredError())
with tempfile.TemporaryDirectory() as folder:
    model.save(f"{folder}/model.h5")
    loaded = keras.models.load_model(f"{folder}/model.h5")
print("expected: fit runs")
try:
    loaded.fit(features, targets, verbose=0)
    print("seen: fit runs")
except (NotImplementedError, ValueError) as error:
    print("seen: fit stops with", type(error).__name__)
