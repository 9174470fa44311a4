"""Judges of the exercises of lesson 15: words, files, names, optimizers and objects that come back."""

import contextlib
import pathlib
import tempfile
import warnings
import zipfile

from helpers.lessons import judgement
from helpers.lessons.lesson_15 import messages
import keras
import numpy
import tensorflow

_WORDS = "assets/layers/text_vectorization/vocabulary.txt"
_SHOWN = ("learning_rate", "momentum")
_ROWS = numpy.random.default_rng(4).random((48, 5)).astype("float32")
_LABELS = _ROWS.sum(axis=1, keepdims=True)


def task_1(vocabulary: object) -> judgement.Verdict:
    """The words of notes.keras, each at the place of its number."""
    if isinstance(vocabulary, numpy.ndarray | tuple):
        vocabulary = list(vocabulary)
    if not isinstance(vocabulary, list):
        return judgement.Verdict("no-list", {"seen": judgement.kind(vocabulary)})
    if strange := [one for one in vocabulary if not isinstance(one, str)]:
        return judgement.Verdict("bytes", {"seen": judgement.kind(strange[0])})
    with zipfile.ZipFile("notes.keras") as box:
        words = box.read(_WORDS).decode("utf-8").split("\n")
    if vocabulary == words:
        return judgement.CORRECT
    if set(vocabulary) - {"", "[UNK]"} != set(words) - {"", "[UNK]"}:
        return judgement.Verdict("other", {"seen": len(vocabulary)})
    return judgement.Verdict("special" if vocabulary == words[2:] else "order", {"seen": vocabulary[2]})


def task_2(branches_class: object) -> judgement.Verdict:
    """A class that reads its names from a file when a model is built, and never again."""
    if not _is_layer_class(branches_class):
        return judgement.Verdict("no-class", {"seen": judgement.kind(branches_class)})
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        file, path = pathlib.Path("branches.txt"), pathlib.Path("model.keras")
        file.write_text("\n".join(messages.BRANCHES), encoding="utf-8")
        try:
            layer = branches_class(file.name, name="mine")
            model = keras.Sequential([keras.Input((), dtype="string"), layer])
            before = _numbers(model)
        except Exception as error:  # whatever a learner wrote
            return judgement.Verdict("constructor", {"seen": _said(error)})
        if before != [1, 2, 3, 0]:
            return judgement.Verdict("computes", {"seen": before[:3]})
        with warnings.catch_warnings(action="ignore"):
            model.save(path)
            file.unlink()
            try:
                loaded = keras.models.load_model(path)
            except Exception as error:
                if "Could not locate class" in str(error):
                    return judgement.Verdict("unregistered")
                return judgement.Verdict("gone", {"seen": _said(error)})
            try:
                found = _numbers(loaded)
            except Exception as error:  # a table that nobody filled
                return judgement.Verdict("lost", {"seen": _said(error)})
            if found != before:
                return judgement.Verdict("lost", {"seen": found[:3]})
            file.write_text("\n".join(["Castle", *messages.BRANCHES]), encoding="utf-8")
            found = _numbers(keras.models.load_model(path))
    if found != before:
        return judgement.Verdict("edited", {"seen": found[:3]})
    name = loaded.layers[-1].name
    return judgement.CORRECT if name == "mine" else judgement.Verdict("name", {"seen": name})


def task_3(named: object, triage: keras.Model) -> judgement.Verdict:
    """A model with the weights of `triage`, whose export has names."""
    if not isinstance(named, keras.Model):
        return judgement.Verdict("no-model", {"seen": judgement.kind(named)})
    rows = messages.inputs(messages.load(rows=24, seed=16))
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        try:
            named.export(folder, verbose=False)
        except Exception as error:
            return judgement.Verdict("export", {"seen": _said(error)})
        artefact = tensorflow.saved_model.load(folder)
        signature = artefact.signatures["serving_default"]
        takes = sorted(signature.structured_input_signature[1])
        gives = sorted(signature.structured_outputs)
        if takes != ["branch", "text"]:
            return judgement.Verdict("inputs", {"seen": ", ".join(takes)})
        if gives != ["desk", "urgent"]:
            return judgement.Verdict("outputs", {"seen": ", ".join(gives)})
        answers = {name: numpy.asarray(value) for name, value in signature(**rows).items()}
    if answers["desk"].shape[-1] != len(messages.DESKS):
        return judgement.Verdict("crossed", {"seen": answers["desk"].shape[-1]})
    wanted = dict(zip(("desk", "urgent"), triage([rows["text"], rows["branch"]]), strict=True))
    apart = max(judgement.difference(answers[name], wanted[name]) for name in wanted)
    return judgement.CORRECT if apart <= 1e-5 else judgement.Verdict("answers", {"difference": apart})


def task_4(duo_class: object) -> judgement.Verdict:
    """A class whose two optimizers come back from a file with settings and states."""
    if not (isinstance(duo_class, type) and issubclass(duo_class, keras.Model)):
        return judgement.Verdict("no-class", {"seen": judgement.kind(duo_class)})
    live = duo_class()
    live.compile(slow=keras.optimizers.SGD(0.02, momentum=0.9), fast=keras.optimizers.Adam(0.03), loss="mse")
    _train(live)
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings(action="ignore"):
        path = pathlib.Path(folder, "duo.keras")
        try:
            live.save(path)
        except Exception as error:
            return judgement.Verdict("save", {"seen": _said(error)})
        try:
            loaded = keras.models.load_model(path)
        except Exception as error:
            if "Could not locate class" in str(error):
                return judgement.Verdict("unregistered")
            return judgement.Verdict("load", {"seen": _said(error)})
    return _as_trained(live, loaded)


def _as_trained(live: keras.Model, loaded: keras.Model) -> judgement.Verdict:
    """Whether the loaded one trains on as the live one does; trains both."""
    if not (hasattr(loaded, "slow") and hasattr(loaded, "fast")):
        return judgement.Verdict("uncompiled")
    pairs = [(live.slow, loaded.slow), (live.fast, loaded.fast)]
    if any(type(one) is not type(other) or _settings(one) != _settings(other) for one, other in pairs):
        seen = " and ".join(_shown(other) for _, other in pairs)
        return judgement.Verdict("settings", {"seen": seen})
    if loaded.loss != live.loss:
        return judgement.Verdict("loss", {"seen": repr(loaded.loss)})
    steps = [int(other.iterations) for _, other in pairs]
    if steps != [int(one.iterations) for one, _ in pairs]:
        return judgement.Verdict("steps", {"seen": steps})
    try:
        _train(live)
        _train(loaded)
    except Exception:  # an optimizer that was built for another part refuses this one
        return judgement.Verdict("states", {"difference": numpy.inf})
    apart = judgement.weight_difference(live, loaded)
    return judgement.CORRECT if apart <= 1e-6 else judgement.Verdict("states", {"difference": apart})


def task_5(clip_class: object, window_class: object) -> judgement.Verdict:
    """Two classes: a layer, and the object that it holds."""
    if not (_is_layer_class(clip_class) and isinstance(window_class, type)):
        seen = f"a {judgement.kind(clip_class)} and a {judgement.kind(window_class)}"
        return judgement.Verdict("no-classes", {"seen": seen})
    layer = clip_class(window_class(0.2, 0.7), name="mine")
    model = keras.Sequential([keras.Input((5,)), layer])
    wanted = numpy.clip(_ROWS, 0.2, 0.7)
    if (apart := judgement.difference(model(_ROWS), wanted)) > 1e-6:
        return judgement.Verdict("computes", {"difference": apart})
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "clip.keras")
        try:
            model.save(path)
        except Exception as error:
            return judgement.Verdict("save", {"seen": _said(error)})
        try:
            loaded = keras.models.load_model(path)
        except Exception as error:
            return judgement.Verdict("load", {"seen": _said(error)})
    if (apart := judgement.difference(loaded(_ROWS), wanted)) > 1e-6:
        return judgement.Verdict("answers", {"difference": apart})
    window = getattr(loaded.layers[-1], "window", None)
    if not isinstance(window, window_class):
        return judgement.Verdict("kind", {"seen": judgement.kind(window)})
    name = loaded.layers[-1].name
    return judgement.CORRECT if name == "mine" else judgement.Verdict("name", {"seen": name})


def _train(model: keras.Model) -> None:
    model.fit(_ROWS, _LABELS, batch_size=24, epochs=2, shuffle=False, verbose=0)


def _settings(optimizer: keras.optimizers.Optimizer) -> dict[str, object]:
    return {name: value for name, value in optimizer.get_config().items() if name != "name"}


def _shown(optimizer: object) -> str:
    if not isinstance(optimizer, keras.optimizers.Optimizer):
        return f"a {judgement.kind(optimizer)}"
    shown = [f"{name} {value:.3g}" for name, value in _settings(optimizer).items() if name in _SHOWN]
    return f"{judgement.kind(optimizer)} ({', '.join(shown)})"


def _numbers(model: keras.Model) -> list[int]:
    """What it gives for the three branches, and for a name that it cannot know."""
    return [int(number) for number in numpy.asarray(model(tensorflow.constant([*messages.BRANCHES, "?"])))]


def _is_layer_class(value: object) -> bool:
    return isinstance(value, type) and issubclass(value, keras.layers.Layer)


def _said(error: Exception) -> str:
    """The class of an error, and the innermost thing it says, in a line."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()] or [""]
    inner = [line for line in lines if line.startswith("Exception encountered: ")]
    said = (inner or lines)[-1 if inner else 0].removeprefix("Exception encountered: ")
    return f"{judgement.kind(error)}: {said[:120]}"
