"""Judges of the exercises of lesson 06. The given cells write their files into the scratch folder."""

import pathlib
import tempfile

from helpers import digits
from helpers.lessons import judgement
import keras
import numpy

# What becomes of the eight rebuilds of task 5. Nobody else is called so.
SILENT = {"Ben", "Eli", "Gus"}
RAISING = {"Cem", "Fay", "Hua"}
SAME = {"Ada", "Dia"}


def task_1(twin: object, ramp: keras.layers.Layer) -> judgement.Verdict:
    """A second layer with the arguments of the first."""
    if not isinstance(twin, keras.layers.Layer):
        return judgement.Verdict("no-layer", {"seen": judgement.kind(twin)})
    if twin is ramp:
        return judgement.Verdict("same-object")
    if not hasattr(twin, "steepness"):
        return judgement.Verdict("other-class", {"seen": judgement.kind(twin)})
    if twin.steepness != ramp.steepness:
        return judgement.Verdict("steepness", {"seen": twin.steepness, "wanted": ramp.steepness})
    return judgement.CORRECT


def task_2(loaded: object, custom: keras.Model) -> judgement.Verdict:
    """The model of the file, with the class that nobody registered."""
    if not isinstance(loaded, keras.Model):
        return judgement.Verdict("no-model", {"seen": judgement.kind(loaded)})
    if loaded is custom:
        return judgement.Verdict("same-object")
    if judgement.weight_difference(loaded, custom) > 1e-6:
        return judgement.Verdict("weights")
    apart = _from_golden("custom", loaded)
    return judgement.CORRECT if apart <= 1e-5 else judgement.Verdict("computation", {"difference": apart})


def task_3(gate_class: object) -> judgement.Verdict:
    """A class whose level, set after construction, comes back from the file."""
    if not _is_layer_class(gate_class):
        return judgement.Verdict("no-class", {"seen": judgement.kind(gate_class)})
    rows = digits.load().test_features[:32]
    gate = gate_class(level=0.3, name="mine")
    model = keras.Sequential([keras.Input((64,)), gate])
    gate.level = 0.8
    apart = judgement.difference(model(rows), _above(rows, 0.8))
    if apart > 1e-5:
        return judgement.Verdict("computes", {"difference": apart})
    loaded = _reloaded(model)
    if loaded is None:
        return judgement.Verdict("unregistered")
    given = loaded(rows)
    for level, mistake in [(0.3, "constructor"), (0.5, "default")]:
        if judgement.difference(given, _above(rows, level)) <= 1e-5:
            return judgement.Verdict(mistake)
    apart = judgement.difference(given, _above(rows, 0.8))
    if apart > 1e-5:
        return judgement.Verdict("answers", {"difference": apart})
    name = loaded.layers[-1].name
    return judgement.CORRECT if name == "mine" else judgement.Verdict("name", {"seen": name})


def task_4(centre_class: object) -> judgement.Verdict:
    """A class whose learned mean comes back from the file, and is not trained."""
    if not _is_layer_class(centre_class):
        return judgement.Verdict("no-class", {"seen": judgement.kind(centre_class)})
    data = digits.load()
    rows, known = data.test_features[:32], data.train_features
    centre = centre_class()
    centre.adapt(known)
    model = keras.Sequential([keras.Input((64,)), centre])
    before = numpy.asarray(model(rows))
    apart = judgement.difference(before, rows - known.mean(axis=0))
    if apart > 1e-4:
        return judgement.Verdict("computes", {"difference": apart})
    if model.trainable_weights:
        return judgement.Verdict("trainable")
    loaded = _reloaded(model)
    if loaded is None:
        return judgement.Verdict("unregistered")
    apart = judgement.difference(loaded(rows), before)
    return judgement.CORRECT if apart <= 1e-5 else judgement.Verdict("lost", {"difference": apart})


def task_5(silent: object) -> judgement.Verdict:
    """The names of the rebuilds that load without an error and answer differently."""
    if not isinstance(silent, set | frozenset | list | tuple) or not all(
        isinstance(name, str) for name in silent
    ):
        return judgement.Verdict("no-set", {"seen": judgement.kind(silent)})
    named = set(silent)
    for mistake, wrong in [
        ("unknown", named - SILENT - RAISING - SAME),
        ("raises", named & RAISING),
        ("same", named & SAME),
    ]:
        if wrong:
            return judgement.Verdict(mistake, {"name": min(wrong)})
    missing = SILENT - named
    return judgement.Verdict("missing", {"count": len(missing)}) if missing else judgement.CORRECT


def task_6(new: object) -> judgement.Verdict:
    """The old file answers as it did, and the new one with the edited class, both in this process."""
    name = str(new)
    if not pathlib.Path(name).is_file():
        return judgement.Verdict("no-file", {"seen": name})
    apart = _from_golden("old", keras.models.load_model("old.keras"))
    if apart > 1e-5:
        return judgement.Verdict("old-edited", {"difference": apart})
    edited = _loaded(name)
    if edited is None:
        return judgement.Verdict("unregistered", {"seen": name})
    rows = _golden("old")["batch"]
    apart = judgement.difference(edited(rows), numpy.sqrt(rows))
    facts = {"seen": name, "difference": apart}
    return judgement.CORRECT if apart <= 1e-5 else judgement.Verdict("new-first", facts)


def _golden(name: str) -> dict[str, numpy.ndarray]:
    with numpy.load(f"{name}_golden.npz") as stored:
        return dict(stored)


def _from_golden(name: str, model: keras.Model) -> float:
    golden = _golden(name)
    return judgement.difference(model(golden["batch"]), golden["answers"])


def _above(rows: numpy.ndarray, level: float) -> numpy.ndarray:
    return numpy.where(rows >= level, rows, 0)


def _is_layer_class(value: object) -> bool:
    return isinstance(value, type) and issubclass(value, keras.layers.Layer)


def _reloaded(model: keras.Model) -> keras.Model | None:
    """The model after a save and a load; None if Keras cannot locate one of its classes."""
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "handed_in.keras")
        model.save(path)
        return _loaded(str(path))


def _loaded(path: str) -> keras.Model | None:
    try:
        return keras.models.load_model(path)
    except TypeError as error:
        if "Could not locate" in str(error):
            return None
        raise
