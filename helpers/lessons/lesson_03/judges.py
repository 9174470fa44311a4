"""Judges of the exercises of lesson 03. The given cells export the model into the scratch folder."""

import json
import unittest.mock

from helpers import digits
from helpers.core import errors
from helpers.lessons import judgement
from helpers.tools.serving import service
import httpx
import keras
import numpy
import tensorflow


def task_1(body: object) -> judgement.Verdict:
    """A request body for the first three test digits."""
    if not isinstance(body, dict):
        return judgement.Verdict("no-dictionary", {"seen": judgement.kind(body)})
    try:
        sent = json.dumps(body).encode()
    except TypeError as error:
        return judgement.Verdict("not-json", {"seen": str(error)})
    try:
        received = service.rows(sent, 64)
    except service.BadRequest as reason:
        return judgement.Verdict("refused", {"status": reason.status, "seen": str(reason)})
    apart = judgement.difference(received, digits.load().test_features[:3])
    return judgement.CORRECT if apart <= 1e-6 else judgement.Verdict("other-rows", {"seen": len(received)})


def task_2(answer: object) -> judgement.Verdict:
    """A function that answers from what was loaded before."""
    if not callable(answer) or isinstance(answer, type):
        return judgement.Verdict("no-function", {"seen": judgement.kind(answer)})
    wanted = tensorflow.saved_model.load("exported")
    rows = digits.load().test_features[:4]
    # Both ways to load are counted; they still load, so that the answers can be judged.
    with (
        unittest.mock.patch("tensorflow.saved_model.load", wraps=tensorflow.saved_model.load) as folder_loads,
        unittest.mock.patch("keras.models.load_model", wraps=keras.models.load_model) as file_loads,
        unittest.mock.patch("keras.saving.load_model", wraps=keras.saving.load_model) as saving_loads,
    ):
        given = [numpy.asarray(answer(rows[:count])) for count in (1, 4, 1)]
    loads = folder_loads.call_count + file_loads.call_count + saving_loads.call_count
    apart = judgement.difference(given[1], wanted.serve(rows).numpy())
    if not apart <= 1e-5:
        return judgement.Verdict("answers", {"difference": apart})
    return judgement.Verdict("loads", {"seen": loads}) if loads else judgement.CORRECT


def task_3(reply: object) -> judgement.Verdict:
    """The service's answer to the first test digit."""
    if not isinstance(reply, httpx.Response):
        return judgement.Verdict("no-reply", {"seen": judgement.kind(reply)})
    if reply.status_code != 200:
        return judgement.Verdict("refused", {"status": reply.status_code, "seen": reply.json()["error"]})
    artefact = tensorflow.saved_model.load("exported")
    row = digits.load().test_features[:1]
    given = numpy.asarray(reply.json()["predictions"])
    apart = judgement.difference(given, artefact.serve(row).numpy())
    if apart <= 1e-5:
        return judgement.CORRECT
    unscaled = judgement.difference(given, artefact.serve(row * 16).numpy())
    return (
        judgement.Verdict("unscaled")
        if unscaled <= 1e-5
        else judgement.Verdict("answers", {"difference": apart})
    )


def task_4(checked: object) -> judgement.Verdict:
    """A function that lets good rows through as float32 and raises ValueError for the others."""
    if not callable(checked) or isinstance(checked, type):
        return judgement.Verdict("no-function", {"seen": judgement.kind(checked)})
    rows = digits.load().test_features[:3]
    broken, endless = rows.copy(), rows.copy()
    broken[1, 5], endless[2, 9] = numpy.nan, numpy.inf
    good = {"three rows": rows, "a list of lists": rows.tolist(), "64-bit numbers": rows.astype("float64")}
    for name, value in good.items():
        try:
            given = checked(value)
        except ValueError:
            return judgement.Verdict("refuses", {"seen": name})
        except Exception as error:  # whatever else a learner's function raises, for this input
            return judgement.Verdict("raises", {"seen": name, "error": errors.one_line(error)})
        if getattr(given, "dtype", None) != numpy.float32:
            return judgement.Verdict("type", {"seen": f"a {judgement.kind(given)} for {name}"})
        apart = judgement.difference(given, rows)
        if apart > 1e-6:
            return judgement.Verdict("changes", {"difference": apart})
    bad = {
        "a row of 63": rows[:, 1:],
        "a single row without its batch": rows[0],
        "no rows at all": rows[:0],
        "an image of 8 by 8": rows.reshape(-1, 8, 8),
        "a value that is not a number": broken,
        "an infinite value": endless,
    }
    for name, value in bad.items():
        try:
            checked(value)
        except ValueError as error:
            if len(str(error).split()) < 3:  # "bad" is no sentence
                return judgement.Verdict("no-words", {"seen": name})
        except Exception as error:
            return judgement.Verdict("raises", {"seen": name, "error": errors.one_line(error)})
        else:
            return judgement.Verdict("accepts", {"seen": name})
    return judgement.CORRECT


def task_5(labels: object, predictions: object) -> judgement.Verdict:
    """For each row the digit with a probability of at least 0.9, otherwise None."""
    rows = numpy.asarray(predictions, dtype="float64")
    wanted = [int(row.argmax()) if row.max() >= 0.9 else None for row in rows]
    if not isinstance(labels, list):
        return judgement.Verdict("no-list", {"seen": judgement.kind(labels), "rows": len(rows)})
    if len(labels) != len(rows):
        return judgement.Verdict("length", {"seen": len(labels), "rows": len(rows)})
    if None not in labels:
        return judgement.Verdict("all-sure", {"unsure": wanted.count(None)})
    for place, (label, right) in enumerate(zip(labels, wanted, strict=True)):
        if (label is None) != (right is None) or (label is not None and int(label) != right):
            return judgement.Verdict("wrong", {"place": place, "seen": label, "wanted": right})
    return judgement.CORRECT
