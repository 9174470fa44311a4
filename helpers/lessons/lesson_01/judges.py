"""Judges of the exercises of lesson 01. The given cells write golden.npz into the scratch folder."""

import pathlib
import tempfile

from helpers import digits
from helpers.lessons import judgement
import keras
import numpy


def task_1(numbers: object) -> judgement.Verdict:
    """How many numbers the weights hold: 64 * 128 + 128 + 128 * 10 + 10."""
    if int(numbers) == 9610 == float(numbers):
        return judgement.CORRECT
    known = {4: "arrays", 64 * 128 + 128 * 10: "biases"}
    return judgement.Verdict(known.get(int(numbers), "other"), {"seen": numbers})


def task_2(loaded: object, model: keras.Model) -> judgement.Verdict:
    """A saved and loaded model: another object, the golden answers, and a file that holds them."""
    if not isinstance(loaded, keras.Model):
        return judgement.Verdict("no-model", {"seen": judgement.kind(loaded)})
    if loaded is model:
        return judgement.Verdict("same-object")
    golden = numpy.load("golden.npz")
    apart = judgement.difference(judgement.answers(loaded, golden["batch"]), golden["answers"])
    if apart > 1e-5:
        return judgement.Verdict("answers", {"difference": apart})
    # phone.keras is the notebook's own, written for a later task.
    if not [path for path in pathlib.Path().glob("**/*.keras") if path.name != "phone.keras"]:
        return judgement.Verdict("legacy" if any(pathlib.Path().glob("**/*.h5")) else "no-file")
    return judgement.CORRECT


def task_3(twin: object, model: keras.Model) -> judgement.Verdict:
    """A clone with the weights of the model, and a life of its own."""
    if not isinstance(twin, keras.Model):
        return judgement.Verdict("no-model", {"seen": judgement.kind(twin)})
    if twin is model:
        return judgement.Verdict("same-object")
    if judgement.weight_difference(twin, model) <= 1e-6:
        return judgement.CORRECT
    data = digits.load()
    reads = (judgement.answers(twin, data.test_features).argmax(axis=1) == data.test_labels).mean() > 0.5
    golden = numpy.load("golden.npz")
    if reads:
        return judgement.Verdict("retrained", {"difference": judgement.weight_difference(twin, model)})
    apart = judgement.difference(judgement.answers(twin, golden["batch"]), golden["answers"])
    return judgement.Verdict("untouched", {"difference": apart})


def task_4(portable: object) -> judgement.Verdict:
    """A model that takes photographs (0 is ink, 255 is paper) and answers as the golden batch says."""
    if not isinstance(portable, keras.Model):
        return judgement.Verdict("no-model", {"seen": judgement.kind(portable)})
    golden = numpy.load("golden.npz")
    photographs = (1 - golden["batch"]) * 255
    model = keras.models.load_model("phone.keras")
    given = judgement.answers(portable, photographs)
    apart = judgement.difference(given, golden["answers"])
    if apart > 1e-4:
        if judgement.difference(given, judgement.answers(model, photographs)) <= 1e-4:
            return judgement.Verdict("unprepared")
        if judgement.difference(given, judgement.answers(model, photographs / 255)) <= 1e-4:
            return judgement.Verdict("scaled-only")
        return judgement.Verdict("answers", {"difference": apart})
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "portable.keras")
        portable.save(path)
        apart = judgement.difference(judgement.answers(keras.models.load_model(path), photographs), given)
    return judgement.Verdict("not-saved", {"difference": apart}) if apart > 1e-5 else judgement.CORRECT


def task_5(comes_back: object) -> judgement.Verdict:
    """Which of six things a saved and loaded model still has."""
    truth = {
        "layers": True,
        "weights": True,
        "optimizer steps": True,
        "loss": True,
        "training history": False,
        "author": False,
    }
    if not isinstance(comes_back, dict):
        return judgement.Verdict("no-dictionary", {"seen": judgement.kind(comes_back)})
    open_ones = [name for name in truth if not isinstance(comes_back.get(name), bool | numpy.bool_)]
    if open_ones:
        return judgement.Verdict("unfilled", {"seen": len(open_ones)})
    wrong = [name for name, answer in truth.items() if comes_back[name] != answer]
    return (
        judgement.Verdict("wrong", {"right": 6 - len(wrong), "topic": wrong[0]})
        if wrong
        else judgement.CORRECT
    )
