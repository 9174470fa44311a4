"""SavedModel outside of Python's TensorFlow: the C interface, the tools that come with it, mobile phones.

The C interface is called through ctypes from a Python that can import nothing but its own library: there is
no TensorFlow for Python, no Keras and no code of ours in it. That ctypes passes the memory, and not a
compiled program, is the one difference to lesson 07, which compiles one.
"""

import functools
import importlib.util
import json
import pathlib
import shutil
import subprocess
import sys
import warnings

import keras
import numpy
import pytest
import tensorflow

from tests.claims import trying
from tests.claims.shelf import Shelf

_LIBRARIES = ("libtensorflow_cc.so.2", "libtensorflow_cc.2.dylib", "tensorflow_cc.dll")

# Runs with `python -I -S`: no packages. Reads numbers, asks the SavedModel in C, prints its numbers.
_CALLER = """
import ctypes, json, sys
library, folder, feed, fetch, rows, columns = json.loads(sys.argv[1])
c = ctypes.CDLL(library)
for name in ("TF_NewStatus", "TF_NewGraph", "TF_NewSessionOptions", "TF_LoadSessionFromSavedModel",
             "TF_GraphOperationByName", "TF_AllocateTensor", "TF_TensorData"):
    getattr(c, name).restype = ctypes.c_void_p
c.TF_Message.restype = ctypes.c_char_p
class Output(ctypes.Structure):
    _fields_ = [("operation", ctypes.c_void_p), ("index", ctypes.c_int)]
pointer, whole = ctypes.c_void_p, ctypes.c_int64
status, graph = pointer(c.TF_NewStatus()), pointer(c.TF_NewGraph())
def check():
    if c.TF_GetCode(status):
        sys.exit(c.TF_Message(status).decode())
tags = (ctypes.c_char_p * 1)(b"serve")
session = pointer(c.TF_LoadSessionFromSavedModel(
    pointer(c.TF_NewSessionOptions()), None, folder.encode(), tags, 1, graph, None, status))
check()
def output(name):
    name, _, index = name.partition(":")
    return Output(c.TF_GraphOperationByName(graph, name.encode()), int(index))
numbers = [float(number) for number in sys.stdin.read().split()]
shape = (whole * 2)(rows, len(numbers) // rows)
tensor = pointer(c.TF_AllocateTensor(1, shape, 2, ctypes.c_size_t(4 * len(numbers))))
data = (ctypes.c_float * len(numbers))(*numbers)
ctypes.memmove(c.TF_TensorData(tensor), data, 4 * len(numbers))
answer = pointer()
c.TF_SessionRun(session, None, ctypes.byref(output(feed)), ctypes.byref(tensor), 1,
                ctypes.byref(output(fetch)), ctypes.byref(answer), 1, None, 0, None, status)
check()
found = ctypes.cast(c.TF_TensorData(answer), ctypes.POINTER(ctypes.c_float))
print(json.dumps({"answers": found[: rows * columns], "packages": [
    name for name in ("tensorflow", "keras", "numpy") if name in sys.modules]}))
"""


def _library() -> pathlib.Path:
    folder = pathlib.Path(importlib.util.find_spec("tensorflow").origin).parent
    for name in _LIBRARIES:
        if (folder / name).exists():
            return folder / name
    pytest.skip(f"TensorFlow for {sys.platform} brings no library with the C interface.")


def _in_c(folder: pathlib.Path, rows: numpy.ndarray, columns: int) -> subprocess.CompletedProcess:
    """Ask a SavedModel by the C interface; what it printed, or its error."""
    signature = trying.graph(folder).signature_def["serving_default"]
    (feed,), (fetch,) = signature.inputs.values(), signature.outputs.values()
    request = [str(_library()), str(folder), feed.name, fetch.name, len(rows), columns]
    return subprocess.run(
        [sys.executable, "-I", "-S", "-c", _CALLER, json.dumps(request)],
        input=" ".join(repr(float(number)) for number in rows.ravel()),
        capture_output=True,
        text=True,
        errors="replace",
        encoding="utf-8",
    )


def _same_in_c(folder: pathlib.Path, rows: numpy.ndarray, answers: numpy.ndarray) -> bool:
    done = _in_c(folder, rows, answers.shape[1])
    assert done.returncode == 0, done.stderr[-500:]
    found = json.loads(done.stdout)
    assert found["packages"] == []
    return trying.same(numpy.reshape(found["answers"], answers.shape), answers)


@functools.cache
def _on_a_phone(shelf: Shelf) -> bool:
    """Whether the interpreter for phones answers the same, after a conversion."""
    content = tensorflow.lite.TFLiteConverter.from_saved_model(str(shelf.exported)).convert()
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", ".*tf.lite.Interpreter is deprecated")
        interpreter = tensorflow.lite.Interpreter(model_content=content)
    (pixels,), (answer,) = interpreter.get_input_details(), interpreter.get_output_details()
    interpreter.resize_tensor_input(pixels["index"], shelf.rows.shape)
    interpreter.allocate_tensors()
    interpreter.set_tensor(pixels["index"], shelf.rows)
    interpreter.invoke()
    return trying.same(interpreter.get_tensor(answer["index"]), shelf.answers)


def a07(shelf: Shelf) -> dict[str, bool]:
    """Ask two exports in C; one with a function of Python in its graph is refused, which is the limit."""

    class Halved(tensorflow.Module):
        @tensorflow.function(input_signature=[tensorflow.TensorSpec((None, 64), tensorflow.float32)])
        def serve(self, rows: tensorflow.Tensor) -> tensorflow.Tensor:
            halves = tensorflow.py_function(lambda rows: rows / 2, [rows], tensorflow.float32)
            return tensorflow.ensure_shape(halves, (None, 64))

    module, folder = Halved(), shelf.place() / "python"
    tensorflow.saved_model.save(module, str(folder), signatures=module.serve)
    refused = _in_c(folder, shelf.rows, 64)
    assert refused.returncode != 0 and "pyfunc" in refused.stderr.lower(), refused.stderr[-500:]
    return {
        "built-in layers, in C": _same_in_c(shelf.exported, shelf.rows, shelf.answers),
        "an own layer, in C": _same_in_c(shelf.folder / shelf.own_files[1], shelf.rows, shelf.own_answers),
    }


def a08(shelf: Shelf) -> dict[str, bool]:
    """Read an export with TensorFlow's own command, convert it for phones, use it as a layer."""
    place = shelf.place()
    shutil.copytree(shelf.exported, place / "digits" / "1")  # name/number, as a server looks for it
    code = """
import contextlib, io, sys
from tensorflow.python.tools import saved_model_cli
sys.argv = ["saved_model_cli", "show", "--dir", "digits/1"]
sys.argv += ["--tag_set", "serve", "--signature_def", "serving_default"]
with contextlib.redirect_stdout(io.StringIO()) as printed, contextlib.suppress(SystemExit):
    saved_model_cli.main()
found["printed"] = printed.getvalue()
"""
    shown = trying.in_new_process(place, code)["printed"]
    layer = keras.layers.TFSMLayer(str(shelf.exported), call_endpoint="serve")
    return {
        "saved_model_cli": "inputs['pixels'] tensor_info" in shown and "shape: (-1, 64)" in shown,
        "the interpreter for phones": _on_a_phone(shelf),
        "a layer in a Keras model": trying.same(layer(shelf.rows), shelf.answers),
    }


def b26(shelf: Shelf) -> dict[str, bool]:
    """Ask the same export in Python, in C, and as it runs on a phone."""
    return {
        "Python": shelf.stranger["exported"].same(shelf.answers),
        "C": _same_in_c(shelf.exported, shelf.rows, shelf.answers),
        "the interpreter for phones": _on_a_phone(shelf),
    }
