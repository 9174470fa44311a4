"""Judges of the exercises of lesson 11: files of other versions, and what was made of them."""

import os
import pathlib
import tempfile
import warnings
import zipfile

from helpers import digits
from helpers.lessons import judgement
from helpers.lessons.lesson_11 import capsules, verdicts
import keras
import numpy

_HOW = {
    "ada.keras": "rename",
    "ben.keras": "as it is",
    "cleo.h5": "as it is",
    "dan": "tf.saved_model.load",
    "eve.keras": "compile=False",
}
_INPUTS = numpy.linspace(-4.5, 4.5, 37, dtype="float32")[:, None]
_OLD = numpy.clip(0.2 * _INPUTS + 0.5, 0, 1)
_NOW = numpy.clip(_INPUTS / 6 + 0.5, 0, 1)


def task_1(verdict: object) -> judgement.Verdict:
    """How each of five files can be loaded here."""
    if not isinstance(verdict, dict):
        return judgement.Verdict("no-dictionary", {"seen": judgement.kind(verdict)})
    if unfilled := [name for name in _HOW if verdict.get(name) in (None, ...)]:
        return judgement.Verdict("unfilled", {"seen": ", ".join(unfilled)})
    wrong = [name for name, how in _HOW.items() if verdict[name] != how]
    if not wrong:
        return judgement.CORRECT
    facts = {"right": len(_HOW) - len(wrong), "name": wrong[0], "seen": verdict[wrong[0]]}
    if facts["seen"] not in _HOW.values():
        return judgement.Verdict("unknown", facts)
    return judgement.Verdict("suffix" if facts["seen"] == "as it is" else "other", facts)


def task_2(repaired: object) -> judgement.Verdict:
    """A model that answers as Keras 2 did, before and after it was saved."""
    if not isinstance(repaired, keras.Model):
        of_keras_2 = type(repaired).__module__.startswith("tf_keras")
        return (
            judgement.Verdict("keras-2")
            if of_keras_2
            else judgement.Verdict("no-model", {"seen": judgement.kind(repaired)})
        )
    try:
        found = _asked(repaired)
    except Exception as error:  # whatever a learner built
        return judgement.Verdict("refuses", {"seen": judgement.kind(error)})
    if (apart := judgement.difference(found, _OLD)) > verdicts.TOLERANCE:
        if judgement.difference(found, _NOW) <= verdicts.TOLERANCE:
            return judgement.Verdict(
                "unchanged", {"seen": float(numpy.interp(0.75, _INPUTS[:, 0], found[:, 0]))}
            )
        return judgement.Verdict("off", {"seen": apart})
    with tempfile.TemporaryDirectory() as folder:
        try:
            repaired.save(f"{folder}/repaired.keras")
            found = _asked(keras.models.load_model(f"{folder}/repaired.keras"))
        except Exception as error:
            return judgement.Verdict("lost", {"seen": judgement.kind(error)})
    if (apart := judgement.difference(found, _OLD)) > verdicts.TOLERANCE:
        return judgement.Verdict("changed", {"seen": apart})
    return judgement.CORRECT


def task_3(path: object) -> judgement.Verdict:
    """A `.keras` of today with the old answers, which trains on."""
    if not isinstance(path, (str, os.PathLike)):
        return judgement.Verdict("no-path", {"seen": judgement.kind(path)})
    name = pathlib.Path(path).name
    if not pathlib.Path(path).is_file():
        return judgement.Verdict("missing", {"seen": name})
    if not zipfile.is_zipfile(path) or pathlib.Path(path).suffix != ".keras":
        return judgement.Verdict("format", {"seen": name})
    try:
        with warnings.catch_warnings():
            # The optimizer of a model that was compiled and not trained yet: Keras warns that it is empty.
            warnings.simplefilter("ignore")
            model = keras.models.load_model(path)
    except Exception as error:
        return judgement.Verdict("refused", {"seen": verdicts.said(error)})
    golden = capsules.golden("tf-2.13", "own")
    if (
        apart := judgement.difference(judgement.answers(model, golden.rows), golden.answers)
    ) > verdicts.TOLERANCE:
        return judgement.Verdict("answers", {"seen": apart})
    data = digits.load()
    try:
        model.fit(data.train_features[:32], data.train_labels[:32], verbose=0)
    except Exception as error:
        return judgement.Verdict("fit", {"seen": judgement.kind(error)})
    if (optimizer := judgement.kind(model.optimizer)) != "Adam":
        return judgement.Verdict("optimizer", {"seen": optimizer})
    return judgement.CORRECT


def _asked(model: keras.Model) -> numpy.ndarray:
    """Its answers to the inputs, also if it gives them in a dictionary; shape (37, 1)."""
    answers = model.predict(_INPUTS, verbose=0)
    if isinstance(answers, dict) and len(answers) == 1:
        (answers,) = answers.values()
    return numpy.asarray(answers).reshape(len(_INPUTS), -1)
