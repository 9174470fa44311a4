"""Judges of the exercises of lesson 11: files of other versions, and what was made of them."""

import os
import pathlib
import tempfile
import warnings
import zipfile

from helpers import capsules, digits
from helpers.capsules import judging
from helpers.checks import common
import keras
import numpy

_HOW = {
    "ada.keras": "rename",
    "ben.keras": "as it is",
    "cleo.h5": "as it is",
    "dan": "saved_model",
    "eve.keras": "compile=False",
}
_INPUTS = numpy.linspace(-4.5, 4.5, 37, dtype="float32")[:, None]
_OLD = numpy.clip(0.2 * _INPUTS + 0.5, 0, 1)
_NOW = numpy.clip(_INPUTS / 6 + 0.5, 0, 1)


def task_1(verdict: object) -> common.Verdict:
    """How each of five files can be loaded here."""
    if not isinstance(verdict, dict):
        return common.Verdict("no-dictionary", {"seen": common.kind(verdict)})
    if unfilled := [name for name in _HOW if verdict.get(name) in (None, ...)]:
        return common.Verdict("unfilled", {"seen": ", ".join(unfilled)})
    wrong = [name for name, how in _HOW.items() if verdict[name] != how]
    if not wrong:
        return common.CORRECT
    facts = {"right": len(_HOW) - len(wrong), "name": wrong[0], "seen": verdict[wrong[0]]}
    if facts["seen"] not in _HOW.values():
        return common.Verdict("unknown", facts)
    return common.Verdict("suffix" if facts["seen"] == "as it is" else "other", facts)


def task_2(repaired: object) -> common.Verdict:
    """A model that answers as Keras 2 did, before and after it was saved."""
    if not isinstance(repaired, keras.Model):
        of_keras_2 = type(repaired).__module__.startswith("tf_keras")
        return (
            common.Verdict("keras-2")
            if of_keras_2
            else common.Verdict("no-model", {"seen": common.kind(repaired)})
        )
    try:
        found = _asked(repaired)
    except Exception as error:  # whatever a learner built
        return common.Verdict("refuses", {"seen": common.kind(error)})
    if (apart := common.difference(found, _OLD)) > judging.TOLERANCE:
        if common.difference(found, _NOW) <= judging.TOLERANCE:
            return common.Verdict(
                "unchanged", {"seen": float(numpy.interp(0.75, _INPUTS[:, 0], found[:, 0]))}
            )
        return common.Verdict("off", {"seen": apart})
    with tempfile.TemporaryDirectory() as folder:
        try:
            repaired.save(f"{folder}/repaired.keras")
            found = _asked(keras.models.load_model(f"{folder}/repaired.keras"))
        except Exception as error:
            return common.Verdict("lost", {"seen": common.kind(error)})
    if (apart := common.difference(found, _OLD)) > judging.TOLERANCE:
        return common.Verdict("changed", {"seen": apart})
    return common.CORRECT


def task_3(path: object) -> common.Verdict:
    """A `.keras` of today with the old answers, which trains on."""
    if not isinstance(path, (str, os.PathLike)):
        return common.Verdict("no-path", {"seen": common.kind(path)})
    name = pathlib.Path(path).name
    if not pathlib.Path(path).is_file():
        return common.Verdict("missing", {"seen": name})
    if not zipfile.is_zipfile(path) or pathlib.Path(path).suffix != ".keras":
        return common.Verdict("format", {"seen": name})
    try:
        with warnings.catch_warnings():
            # The optimizer of a model that was compiled and not trained yet: Keras warns that it is empty.
            warnings.simplefilter("ignore")
            model = keras.models.load_model(path)
    except Exception as error:
        return common.Verdict("refused", {"seen": judging.said(error)})
    golden = capsules.golden("tf-2.13", "own")
    if (apart := common.difference(common.answers(model, golden.rows), golden.answers)) > judging.TOLERANCE:
        return common.Verdict("answers", {"seen": apart})
    data = digits.load()
    try:
        model.fit(data.train_features[:32], data.train_labels[:32], verbose=0)
    except Exception as error:
        return common.Verdict("fit", {"seen": common.kind(error)})
    if (optimizer := common.kind(model.optimizer)) != "Adam":
        return common.Verdict("optimizer", {"seen": optimizer})
    return common.CORRECT


def _asked(model: keras.Model) -> numpy.ndarray:
    """Its answers to the inputs, also if it gives them in a dictionary; shape (37, 1)."""
    answers = model.predict(_INPUTS, verbose=0)
    if isinstance(answers, dict) and len(answers) == 1:
        (answers,) = answers.values()
    return numpy.asarray(answers).reshape(len(_INPUTS), -1)
