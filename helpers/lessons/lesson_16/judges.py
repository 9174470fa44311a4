"""Judges of the exercises of lesson 16: shards, a policy, a rounded file, a training that goes on."""

import collections.abc
import contextlib
import hashlib
import pathlib
import shutil
import tempfile
import warnings

from helpers import digits
from helpers.lessons import judgement
from helpers.lessons.lesson_16 import growth
import keras

_DATA = digits.load()
_ROWS, _LABELS = _DATA.train_features[:320], _DATA.train_labels[:320]


def task_1(faults: object) -> judgement.Verdict:
    """A function that finds missing and exchanged shards, asked in folders of its own."""
    if not callable(faults):
        return judgement.Verdict("no-function", {"seen": judgement.kind(faults)})
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        growth.model(0.25, layers=4).save_weights(folder / "m.weights.json", max_shard_size=1e-4)
        shards = sorted(path.name for path in folder.glob("m_*.weights.h5"))
        kept = {shard: hashlib.sha256((folder / shard).read_bytes()).hexdigest() for shard in shards}
        content = {shard: (folder / shard).read_bytes() for shard in shards}
        first, second, third, fourth = shards
        cases = {"whole": {}, "exchanged": {third}, "missing": {second}, "order": {fourth, first}}
        for key, at_fault in cases.items():
            for shard in shards:
                (folder / shard).unlink(missing_ok=True)
                if shard in (first, second) and shard in at_fault:
                    continue  # these go missing, the others get other bytes
                other = content[shard][:-1] + b"?"
                (folder / shard).write_bytes(other if shard in at_fault else content[shard])
            verdict = _faults(faults, folder / "m.weights.json", kept, key, sorted(at_fault))
            if verdict != judgement.CORRECT:
                return verdict
    return judgement.CORRECT


def _faults(
    faults: collections.abc.Callable, path: pathlib.Path, kept: dict[str, str], key: str, wanted: list[str]
) -> judgement.Verdict:
    try:
        found = faults(str(path), dict(kept))
    except Exception as error:
        return judgement.Verdict("error", {"seen": _said(error)})
    if isinstance(found, tuple):
        found = list(found)
    if found == wanted:
        return judgement.CORRECT
    if key == "whole" and found == sorted(kept):
        key = "folder"  # it missed all of them, because they are not in the current folder
    return judgement.Verdict(key, {"seen": repr(found)[:100], "name": "".join(wanted[:1])})


def task_2(resume: object) -> judgement.Verdict:
    """A function that loads mixed.keras with its optimizer and leaves the policy as it was."""
    if isinstance(resume, keras.Model) or not callable(resume):
        return judgement.Verdict("no-function", {"seen": judgement.kind(resume)})
    set_before = keras.config.dtype_policy()
    try:
        for policy in ("float32", "mixed_bfloat16"):
            keras.config.set_dtype_policy(policy)
            with warnings.catch_warnings(action="ignore"):
                try:
                    model = resume("mixed.keras")
                except Exception as error:
                    return judgement.Verdict("error", {"seen": _said(error)})
            after = keras.config.dtype_policy().name
            verdict = _resumed(model)
            if verdict != judgement.CORRECT:
                return verdict
            if after != policy:
                return judgement.Verdict("policy", {"seen": after, "wanted": policy})
        keras.config.set_dtype_policy("float32")
        with contextlib.suppress(Exception):  # the error is right, whatever its kind
            resume("gone.keras")
        after = keras.config.dtype_policy().name
        return judgement.CORRECT if after == "float32" else judgement.Verdict("left", {"seen": after})
    finally:
        keras.config.set_dtype_policy(set_before)


def _resumed(model: object) -> judgement.Verdict:
    """Whether a model is that of mixed.keras and trains on as it does."""
    if not isinstance(model, keras.Model):
        return judgement.Verdict("no-model", {"seen": judgement.kind(model)})
    if getattr(model, "optimizer", None) is None:
        return judgement.Verdict("uncompiled")
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy("mixed_float16")
    try:
        saved = keras.models.load_model("mixed.keras")
    finally:
        keras.config.set_dtype_policy(before)
    step, wanted = int(model.optimizer.iterations), int(saved.optimizer.iterations)
    if step != wanted:
        facts = {"seen": judgement.kind(model.optimizer), "step": step, "wanted": wanted}
        return judgement.Verdict("step", facts)
    _train(saved)
    _train(model)
    apart = judgement.weight_difference(saved, model)
    return judgement.CORRECT if apart <= 1e-5 else judgement.Verdict("states", {"difference": apart})


def task_3(shrink: object) -> judgement.Verdict:
    """A function that writes a rounded file for answers beside the float one."""
    if isinstance(shrink, keras.Model) or not callable(shrink):
        return judgement.Verdict("no-function", {"seen": judgement.kind(shrink)})
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings(action="ignore"):
        source, target = pathlib.Path(folder, "source.keras"), pathlib.Path(folder, "target.keras")
        shutil.copy("float.keras", source)
        before = source.read_bytes()
        try:
            shrink(str(source), str(target))
        except Exception as error:
            return judgement.Verdict("error", {"seen": _said(error)})
        if not target.is_file():
            return judgement.Verdict("no-file")
        if not source.is_file() or source.read_bytes() != before:
            return judgement.Verdict("source")
        try:
            small, whole = (keras.models.load_model(path) for path in (target, source))
        except Exception as error:
            return judgement.Verdict("load", {"seen": _said(error)})
        share = target.stat().st_size / len(before)
    kernels = {str(weight.dtype) for weight in small.weights if weight.path.endswith("/kernel")}
    if kernels != {"int8"}:
        return judgement.Verdict("float", {"seen": ", ".join(sorted(kernels)) or "not there"})
    if getattr(small, "optimizer", None) is not None or share > 0.2:
        return judgement.Verdict("optimizer", {"share": share})
    apart = judgement.difference(small(_ROWS), whole(_ROWS))
    return judgement.CORRECT if apart < 0.1 else judgement.Verdict("answers", {"difference": apart})


def task_4(keep: object, bring_back: object, adapted: keras.Model) -> judgement.Verdict:
    """Two functions: what they bring back trains on as the model with adapters does."""
    if not (callable(keep) and callable(bring_back)):
        seen = f"{judgement.kind(keep)} and a {judgement.kind(bring_back)}"
        return judgement.Verdict("no-functions", {"seen": seen})
    live = _copy(adapted)
    for name, call in {"keep": lambda: keep(live), "bring_back": bring_back}.items():
        try:
            loaded = call()
        except Exception as error:
            return judgement.Verdict("error", {"name": name, "seen": _said(error)})
    if not isinstance(loaded, keras.Model):
        return judgement.Verdict("no-model", {"seen": judgement.kind(loaded)})
    if loaded is live or loaded is adapted:
        return judgement.Verdict("same")
    if (apart := judgement.difference(live(_ROWS), loaded(_ROWS))) > 1e-5:
        return judgement.Verdict("answers", {"difference": apart})
    if (apart := judgement.weight_difference(live, loaded)) > 1e-6:
        return judgement.Verdict("adapters", {"difference": apart})
    try:
        _train(live)
        _train(loaded)
        apart = judgement.weight_difference(live, loaded)
    except Exception:  # it is not compiled, or for other numbers
        apart = float("inf")
    return judgement.CORRECT if apart <= 1e-5 else judgement.Verdict("optimizer", {"difference": apart})


def _copy(model: keras.Model) -> keras.Model:
    """A model with the same adapters, optimizer and states: a judge trains no model of the learner."""
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "copy.keras")
        model.save(path)
        twin = keras.models.load_model(path)
    twin.set_weights(model.get_weights())
    return twin


def _train(model: keras.Model) -> None:
    model.fit(_ROWS, _LABELS, batch_size=32, epochs=1, shuffle=False, verbose=0)


def _said(error: Exception) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()] or [""]
    return f"{judgement.kind(error)}: {lines[0][:120]}"
