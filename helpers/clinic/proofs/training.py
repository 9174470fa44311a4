"""Training that goes on after a load: the optimizer's state, and the best value so far."""

import pathlib

from helpers.clinic.proofs import caught, shelf
import keras


def _loss(model: keras.Model) -> float:
    return float(model.fit(shelf.FEATURES, shelf.LABELS, shuffle=False, verbose=0).history["loss"][0])


def p14(folder: pathlib.Path) -> caught.Case:
    """Weights into a freshly compiled model, then with the optimizer built first, then a .keras file."""
    model = shelf.trained()
    model.save_weights("model.weights.h5")
    model.save("model.keras")
    reset = shelf.fresh()
    with caught.warned() as said:
        reset.load_weights("model.weights.h5")
    (warning,) = [line for line in said if "Skipping variable loading" in line]
    assert int(reset.optimizer.iterations) == 0

    ready = shelf.fresh()
    ready.optimizer.build(ready.trainable_variables)
    ready.load_weights("model.weights.h5")
    whole = keras.models.load_model("model.keras")
    _loss(model)
    for resumed in (ready, whole):
        assert int(resumed.optimizer.iterations) == 90
        _loss(resumed)
        assert caught.apart(resumed(shelf.BATCH), model(shelf.BATCH)) < 1e-6
    _loss(reset)
    assert caught.apart(reset(shelf.BATCH), model(shelf.BATCH)) > 1e-3
    return caught.Case(
        "at step 90 the training goes on exactly, from `.keras` and with the optimizer built first",
        measured=f"the optimizer stands at step 0 instead of 90, and no error: {warning.strip()}",
    )


def p15(folder: pathlib.Path) -> caught.Case:
    """Train a loaded .h5 model, then compile it again."""
    model = shelf.trained()
    model.save("old.h5")
    loaded = keras.models.load_model("old.h5")
    with caught.error(ValueError) as seen:
        _loss(loaded)

    loaded = keras.models.load_model("old.h5", compile=False)
    loaded.compile(optimizer="adam", loss="sparse_categorical_crossentropy", run_eagerly=True)
    assert caught.apart(loaded(shelf.BATCH), shelf.trained()(shelf.BATCH)) < 1e-6
    _loss(loaded)
    assert int(loaded.optimizer.iterations) == 4
    return caught.Case("compiled again it trains, from step 0 of the optimizer", [seen])


def p20(folder: pathlib.Path) -> caught.Case:
    """A good model in best.keras, and a restart with a worse one; then with the value to beat."""

    def restart(**options: float) -> float:
        """The loss of what lies in best.keras after a second run."""
        shelf.trained().save("best.keras")
        callback = keras.callbacks.ModelCheckpoint(
            "best.keras", monitor="loss", save_best_only=True, **options
        )
        shelf.fresh().fit(shelf.FEATURES, shelf.LABELS, verbose=0, callbacks=[callback])
        kept = keras.models.load_model("best.keras", compile=False)
        kept.compile(loss="sparse_categorical_crossentropy", run_eagerly=True)
        return float(kept.evaluate(shelf.FEATURES, shelf.LABELS, verbose=0))

    best = float(shelf.trained().evaluate(shelf.FEATURES, shelf.LABELS, verbose=0))
    worse = restart()
    assert worse > 1.5 * best, (worse, best)
    kept = restart(initial_value_threshold=best)
    assert abs(kept - best) < 1e-6, (kept, best)
    return caught.Case(
        "with the value to beat, best.keras keeps the better model",
        measured="no error, and best.keras holds a model whose loss is more than half as high again",
    )
