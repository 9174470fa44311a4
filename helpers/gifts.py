"""Files as a stranger may send them, for the exercises of lesson 10: what may run in them is harmless.

What runs writes a small text into the folder in which the file is loaded; `curious` also knocks at a port of
this machine where nobody listens. Making some of them runs them too, so that happens in a folder of its own.
"""

import collections.abc
import contextlib
import pathlib
import shutil
import tempfile

from helpers import models, traces
import keras
import tensorflow

FOUND = "found.txt"
_PIXELS = tensorflow.TensorSpec([None, 64])


def plain(path: str) -> None:
    """A `.keras` with Keras's own layers: nothing runs but them."""
    with _made(path) as place:
        models.sequential().save(place)


def bytecode(path: str) -> None:
    """A `.keras` with a lambda: load_model refuses it by default."""
    with _made(path) as place:
        # Its code stands alone: a lambda in a file brings no module along.
        layer = keras.layers.Lambda(lambda pixels: (open("was_here.txt", "w").close(), pixels)[1])
        keras.Sequential([keras.Input((64,)), layer]).save(place)


def curious(path: str) -> None:
    """A `.keras` whose lambda writes what it finds of API_TOKEN into FOUND, and then wants a connection."""
    with _made(path) as place:
        layer = keras.layers.Lambda(
            lambda pixels: (
                __import__("pathlib")
                .Path("found.txt")
                .write_text(__import__("os").environ.get("API_TOKEN", "nothing")),
                __import__("socket").socket().connect_ex(("127.0.0.1", 9)),
                pixels,
            )[2]
        )
        keras.Sequential([keras.Input((64,)), layer]).save(place)


def on_call(path: str) -> None:
    """A SavedModel that writes when it is called with a row that is not empty."""
    module = tensorflow.Module()

    @tensorflow.function(input_signature=[_PIXELS])
    def serve(pixels: tensorflow.Tensor) -> tensorflow.Tensor:
        tensorflow.cond(tensorflow.reduce_sum(pixels) > 0, _write, tensorflow.no_op)
        return pixels

    module.serve = serve
    with _made(path) as place:
        tensorflow.saved_model.save(module, place)


def on_load(path: str) -> None:
    """A SavedModel that writes when it is loaded."""
    module = _answering()
    module.start = _Start()
    with _made(path) as place:
        tensorflow.saved_model.save(module, place)


def harmless(path: str, scale: float = 2.0) -> None:
    """A SavedModel that multiplies by a number and does nothing else."""
    with _made(path) as place:
        tensorflow.saved_model.save(_answering(scale), place)


class _Start(tensorflow.saved_model.experimental.TrackableResource):
    """A resource that writes when it is made ready, as others read their vocabulary."""

    def _create_resource(self) -> tensorflow.Tensor:
        return tensorflow.raw_ops.VarHandleOp(dtype=tensorflow.float32, shape=[])

    def _initialize(self) -> None:
        _write()


def _answering(scale: float = 1.0) -> tensorflow.Module:
    """A module with a weight and an endpoint, so that each of its files has something in it."""
    module = tensorflow.Module()
    module.scale = tensorflow.Variable(scale)
    module.serve = tensorflow.function(lambda pixels: pixels * module.scale, input_signature=[_PIXELS])
    return module


def _write() -> tensorflow.Operation:
    return tensorflow.io.write_file(str(traces.MARKER), "A model wrote this.")


@contextlib.contextmanager
def _made(path: str) -> collections.abc.Iterator[str]:
    """A name to save under in an empty folder; what was saved comes to `path`, what ran leaves no trace."""
    target = pathlib.Path(path).resolve()
    with tempfile.TemporaryDirectory() as folder:
        with contextlib.chdir(folder):
            yield target.name
        if target.is_dir():
            shutil.rmtree(target)
        shutil.move(pathlib.Path(folder, target.name), target)
