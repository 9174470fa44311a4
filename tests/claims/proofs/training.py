"""Training state: what comes back of it, whether training goes on, and whether it goes on exactly."""

import keras
import numpy
import tensorflow

from tests.claims import trying
from tests.claims.shelf import Shelf


def a20(shelf: Shelf) -> dict[str, bool]:
    """Change a model in four ways: do its outputs tell?"""
    noisy, slipped = shelf.another(), shelf.another()
    noisy.layers[0].bias.assign_add(0.1 * numpy.ones(128, "float32"))
    slipped.layers[0].activation = keras.activations.tanh
    recompiled = shelf.another()
    recompiled.compile("sgd", "sparse_categorical_crossentropy")
    frozen = shelf.another()
    frozen.trainable = False
    changed = {
        "other weights": noisy,
        "another activation": slipped,
        "the optimizer lost": recompiled,
        "frozen": frozen,
    }
    return {name: not trying.same(model(shelf.rows), shelf.answers) for name, model in changed.items()}


def a26(shelf: Shelf) -> dict[str, bool]:
    """Load without compile settings; save without the optimizer, and weigh that."""
    idle, bare = shelf.another(compile=False), keras.models.load_model(shelf.bare)
    assert not idle.compiled and not bare.compiled
    smaller = shelf.bare.stat().st_size < 0.5 * shelf.whole.stat().st_size
    return {
        "loaded with compile=False": trying.same(idle(shelf.rows), shelf.answers),
        "saved without optimizer, and much smaller": trying.same(bare(shelf.rows), shelf.answers) and smaller,
        "exported": trying.same(shelf.artefact.serve(shelf.rows), shelf.answers),
    }


def a27(shelf: Shelf) -> dict[str, bool]:
    """Save in mid-training, in two ways; compare the optimizer, then train another step."""
    restored = shelf.compiled()
    checkpoint = tensorflow.train.Checkpoint(model=restored, optimizer=restored.optimizer)
    status = checkpoint.read(str(shelf.checkpoint))
    unmatched = trying.refused(status.assert_existing_objects_matched, AssertionError, "not bound")

    def goes_on(model: keras.Model) -> bool:
        whole = trying.identical(model.optimizer.variables, shelf.optimizer)
        model.train_on_batch(*shelf.few)
        return whole and int(model.optimizer.iterations) == int(shelf.optimizer[0]) + 1

    return {".keras": goes_on(shelf.another()), "tf.train.Checkpoint": not unmatched and goes_on(restored)}


def b10(shelf: Shelf) -> dict[str, bool]:
    """Save and load a trained model that also has dropout, a frozen layer, an attribute and a history."""
    layers = keras.layers
    model = keras.Sequential(
        [keras.Input((64,)), layers.Dense(4), layers.Dropout(0.5, seed=42), layers.Dense(10, "softmax")]
    )
    model.layers[0].trainable = False
    model.compile(keras.optimizers.Adam(3e-4), "sparse_categorical_crossentropy", run_eagerly=True)
    model.threshold = 0.7
    model.fit(*shelf.few, epochs=2, verbose=0)
    path = shelf.place() / "trained.keras"
    model.save(path)
    loaded = keras.models.load_model(path)
    states = [[seed.numpy() for seed in each.layers[1].variables] for each in (model, loaded)]
    return {
        "answers": trying.same(loaded(shelf.rows), model(shelf.rows)),
        "the optimizer": trying.identical(loaded.optimizer.variables, model.optimizer.variables),
        "the loss": loaded.loss == model.loss,
        "frozen layers": [layer.trainable for layer in loaded.layers]
        == [layer.trainable for layer in model.layers],
        "where dropout stands": trying.identical(*states),
        "an attribute of Python": hasattr(loaded, "threshold"),
        "the history": hasattr(loaded, "history") and loaded.history is not None,
    }


class _Training:
    """Four epochs in one go, and two epochs and a save; `resumed` loads the file and adds the other two."""

    def __init__(self, shelf: Shelf, dropout: float = 0.0, halving: bool = False) -> None:
        self.data, self.halving, self.path = shelf.few, halving, shelf.place() / "half.keras"
        self.whole, self.half = self.built(dropout), self.built(dropout)
        self.fit(self.whole, 0, 4)
        self.fit(self.half, 0, 2)
        self.half.save(self.path)

    def built(self, dropout: float) -> keras.Model:
        keras.utils.set_random_seed(7)
        layers = [keras.layers.Dropout(dropout)] if dropout else []
        model = keras.Sequential([keras.Input((64,)), *layers, keras.layers.Dense(10, activation="softmax")])
        model.compile("adam", "sparse_categorical_crossentropy", run_eagerly=True)
        return model

    def fit(self, model: keras.Model, start: int, end: int) -> None:
        schedule = keras.callbacks.LearningRateScheduler(lambda epoch: 0.01 * 0.5**epoch)
        model.fit(
            *self.data,
            initial_epoch=start,
            epochs=end,
            shuffle=False,
            callbacks=[schedule] if self.halving else [],
            verbose=0,
        )

    def resumed(self, initial_epoch: int = 2, seeds: bool = False) -> bool:
        """Whether the resumed training ends with the same weights as the whole one, to the last bit."""
        model = keras.models.load_model(self.path)
        if seeds:
            for new, old in zip(self.seeds(model), self.seeds(self.half), strict=True):
                new.assign(old)
        self.fit(model, initial_epoch, initial_epoch + 2)
        return trying.identical(model.weights, self.whole.weights)

    @staticmethod
    def seeds(model: keras.Model) -> list[keras.Variable]:
        """Where each random generator stands."""
        return [variable for variable in model.non_trainable_variables if "seed" in variable.path]


def b36(shelf: Shelf) -> dict[str, bool]:
    """Resume with the order of the rows fixed: plain, with dropout, with a schedule."""
    dropout, schedule = _Training(shelf, dropout=0.3), _Training(shelf, halving=True)
    return {
        "no dropout, no callback": _Training(shelf).resumed(),
        "dropout": dropout.resumed(),
        "dropout, with the seeds carried over": dropout.resumed(seeds=True),
        "a schedule, with initial_epoch": schedule.resumed(),
        "a schedule, without initial_epoch": schedule.resumed(initial_epoch=0),
    }
