"""Judges of the exercises of lesson 04. The given cells write their files into the scratch folder."""

import pathlib

from helpers import digits, survival
from helpers.checks import common
import keras
import numpy


def task_1(choice: object) -> common.Verdict:
    """For each of five jobs the format that does it."""
    right = {
        "train on next week": ".keras",
        "serve from a program in another language": "export",
        "serve a model with a layer the server does not know": "export",
        "store the numbers after each epoch, for the same code": ".weights.h5",
        "hand to a colleague who fine-tunes it": ".keras",
    }
    if not isinstance(choice, dict):
        return common.Verdict("no-dictionary", {"seen": common.kind(choice)})
    if any(choice.get(job) in (None, ...) for job in right):
        return common.Verdict("unfilled", {"seen": sum(choice.get(job) in (None, ...) for job in right)})
    wrong = [job for job, format_name in right.items() if choice[job] != format_name]
    if not wrong:
        return common.CORRECT
    key = "keras-serving" if "serve" in wrong[0] else "other"
    return common.Verdict(key, {"right": 5 - len(wrong), "job": wrong[0], "seen": choice[wrong[0]]})


def task_2(names: object) -> common.Verdict:
    """What three files without a suffix are."""
    right = {"one": ".weights.h5", "two": ".keras", "three": ".h5"}
    if not isinstance(names, dict):
        return common.Verdict("no-dictionary", {"seen": common.kind(names)})
    given = {name: names.get(name) for name in right}
    given = {name: _dotted(value) for name, value in given.items()}
    if any(value in (None, ...) for value in given.values()):
        return common.Verdict("unfilled", {"seen": sum(value in (None, ...) for value in given.values())})
    if given == right:
        return common.CORRECT
    if given["two"] == ".keras":
        return common.Verdict("hdf5-mixed")
    return common.Verdict("zip-missed", {"seen": given["two"]})


def task_3(path: object) -> common.Verdict:
    """A .keras file with the weights that were left alone."""
    name = str(path)
    if not name.endswith(".keras") or not pathlib.Path(name).is_file():
        return common.Verdict("no-file", {"seen": name})
    loaded = keras.models.load_model(name)
    saved = _reference()
    apart = common.weight_difference(loaded, saved)
    if apart > 1e-6:
        return common.Verdict("weights", {"difference": apart})
    apart = common.difference(common.answers(loaded, _batch()), common.answers(saved, _batch()))
    return common.CORRECT if apart <= 1e-5 else common.Verdict("answers", {"difference": apart})


def task_4(rescued: object) -> common.Verdict:
    """A Keras model with the weights of the export, ready to be trained."""
    if not isinstance(rescued, keras.Model):
        return common.Verdict("no-model", {"seen": common.kind(rescued)})
    apart = common.difference(common.answers(rescued, _batch()), common.answers(_reference(), _batch()))
    if apart > 1e-5:
        return common.Verdict("answers", {"difference": apart})
    wrapped = any(isinstance(layer, keras.layers.TFSMLayer) for layer in rescued.layers)
    if wrapped or not rescued.trainable_weights:
        return common.Verdict("frozen")
    return common.CORRECT if getattr(rescued, "optimizer", None) else common.Verdict("uncompiled")


def task_5(folder: object) -> common.Verdict:
    """A folder with both.h5 and both.keras, the second with the optimizer of the model."""
    place = pathlib.Path(str(folder))
    missing = [name for name in ("both.h5", "both.keras") if not (place / name).is_file()]
    if missing:
        return common.Verdict("missing", {"seen": missing[0], "folder": place.name})
    loaded = {name: keras.models.load_model(place / name) for name in ("both.h5", "both.keras")}
    for name, model in loaded.items():
        apart = common.difference(common.answers(model, _batch()), common.answers(_reference(), _batch()))
        if apart > 1e-5:
            return common.Verdict("answers", {"seen": name, "difference": apart})
    optimizer = loaded["both.keras"].optimizer
    if survival.same_optimizer(loaded["both.keras"]):
        return common.CORRECT
    facts = {"seen": type(optimizer).__name__, "steps": int(optimizer.iterations)}
    return common.Verdict("trapped" if facts["seen"] == "RMSprop" else "optimizer", facts)


def task_6(resumed: object) -> common.Verdict:
    """The rebuilt model with weights and optimizer out of the weights file."""
    if not isinstance(resumed, keras.Model):
        return common.Verdict("no-model", {"seen": common.kind(resumed)})
    if getattr(resumed, "optimizer", None) is None:
        return common.Verdict("uncompiled")
    apart = common.weight_difference(resumed, _reference())
    if apart > 1e-6:
        return common.Verdict("weights", {"difference": apart})
    if survival.same_optimizer(resumed):
        return common.CORRECT
    return common.Verdict("skipped", {"steps": int(resumed.optimizer.iterations)})


def _dotted(value: object) -> object:
    """A suffix means the same without its dot."""
    return "." + value.lstrip(".") if isinstance(value, str) else value


def _reference() -> keras.Model:
    return keras.models.load_model("reference.keras")


def _batch() -> numpy.ndarray:
    return digits.load().test_features[:32]
