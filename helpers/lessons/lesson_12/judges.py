"""Judges of the exercises of lesson 12. The given cells write their files into the scratch folder."""

import pathlib

from ai_edge_litert import interpreter as litert
from helpers import digits
from helpers.core import backend
from helpers.lessons import judgement
import numpy
import onnxruntime
import tensorflow

BRIGHT = 1e4  # how much brighter the rows of task 3 become


def task_1(answers: object) -> judgement.Verdict:
    """What `found.onnx` says to the test rows, on the scale that it expects."""
    if isinstance(answers, list | tuple | dict) or not hasattr(answers, "shape"):
        return judgement.Verdict("no-array", {"seen": judgement.kind(answers)})
    found = numpy.asarray(answers)
    if not numpy.issubdtype(found.dtype, numpy.number):
        return judgement.Verdict("no-array", {"seen": judgement.kind(answers)})
    if found.shape != (360, 10):
        return judgement.Verdict("shape", {"seen": found.shape})
    apart = judgement.difference(found, _by_onnx(16))
    if apart <= 1e-5:
        return judgement.CORRECT
    unscaled = judgement.difference(found, _by_onnx(1)) <= 1e-5
    return judgement.Verdict("scale" if unscaled else "values", {"difference": apart})


def task_2(path: object) -> judgement.Verdict:
    """An int8 file that reads the digits as the exported model does."""
    place = pathlib.Path(str(path))
    if not place.is_file():
        return judgement.Verdict("no-file", {"seen": str(path)})
    with backend.conversions():
        try:
            interpreter = litert.Interpreter(str(place))
        except ValueError:
            return judgement.Verdict("no-file", {"seen": str(path)})
        interpreter.allocate_tensors()
        kernels = [
            tensor["dtype"] for tensor in interpreter.get_tensor_details() if len(tensor["shape"]) == 2
        ]
        if numpy.int8 not in kernels:
            return judgement.Verdict("floats", {"seen": place.name, "kind": numpy.dtype(kernels[0]).name})
        runner = interpreter.get_signature_runner()
        (given,), (wanted,) = runner.get_input_details(), runner.get_output_details()
        found = runner(**{given: digits.load().test_features})[wanted]
    share = float((found.argmax(axis=1) == _exported().argmax(axis=1)).mean())
    return (
        judgement.CORRECT
        if share >= 0.95
        else judgement.Verdict("apart", {"seen": place.name, "share": share})
    )


def task_3(forward: object) -> judgement.Verdict:
    """A forward pass that answers as the exported model does, for rows of any brightness."""
    if not callable(forward):
        return judgement.Verdict("no-function", {"seen": judgement.kind(forward)})
    rows = digits.load().test_features[:12]
    for count in (12, 1):
        found = numpy.asarray(forward(rows[:count].copy()))
        if found.shape != (count, 10):
            return judgement.Verdict("shape", {"count": count, "seen": found.shape})
        totals = found.sum(axis=1)
        if not numpy.allclose(totals, 1, atol=1e-4):
            return judgement.Verdict("sums", {"total": float(totals[numpy.abs(totals - 1).argmax()])})
        apart = judgement.difference(found, _exported()[:count])
        if not apart <= 1e-5:
            return judgement.Verdict("values", {"difference": apart})
    return _bright(forward, rows)


def _bright(forward: object, rows: numpy.ndarray) -> judgement.Verdict:
    with numpy.errstate(all="ignore"):
        found = numpy.asarray(forward(numpy.float32(BRIGHT * rows)))
    bad = int((~numpy.isfinite(found)).any(axis=1).sum())
    if bad:
        return judgement.Verdict("overflow", {"bad": bad, "count": len(rows)})
    apart = judgement.difference(found, _exported(BRIGHT)[: len(rows)])
    # Sums of a hundred thousand are exact to a hundredth; so far may two ways of adding them differ.
    return judgement.CORRECT if apart <= 1e-2 else judgement.Verdict("bright", {"difference": apart})


def _by_onnx(scale: int) -> numpy.ndarray:
    (entrance,) = (session := onnxruntime.InferenceSession("found.onnx")).get_inputs()
    return session.run(None, {entrance.name: scale * digits.load().test_features.reshape(-1, 8, 8)})[0]


def _exported(brightness: float = 1) -> numpy.ndarray:
    artefact = tensorflow.saved_model.load("exported")
    return artefact.serve(numpy.float32(brightness * digits.load().test_features)).numpy()
