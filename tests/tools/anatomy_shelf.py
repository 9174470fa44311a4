"""Saved models for the tests of anatomy, each from an instance of its own, and what the live ones say."""

import pathlib

from helpers import models
import keras
import tensorflow

STEPS = 45
ALL = (
    "trained.keras",
    "plain.keras",
    "custom.keras",
    "trained.h5",
    "trained.weights.h5",
    "exported",
    "saved",
    "several",
    "unbuilt",
    "kept",
    "unzipped",
)


def trained() -> keras.Sequential:
    """A compiled model whose optimizer has its arrays and counts steps, as after training."""
    model = models.sequential()
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    model.optimizer.build(model.trainable_variables)
    model.optimizer.iterations.assign(STEPS)
    return model


def fill(folder: pathlib.Path) -> None:
    """Write every artefact of ALL into a folder."""
    trained().save(folder / "trained.keras")
    models.sequential().save(folder / "plain.keras")
    models.custom_layer().save(folder / "custom.keras")
    trained().save(folder / "trained.h5")
    trained().save_weights(folder / "trained.weights.h5")
    trained().export(folder / "exported", verbose=False)
    tensorflow.saved_model.save(trained(), str(folder / "saved"))
    tensorflow.saved_model.save(keras.Sequential([keras.layers.Dense(3)]), str(folder / "unbuilt"))
    keras.saving.save_model(trained(), folder / "unzipped", zipped=False)
    model = trained()
    tensorflow.train.Checkpoint(model=model, optimizer=model.optimizer).save(str(folder / "kept" / "ckpt"))
    several(models.sequential()).write_out(folder / "several", verbose=False)


def several(model: keras.Sequential) -> keras.export.ExportArchive:
    """An archive with two endpoints: the answer, and what the hidden layer says."""
    archive = keras.export.ExportArchive()
    archive.track(model)
    batch = [tensorflow.TensorSpec((None, 64), "float32")]
    archive.add_endpoint("predict", model.call, batch)
    archive.add_endpoint("hidden", lambda pixels: model.layers[0](pixels), batch)
    return archive
