"""Names of files: the suffixes that Keras 3 takes, and finding the newest one."""

import pathlib

from helpers.clinic.proofs import caught, shelf
import keras
import tensorflow


def p07(folder: pathlib.Path) -> caught.Case:
    """Names of Keras 2, then names of Keras 3."""
    model = shelf.trained()
    refused = [
        lambda: model.save_weights("model.h5"),
        lambda: model.save_weights("training/cp.ckpt"),
        lambda: keras.callbacks.ModelCheckpoint("cp.ckpt", save_weights_only=True),
        lambda: keras.callbacks.ModelCheckpoint("cp.ckpt"),
        lambda: model.save("model"),
        lambda: model.save("model", save_format="tf"),
    ]
    errors = []
    for line in refused:
        with caught.error(ValueError) as seen:
            line()
        errors.append(seen)

    model.save("model.keras")
    model.save_weights("model.weights.h5")
    other = shelf.fresh()
    other.load_weights("model.weights.h5")
    best = keras.callbacks.ModelCheckpoint("best.keras", monitor="loss", save_best_only=True)
    each = keras.callbacks.ModelCheckpoint("epoch-{epoch}.weights.h5", save_weights_only=True)
    shelf.trained().fit(shelf.FEATURES, shelf.LABELS, verbose=0, callbacks=[best, each])
    for back in (keras.models.load_model("model.keras"), other):
        assert caught.apart(back(shelf.BATCH), model(shelf.BATCH)) < 1e-6
    assert (folder / "best.keras").exists() and (folder / "epoch-1.weights.h5").exists()
    return caught.Case("`.keras` and `.weights.h5` are written, load and answer the same", errors)


def p08(folder: pathlib.Path) -> caught.Case:
    """Ask TensorFlow for the newest of two files of weights; then choose it by the number in its name."""
    model, wanted = shelf.fresh(), shelf.trained()
    shelf.fresh(2).save_weights("epoch-9.weights.h5")
    wanted.save_weights("epoch-10.weights.h5")
    assert tensorflow.train.latest_checkpoint(".") is None
    with caught.error(TypeError) as seen:
        model.load_weights(tensorflow.train.latest_checkpoint("."))

    newest = max(
        folder.glob("epoch-*.weights.h5"), key=lambda path: int(path.name.split("-")[1].split(".")[0])
    )
    model.load_weights(newest)
    assert caught.apart(model(shelf.BATCH), wanted(shelf.BATCH)) < 1e-6
    return caught.Case(f"chosen by its number: {newest.name}, and it answers as its model did", [seen])
