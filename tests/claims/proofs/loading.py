"""A load in a new process, and what it costs: claims about reuse, speed, and formats outside Keras."""

import pickle
import pickletools
import subprocess
import sys

import keras
import numpy
import tensorflow

from tests.claims import trying
from tests.claims.shelf import Shelf


def b01(shelf: Shelf) -> dict[str, bool]:
    """Ask files in a process that has never trained."""
    return {
        name: shelf.stranger[name].same(shelf.answers) for name in ("whole.keras", "legacy.h5", "exported")
    }


def b25(shelf: Shelf) -> dict[str, bool]:
    """Compare weights to the last bit, and answers in a new process."""
    exported = [variable.numpy() for variable in shelf.artefact.variables]
    return {
        "weights of a folder": trying.identical(exported, shelf.another().get_weights()),
        "weights of a .keras": trying.identical(
            shelf.another().get_weights(), keras.models.load_model(shelf.whole).get_weights()
        ),
        "answers of a folder": shelf.stranger["exported"].same(shelf.answers),
        "answers of a .keras": shelf.stranger["whole.keras"].same(shelf.answers),
    }


def b04(shelf: Shelf) -> dict[str, bool]:
    """Keep the structure and not the weights; keep nothing."""
    clone = keras.models.clone_model(shelf.another())
    right = clone.predict(shelf.data.test_features, verbose=0).argmax(axis=1) == shelf.data.test_labels
    trained = shelf.another().predict(shelf.data.test_features, verbose=0).argmax(axis=1)
    assert (trained == shelf.data.test_labels).mean() > 0.6
    nothing = trying.in_new_process(shelf.place(), "found['model'] = 'model' in globals()")
    return {
        "only the structure is kept": bool(right.mean() < 0.3),
        "nothing is kept": nothing == {"model": False},
    }


def _seconds(shelf: Shelf) -> dict[str, float]:
    """How long one answer takes: by the first call after a load, by later ones, with the load each time."""
    row = shelf.rows[:1]
    artefact = tensorflow.saved_model.load(str(shelf.exported))
    first = trying.seconds(lambda: artefact.serve(row), repeat=1)
    return {
        "first": first,
        "later": trying.seconds(lambda: artefact.serve(row), times=20),
        "loading": trying.seconds(lambda: keras.models.load_model(shelf.whole)(row)),
    }


def b05(shelf: Shelf) -> dict[str, bool]:
    """Ask the same rows again, one by one, and in a new process; time the first answer and later ones."""
    keras.utils.set_random_seed(7)
    rows = numpy.random.default_rng(7).normal(size=(64, 1024)).astype("float32")
    wide = keras.Sequential([keras.Input((1024,)), keras.layers.Dense(512, activation="tanh")])
    whole, again = wide(rows), wide(rows)
    one_by_one = numpy.concatenate([wide(row[None]) for row in rows])
    assert trying.same(whole, again)
    numpy.testing.assert_allclose(one_by_one, whole, atol=1e-4)
    times = _seconds(shelf)
    return {
        "the same, to 1e-6, in a new process": shelf.stranger["whole.keras"].same(shelf.answers),
        "the same to the last bit, one by one": trying.identical([one_by_one], [whole]),
        "the first answer as fast as later ones": times["first"] < 2 * times["later"],
    }


def b13(shelf: Shelf) -> dict[str, bool]:
    """Time an answer of what is loaded, and a load for each answer."""
    times = _seconds(shelf)
    return {
        "loaded once: at least 10 answers in the time of a load": 10 * times["later"] < times["loading"],
        "loaded for each answer: as fast as an answer": times["loading"] < 3 * times["later"],
        "the first answer: as fast as later ones": times["first"] < 2 * times["later"],
    }


def _trained(epochs: int, rows: numpy.ndarray, labels: numpy.ndarray) -> keras.Model:
    """A tiny model of four features, built and trained."""
    layers = [keras.layers.Dense(8, activation="relu"), keras.layers.Dense(3, activation="softmax")]
    model = keras.Sequential([keras.Input((4,)), *layers])
    model.compile("adam", "sparse_categorical_crossentropy")
    model.fit(rows, labels, epochs=epochs, verbose=0)
    return model


def b38(shelf: Shelf) -> dict[str, bool]:
    """Time the training of a tiny model on 150 rows against a save and a load of it."""
    random = numpy.random.default_rng(7)
    rows, labels = random.normal(size=(150, 4)).astype("float32"), random.integers(0, 3, 150)
    path, model = shelf.place() / "tiny.keras", _trained(1, rows, labels)

    def save_and_load() -> None:
        model.save(path)
        keras.models.load_model(path)

    kept = trying.seconds(save_and_load, repeat=5)
    return {
        f"{epochs} epochs": trying.seconds(lambda epochs=epochs: _trained(epochs, rows, labels), repeat=1)
        < kept
        for epochs in (1, 10)
    }


def b12(shelf: Shelf) -> dict[str, bool]:
    """Time a training of 8 epochs on the digits against a load, and against an answer of what is loaded."""
    data, times = shelf.data, _seconds(shelf)
    training = trying.seconds(
        lambda: shelf.compiled().fit(data.train_features, data.train_labels, epochs=8, verbose=0), repeat=1
    )
    return {
        "training takes more than 3 loads": training > 3 * times["loading"],
        "and more than 100 answers": training > 100 * times["later"],
    }


def b39(shelf: Shelf) -> dict[str, bool]:
    """Weigh a pickle of the model; list what it runs; read it where there is no Keras."""
    content = pickle.dumps(shelf.another())
    steps = {operation.name for operation, _, _ in pickletools.genops(content)}
    read = "import pickle, sys; pickle.load(sys.stdin.buffer)"
    alone = subprocess.run([sys.executable, "-I", "-S", "-c", read], input=content, capture_output=True)
    assert alone.returncode == 0 or b"No module named" in alone.stderr, alone.stderr
    return {
        "lighter than .keras": len(content) < 0.9 * shelf.whole.stat().st_size,
        "read without running functions": "REDUCE" not in steps,
        "read without Keras": alone.returncode == 0,
    }
