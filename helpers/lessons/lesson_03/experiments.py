"""What settles the items of lesson 03."""

import pathlib
import timeit

from helpers import digits, models
import keras
import numpy
import tensorflow


def _fastest(way: object, times: int) -> float:
    """Seconds of one call, after a first one that is not counted."""
    way()
    return min(timeit.repeat(way, number=times, repeat=3)) / times


def predict_ratio(folder: pathlib.Path) -> str:
    """Time one training against one answer of a loaded export."""
    row = digits.load().test_features[:1]
    models.trained().export(folder / "exported", verbose=False)
    artefact = tensorflow.saved_model.load(str(folder / "exported"))
    training = min(timeit.repeat(lambda: models.trained()(row), number=1, repeat=1))
    ratio = training / _fastest(lambda: artefact.serve(row), 200)
    assert ratio > 500, ratio
    times = 500 if ratio < 1000 else 1000
    return f"The loaded model answers more than {times} times while the other one trains once."


def myth_instantly(folder: pathlib.Path) -> str:
    """Time a load against one answer of what was loaded before."""
    row = digits.load().test_features[:1]
    model = models.trained(epochs=1)
    model.save(folder / "digits.keras")
    model.export(folder / "exported", verbose=False)
    artefact = tensorflow.saved_model.load(str(folder / "exported"))
    loading = _fastest(lambda: keras.models.load_model(folder / "digits.keras"), 3)
    ratio = loading / _fastest(lambda: artefact.serve(row), 200)
    assert ratio > 10, ratio
    return "One load takes longer than ten answers of the model that is loaded already."


def myth_input(folder: pathlib.Path) -> str:
    """Ask an export with a wrong width, text, whole numbers, and a value that is not a number."""
    rows = digits.load().test_features[:100]
    models.trained(epochs=2).export(folder / "exported", verbose=False)
    artefact = tensorflow.saved_model.load(str(folder / "exported"))
    wanted = artefact.serve(rows).numpy()
    broken = rows.copy()
    broken[:, 27] = numpy.nan
    raised = False
    try:
        artefact.serve(rows[:, 1:])
    except TypeError:
        raised = True
    text_raised = False
    try:
        artefact.serve(numpy.full((1, 64), "dark"))
    except TypeError:
        text_raised = True
    silent = [artefact.serve(wrong).numpy() for wrong in (rows.astype("int32"), broken)]
    assert raised and text_raised
    assert not any(numpy.allclose(answers, wanted, atol=1e-3) for answers in silent)
    assert numpy.allclose(artefact.serve(rows.astype(str)), wanted, atol=1e-5)  # the text "0.5" is cast
    return (
        "A width of 63 and the text dark raised TypeError. Integers and NaN raised nothing, and answers were "
        "wrong; the text 0.5 was taken for the number."
    )


# What settles the items about lesson 03 that only the deck asks.


def deck_tiny(folder: pathlib.Path) -> str:
    """Time one epoch on 150 rows, and a save with a load; the shorter of two each."""
    data, path = digits.load(), folder / "tiny.keras"

    def train() -> keras.Model:
        model = models.sequential()
        model.compile(optimizer="adam", loss="sparse_categorical_crossentropy")
        model.fit(data.train_features[:150], data.train_labels[:150], epochs=1, verbose=0)
        return model

    trained = train()

    def save_and_load() -> keras.Model:
        trained.save(path)
        return keras.models.load_model(path)

    training, keeping = (min(timeit.repeat(way, number=1, repeat=2)) for way in (train, save_and_load))
    assert int(save_and_load().optimizer.iterations) == 5
    assert training > 2 * keeping, (training, keeping)
    return (
        f"Training took {training / keeping:.0f} times as long as saving and loading together, for 5 steps."
    )
