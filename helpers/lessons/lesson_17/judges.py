"""Judges of the exercises of lesson 17: a layer, a file from PyTorch, steps of workers, safetensors."""

import collections.abc
import json
import pathlib
import struct
import tempfile

from helpers.lessons import judgement
from helpers.lessons.lesson_17 import backends
import keras
import numpy

_ROWS = numpy.random.default_rng(4).normal(size=(12, 5)).astype("float32")
_STEPS = 8  # how far PyTorch came
# What workers have, and the newest step that all of them have.
_CASES = {
    "the steps 4, 8 and 4, 8, 12": ([[4, 8], [4, 8, 12]], 8),
    "the steps 8, 12 and 4, 12, 100": ([[8, 12], [4, 12, 100]], 12),
    "the steps 90, 100, 110 of three workers, of which the second lacks 110": (
        [[90, 100, 110], [90, 100], [90, 100, 110]],
        100,
    ),
    "the steps 4 and 8, none in common": ([[4], [8]], None),
    "a worker without a checkpoint": ([[4, 8], []], None),
}


def task_1(softsign: object) -> judgement.Verdict:
    """A layer that computes with no backend's own functions."""
    if not (isinstance(softsign, type) and issubclass(softsign, keras.layers.Layer)):
        return judgement.Verdict("no-class", {"seen": judgement.kind(softsign)})
    try:
        answers = softsign()(_ROWS)
    except Exception as error:  # whatever a learner wrote
        return judgement.Verdict("call", {"seen": _said(error)})
    wanted = _ROWS / (1 + numpy.abs(_ROWS))
    if (apart := judgement.difference(answers, wanted)) > 1e-6:
        return judgement.Verdict("computes", {"difference": apart})
    try:
        shape = softsign().call(keras.KerasTensor((None, 5))).shape
    except Exception as error:
        return judgement.Verdict("backend", {"seen": _said(error)})
    if tuple(shape) != (None, 5):
        return judgement.Verdict("backend", {"seen": f"no error and returns the shape {tuple(shape)}"})
    registered = keras.saving.get_registered_object(keras.saving.get_registered_name(softsign))
    return judgement.CORRECT if registered is softsign else judgement.Verdict("unregistered")


def task_2(model: object) -> judgement.Verdict:
    """The model from PyTorch, its optimizer included."""
    if not isinstance(model, keras.Model):
        return judgement.Verdict("no-model", {"seen": judgement.kind(model)})
    golden = numpy.load(backends.GOLDEN)
    apart = judgement.difference(model(golden["rows"]), golden["answers"])
    if apart > 1e-4:
        return judgement.Verdict("answers", {"difference": apart})
    optimizer = getattr(model, "optimizer", None)
    if optimizer is None:
        return judgement.Verdict("uncompiled")
    rate = float(optimizer.learning_rate)
    if type(optimizer) is not keras.optimizers.Adam or abs(rate - 0.01) > 1e-6:
        return judgement.Verdict(
            "optimizer", {"seen": f"{judgement.kind(optimizer)}, learning rate {rate:.3g}"}
        )
    if int(optimizer.iterations) != _STEPS:
        return judgement.Verdict("steps", {"seen": int(optimizer.iterations)})
    there = backends.optimizer_arrays()[2:]
    here = [numpy.asarray(variable) for variable in optimizer.variables[2:]]
    if len(here) != len(there):
        return judgement.Verdict("states", {"difference": numpy.inf})
    apart = max(judgement.difference(one, other) for one, other in zip(here, there, strict=True))
    return judgement.CORRECT if apart <= 1e-7 else judgement.Verdict("states", {"difference": apart})


def task_3(newest: object) -> judgement.Verdict:
    """A function of a folder with the checkpoints of several workers."""
    if not callable(newest) or isinstance(newest, type):
        return judgement.Verdict("no-function", {"seen": judgement.kind(newest)})
    for case, (workers, wanted) in _CASES.items():
        with tempfile.TemporaryDirectory() as folder:
            for number, steps in enumerate(workers):
                worker = pathlib.Path(folder, f"worker-{number}")
                worker.mkdir()
                for step in steps:
                    worker.joinpath(f"ckpt-{step}.index").touch()
                    worker.joinpath(f"ckpt-{step}.data-00000-of-00001").touch()
            try:
                seen = newest(folder)
            except Exception as error:
                return judgement.Verdict("raises", {"case": case, "seen": _said(error)})
        if seen != wanted or isinstance(seen, bool):
            return judgement.Verdict("wrong", {"case": case, "seen": seen, "wanted": wanted})
    return judgement.CORRECT


def task_4(read: object) -> judgement.Verdict:
    """A reader of safetensors: whole files, then damaged ones."""
    if not callable(read) or isinstance(read, type):
        return judgement.Verdict("no-function", {"seen": judgement.kind(read)})
    draw = numpy.random.default_rng(2)
    arrays = {"kernel": draw.random((3, 4), "float32"), "bias": draw.random(4, "float32")}
    whole = _packed(arrays)
    files = {"a file of two arrays": whole, "a file with a note in its header": _packed(arrays, note="by us")}
    for case, content in files.items():
        if verdict := _reads(read, case, content, arrays):
            return verdict
    (length,) = struct.unpack("<Q", whole[:8])
    damaged = {
        "a file whose last numbers are gone": whole[:-4],
        "a header that ends in the middle": whole[: 8 + length // 2],
        "a file of three bytes": whole[:3],
        "a header as long as nothing can be": struct.pack("<Q", 2**60) + whole[8:],
    }
    for case, content in damaged.items():
        try:
            _ask(read, content)
        except ValueError:
            continue
        except Exception as error:
            return judgement.Verdict("other-error", {"case": case, "seen": _said(error)})
        return judgement.Verdict("accepted", {"case": case})
    return judgement.CORRECT


def _reads(
    read: collections.abc.Callable, case: str, content: bytes, arrays: dict[str, numpy.ndarray]
) -> judgement.Verdict | None:
    """What is wrong with what it reads from a whole file, or None."""
    try:
        found = _ask(read, content)
    except Exception as error:
        return judgement.Verdict("raises", {"case": case, "seen": _said(error)})
    if not isinstance(found, dict):
        return judgement.Verdict("kind", {"case": case, "seen": judgement.kind(found)})
    if sorted(found) != sorted(arrays):
        return judgement.Verdict("names", {"case": case, "seen": ", ".join(map(str, found))})
    for name, array in arrays.items():
        shape = numpy.shape(found[name])
        if shape != array.shape:
            return judgement.Verdict("shape", {"case": case, "seen": shape})
        if (apart := judgement.difference(found[name], array)) > 0:
            return judgement.Verdict("numbers", {"case": case, "difference": apart})
    return None


def _ask(read: collections.abc.Callable, content: bytes) -> object:
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "model.safetensors")
        path.write_bytes(content)
        return read(path)


def _packed(arrays: dict[str, numpy.ndarray], note: str = "") -> bytes:
    header, body = {"__metadata__": {"note": note}} if note else {}, b""
    for name, array in arrays.items():
        place = [len(body), len(body) + array.nbytes]
        header[name] = {"dtype": "F32", "shape": list(array.shape), "data_offsets": place}
        body += array.astype("<f4").tobytes()
    text = json.dumps(header).encode("utf-8")
    return struct.pack("<Q", len(text)) + text + body


def _said(error: Exception) -> str:
    lines = str(error).strip().splitlines() or [""]
    return f"{judgement.kind(error)}: {lines[0][:120]}"
