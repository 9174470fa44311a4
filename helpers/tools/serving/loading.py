"""Loads one version and tries it, before anybody may ask it."""

import dataclasses
import pathlib
import threading

from helpers.core import backend  # noqa: F401  (it settles how TensorFlow is imported)
from helpers.tools.versions import golden_batch
import numpy
import tensorflow
from tensorflow.python.eager import cancellation

SIGNATURE = "serving_default"
TIME_LIMIT = 60.0  # seconds for a version to load and to answer its first rows
_NAMES = {"float32": "DT_FLOAT", "int64": "DT_INT64", "int32": "DT_INT32", "string": "DT_STRING"}


class NotReady(Exception):
    """A folder that is no complete version, or whose model does not answer; the text says why."""


class Late(NotReady):
    """A version that was not ready in time. It is not tried again while its files stay as they are."""


@dataclasses.dataclass(frozen=True)
class Loaded:
    """A version that answers.

    Attributes:
        number: the version.
        width: how many numbers a row has.
        entrance: the name of its input.
        artefact: the loaded SavedModel; it has to be kept, its functions die without it.
    """

    number: int
    width: int
    entrance: str
    artefact: object = dataclasses.field(repr=False)

    def predict(self, rows: numpy.ndarray) -> numpy.ndarray | dict[str, numpy.ndarray]:
        """What the model answers to float32 rows, shape (rows, width).

        One output comes as its array, shape (rows, ...), several as a dict of their names.
        """
        found = self.artefact.signatures[SIGNATURE](**{self.entrance: tensorflow.constant(rows)})
        arrays = {name: value.numpy() for name, value in sorted(found.items())}
        return next(iter(arrays.values())) if len(arrays) == 1 else arrays

    def metadata(self) -> dict[str, object]:
        """Inputs and outputs in TensorFlow Serving's words."""
        function = self.artefact.signatures[SIGNATURE]
        ends = {"inputs": function.structured_input_signature[1], "outputs": function.structured_outputs}
        said = {end: {name: _tensor(spec) for name, spec in specs.items()} for end, specs in ends.items()}
        return {"signature_def": {SIGNATURE: {**said, "method_name": "tensorflow/serving/predict"}}}


def finite(answers: numpy.ndarray | dict[str, numpy.ndarray]) -> bool:
    """Whether every answer is a finite number."""
    arrays = answers.values() if isinstance(answers, dict) else [answers]
    return all(numpy.isfinite(array).all() for array in arrays)


def load_within(folder: pathlib.Path, seconds: float | None = None) -> Loaded:
    """Load a version in a thread that is waited for only so long.

    What the thread computes is cancelled then, so that a graph that never ends takes no processor from those
    that answer. A load itself cannot be cancelled; its thread is left to end whenever it does.

    Raises:
        NotReady: as `load`, or the time is over.
    """
    limit = TIME_LIMIT if seconds is None else seconds
    found: list[Loaded | NotReady] = []
    cancelling = cancellation.CancellationManager()

    def work() -> None:
        try:
            with cancellation.CancellationManagerContext(cancelling):
                found.append(load(folder))
        except NotReady as reason:
            found.append(reason)

    thread = threading.Thread(target=work, name=f"loading {folder.name}", daemon=True)
    thread.start()
    thread.join(limit)
    if not found:
        cancelling.start_cancel()
        raise Late(
            f"Version {folder.name} was not loaded and did not answer its first rows within {limit:g} "
            "seconds. It is tried again when its files change."
        )
    if isinstance(found[0], NotReady):
        raise found[0]
    return found[0]


def load(folder: pathlib.Path) -> Loaded:
    """Load a version and let it answer, so that the first client need not wait.

    It is asked its golden batch, which has to come out as published; without one, a row of zeros.

    Raises:
        NotReady: the folder is incomplete or damaged, or the model takes something else than rows of numbers.
    """
    try:
        for part in ("saved_model.pb", "variables/variables.index"):
            if not (folder / part).is_file():
                raise NotReady(f"{folder.name}/{part} is not there. Is it still being written?")
        artefact = tensorflow.saved_model.load(str(folder))
        if SIGNATURE not in artefact.signatures:
            raise NotReady(f"Version {folder.name} has no signature {SIGNATURE}.")
        arguments = artefact.signatures[SIGNATURE].structured_input_signature[1]
        if len(arguments) != 1:
            raise NotReady(f"Version {folder.name} takes {len(arguments)} inputs. Expected: one.")
        ((entrance, spec),) = arguments.items()
        if spec.shape.rank != 2 or spec.shape[1] is None or not spec.dtype.is_floating:
            raise NotReady(f"Version {folder.name} takes {spec}. Expected: rows of floats.")
        loaded = Loaded(int(folder.name), int(spec.shape[1]), entrance, artefact)
        outputs = artefact.signatures[SIGNATURE].structured_outputs
        texts = [name for name, one in outputs.items() if not (one.dtype.is_floating or one.dtype.is_integer)]
        if texts:
            raise NotReady(f"Version {folder.name} answers {texts[0]!r}, which is not made of numbers.")
        answer = loaded.predict(numpy.zeros((1, loaded.width), "float32"))
        if not finite(answer):
            raise NotReady(f"Version {folder.name} answers a row of zeros with what is not a number.")
        _ask_golden(folder, loaded)
    except NotReady:
        raise
    except Exception as error:  # a damaged or a stranger's model may raise anything
        first_line = (str(error).strip().splitlines() or [""])[0]
        raise NotReady(
            f"Version {folder.name} does not load. {type(error).__name__}: {first_line}"
        ) from error
    return loaded


def _ask_golden(folder: pathlib.Path, loaded: Loaded) -> None:
    """The golden batch as the last trial, to a thousandth: `versions.promote` asks it more exactly."""
    if not (folder / golden_batch.NAME).is_file():
        return
    with numpy.load(folder / golden_batch.NAME, allow_pickle=False) as stored:
        batch, expected = (golden_batch.unpacked(part, dict(stored)) for part in ("batch", "answers"))
    batch = next(iter(batch.values())) if isinstance(batch, dict) and len(batch) == 1 else batch
    seen = loaded.predict(numpy.asarray(batch, "float32"))
    pairs = [(expected, seen)]
    if isinstance(seen, dict):
        named = expected if isinstance(expected, dict) else {}
        pairs = [(named.get(name), array) for name, array in seen.items()]
    elif isinstance(expected, dict):
        pairs = [(next(iter(expected.values())), seen)]
    for wanted, array in pairs:
        if wanted is None or wanted.shape != array.shape:
            raise NotReady(f"Version {folder.name} answers its golden batch in another form.")
        if not numpy.allclose(array, wanted, rtol=1e-3, atol=1e-3):
            largest = golden_batch.largest_difference(wanted, array)
            raise NotReady(
                f"Version {folder.name} answers its golden batch otherwise than when it was published: "
                f"the largest difference is {largest:.2g}."
            )


def _tensor(spec: tensorflow.TensorSpec) -> dict[str, object]:
    sizes = [{"size": str(-1 if size is None else size), "name": ""} for size in spec.shape]
    return {
        "dtype": _NAMES.get(spec.dtype.name, "DT_INVALID"),
        "tensor_shape": {"dim": sizes},
        "name": spec.name,
    }
