"""Judges of the exercises of lesson 04. The given cells write their files into the scratch folder."""

import json
import pathlib
import zipfile

import h5py
from helpers import digits, models
from helpers.lessons import judgement
from helpers.lessons.lesson_04 import survival
import keras
import numpy


def task_1(choice: object) -> judgement.Verdict:
    """For each of five jobs the format that does it."""
    right = {
        "train on next week": ".keras",
        "serve from a program in another language": "export",
        "serve a model with a layer the server does not know": "export",
        "write the numbers many times an hour, for the same code": ".weights.h5",
        "hand to a colleague who fine-tunes it": ".keras",
    }
    if not isinstance(choice, dict):
        return judgement.Verdict("no-dictionary", {"seen": judgement.kind(choice)})
    if any(choice.get(job) in (None, ...) for job in right):
        return judgement.Verdict("unfilled", {"seen": sum(choice.get(job) in (None, ...) for job in right)})
    wrong = [job for job, format_name in right.items() if choice[job] != format_name]
    if not wrong:
        return judgement.CORRECT
    key = "keras-serving" if "serve" in wrong[0] else "other"
    return judgement.Verdict(key, {"right": 5 - len(wrong), "job": wrong[0], "seen": choice[wrong[0]]})


def task_2(names: object) -> judgement.Verdict:
    """What three files without a suffix are."""
    right = {name: _kind(name) for name in ("one", "two", "three")}
    if not isinstance(names, dict):
        return judgement.Verdict("no-dictionary", {"seen": judgement.kind(names)})
    given = {name: names.get(name) for name in right}
    given = {name: _dotted(value) for name, value in given.items()}
    if any(value in (None, ...) for value in given.values()):
        return judgement.Verdict("unfilled", {"seen": sum(value in (None, ...) for value in given.values())})
    if given == right:
        return judgement.CORRECT
    (packed,) = [name for name, kind in right.items() if kind == ".keras"]
    if given[packed] == ".keras":
        return judgement.Verdict("hdf5-mixed")
    return judgement.Verdict("zip-missed", {"name": packed, "seen": given[packed]})


def _kind(name: str) -> str:
    """What a file without a suffix is, by its content."""
    if zipfile.is_zipfile(name):
        return ".keras"
    with h5py.File(name) as file:
        return ".h5" if "model_config" in file.attrs else ".weights.h5"


def task_3(path: object) -> judgement.Verdict:
    """A .keras file with the weights that were left alone."""
    name = str(path)
    if not name.endswith(".keras") or not pathlib.Path(name).is_file():
        return judgement.Verdict("no-file", {"seen": name})
    loaded = keras.models.load_model(name)
    if wrong := _other_weights(loaded):
        return wrong
    with numpy.load(survival.WITNESS) as saved:
        apart = judgement.difference(judgement.answers(loaded, saved["batch"]), saved["answers"])
    return judgement.CORRECT if apart <= 1e-5 else judgement.Verdict("answers", {"difference": apart})


def task_4(rescued: object) -> judgement.Verdict:
    """A Keras model with the weights of the export, ready to be trained."""
    if not isinstance(rescued, keras.Model):
        return judgement.Verdict("no-model", {"seen": judgement.kind(rescued)})
    apart = judgement.difference(
        judgement.answers(rescued, _batch()), judgement.answers(_reference(), _batch())
    )
    if apart > 1e-5:
        return judgement.Verdict("answers", {"difference": apart})
    wrapped = any(isinstance(layer, keras.layers.TFSMLayer) for layer in rescued.layers)
    if wrapped or not rescued.trainable_weights:
        return judgement.Verdict("frozen")
    return judgement.CORRECT if getattr(rescued, "optimizer", None) else judgement.Verdict("uncompiled")


def task_5(path: object) -> judgement.Verdict:
    """The weights of the page's model in pieces, none of them above 60,000 bytes."""
    place = pathlib.Path(str(path))
    if not place.is_file():
        return judgement.Verdict("no-file", {"seen": place.name})
    if not place.name.endswith(".weights.json"):
        return judgement.Verdict("one-file", {"seen": place.name, "size": place.stat().st_size})
    pieces = json.loads(place.read_text(encoding="utf-8"))["weight_map"].values()
    for name in sorted({name for names in pieces for name in names}):
        if not (place.parent / name).is_file():
            return judgement.Verdict("missing", {"seen": name, "index": place.name})
        size = (place.parent / name).stat().st_size
        if size > 60_000:
            return judgement.Verdict("too-big", {"seen": name, "size": size})
    twin = models.sequential()
    twin.load_weights(place)
    apart = judgement.weight_difference(twin, _reference())
    return judgement.CORRECT if apart <= 1e-6 else judgement.Verdict("weights", {"difference": apart})


def task_6(resumed: object) -> judgement.Verdict:
    """The rebuilt model with weights and optimizer out of the weights file."""
    if not isinstance(resumed, keras.Model):
        return judgement.Verdict("no-model", {"seen": judgement.kind(resumed)})
    if getattr(resumed, "optimizer", None) is None:
        return judgement.Verdict("uncompiled")
    if wrong := _other_weights(resumed):
        return wrong
    if survival.same_optimizer(resumed, survival.WITNESS):
        return judgement.CORRECT
    return judgement.Verdict("skipped", {"steps": int(resumed.optimizer.iterations)})


def _other_weights(model: keras.Model) -> judgement.Verdict | None:
    """A verdict where the weights are not those of `lonely.weights.h5`, which nothing else holds."""
    with numpy.load(survival.WITNESS) as saved:
        left = [saved[name] for name in saved.files if name.startswith("weight_")]
    found = model.get_weights()
    if [one.shape for one in found] != [one.shape for one in left]:
        return judgement.Verdict("weights", {"difference": numpy.inf})
    apart = max(judgement.difference(one, other) for one, other in zip(found, left, strict=True))
    if apart <= 1e-6:
        return None
    same = judgement.weight_difference(model, _reference()) <= 1e-6
    return judgement.Verdict("reference" if same else "weights", {"difference": apart})


def _dotted(value: object) -> object:
    """A suffix means the same without its dot."""
    return "." + value.lstrip(".") if isinstance(value, str) else value


def _reference() -> keras.Model:
    return keras.models.load_model("reference.keras")


def _batch() -> numpy.ndarray:
    return digits.load().test_features[:32]
