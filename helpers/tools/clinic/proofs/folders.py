"""Exports: tags, endpoints, answers by name, functions that stay in the process that saved them."""

import pathlib
import sys

from helpers.core import processes
from helpers.tools.clinic.proofs import caught
import keras
import numpy
import tensorflow


def e01(folder: pathlib.Path) -> caught.Case:
    """Tags that the folder does not have; then without any."""
    model = caught.trained()
    model.export("served", verbose=False)
    session = tensorflow.compat.v1.Session(graph=tensorflow.Graph())
    errors = [
        caught.raised(lambda: tensorflow.saved_model.load("served", tags=["train"]), ValueError),
        caught.raised(
            lambda: tensorflow.compat.v1.saved_model.load(session, ["train"], "served"), RuntimeError
        ),
    ]

    loaded = tensorflow.saved_model.load("served")
    assert caught.apart(loaded.serve(caught.BATCH), model(caught.BATCH)) < 1e-6
    return caught.Case("without tags it loads and answers as the model did", errors)


_ASK = """
import tensorflow
loaded = tensorflow.saved_model.load("python")
print(loaded.doubled(tensorflow.ones((2,))))
"""


def e02(folder: pathlib.Path) -> caught.Case:
    """A Python function inside a graph, loaded in another process; then an operation of TensorFlow."""

    class Called(tensorflow.Module):
        @tensorflow.function(input_signature=[tensorflow.TensorSpec([None], tensorflow.float32)])
        def doubled(self, rows: tensorflow.Tensor) -> tensorflow.Tensor:
            return tensorflow.numpy_function(lambda values: 2 * values, [rows], tensorflow.float32)

    class Whole(tensorflow.Module):
        @tensorflow.function(input_signature=[tensorflow.TensorSpec([None], tensorflow.float32)])
        def doubled(self, rows: tensorflow.Tensor) -> tensorflow.Tensor:
            return 2 * rows

    tensorflow.saved_model.save(Called(), "python")
    done = processes.run_program(sys.executable, "-c", _ASK)
    assert done.returncode == 1
    (line, *_) = [line for line in done.stderr.splitlines() if "Could not find callback" in line]

    def again() -> None:
        raise RuntimeError(line.strip())  # what the other process has said

    seen = caught.raised(again, RuntimeError)
    tensorflow.saved_model.save(Whole(), "python")
    done = processes.run_program(sys.executable, "-c", _ASK)
    assert done.returncode == 0 and "2. 2." in done.stdout
    return caught.Case("with an operation of TensorFlow the other process gets its answer", [seen])


def e03(folder: pathlib.Path) -> caught.Case:
    """Export a model that nobody has called or built."""
    model = keras.Sequential([keras.layers.Dense(10)])
    seen = caught.raised(lambda: model.export("served", verbose=False), ValueError)

    model.build((None, 64))
    model.export("served", verbose=False)
    loaded = tensorflow.saved_model.load("served")
    assert caught.apart(loaded.serve(caught.BATCH), model(caught.BATCH)) < 1e-6
    return caught.Case("built first, it is exported and answers the same", [seen])


def e04(folder: pathlib.Path) -> caught.Case:
    """A TFSMLayer over a signature answers a dictionary; then its one value, and over serve."""
    model = caught.trained()
    model.export("served", verbose=False)
    layer = keras.layers.TFSMLayer("served", call_endpoint="serving_default")
    answers = layer(caught.BATCH)
    errors = [
        caught.raised(lambda: answers.numpy(), AttributeError),
        caught.raised(lambda: numpy.argmax(answers, axis=1), Exception),
    ]

    serve = keras.layers.TFSMLayer("served", call_endpoint="serve")
    for found in (*answers.values(), serve(caught.BATCH)):
        assert caught.apart(found, model(caught.BATCH)) < 1e-6
    return caught.Case("its value, and the endpoint `serve`, answer as the model did", errors[:1])


def e05(folder: pathlib.Path) -> caught.Case:
    """Rows of another width than the model was built for."""
    model = caught.trained()
    model.save("model.keras")
    loaded = keras.models.load_model("model.keras")
    seen = caught.raised(lambda: loaded(caught.BATCH[:, :63]), ValueError)

    assert loaded.input_shape == (None, 64)
    assert caught.apart(loaded(caught.BATCH), model(caught.BATCH)) == 0
    return caught.Case("with rows as `input_shape` says, it answers as before", [seen])


def e06(folder: pathlib.Path) -> caught.Case:
    """An archive without an endpoint; then with one."""
    model = caught.trained()
    archive = keras.export.ExportArchive()
    archive.track(model)
    seen = caught.raised(lambda: archive.write_out("served", verbose=False), ValueError)

    archive.add_endpoint("serve", model.call, [tensorflow.TensorSpec((None, 64), tensorflow.float32)])
    archive.write_out("served", verbose=False)
    loaded = tensorflow.saved_model.load("served")
    assert caught.apart(loaded.serve(caught.BATCH), model(caught.BATCH)) < 1e-6
    return caught.Case("with an endpoint it is written and answers the same", [seen])
