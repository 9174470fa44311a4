"""Loads one version and tries it, before anybody may ask it."""

import dataclasses
import pathlib

from helpers.core import backend  # noqa: F401  (it settles how TensorFlow is imported)
import numpy
import tensorflow

SIGNATURE = "serving_default"
_NAMES = {"float32": "DT_FLOAT", "int64": "DT_INT64", "int32": "DT_INT32", "string": "DT_STRING"}


class NotReady(Exception):
    """A folder that is no complete version, or whose model does not answer; the text says why."""


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

    def predict(self, rows: numpy.ndarray) -> numpy.ndarray:
        """What the model answers to float32 rows, shape (rows, width): (rows, outputs)."""
        found = self.artefact.signatures[SIGNATURE](**{self.entrance: tensorflow.constant(rows)})
        return next(iter(found.values())).numpy()

    def metadata(self) -> dict[str, object]:
        """Inputs and outputs in TensorFlow Serving's words."""
        function = self.artefact.signatures[SIGNATURE]
        ends = {"inputs": function.structured_input_signature[1], "outputs": function.structured_outputs}
        said = {end: {name: _tensor(spec) for name, spec in specs.items()} for end, specs in ends.items()}
        return {"signature_def": {SIGNATURE: {**said, "method_name": "tensorflow/serving/predict"}}}


def load(folder: pathlib.Path) -> Loaded:
    """Load a version and let it answer one row of zeros, so that the first client need not wait.

    Raises:
        NotReady: the folder is incomplete or damaged, or the model takes something else than rows of numbers.
    """
    for part in ("saved_model.pb", "variables/variables.index"):
        if not (folder / part).is_file():
            raise NotReady(f"{folder.name}/{part} is not there. Is it still being written?")
    try:
        artefact = tensorflow.saved_model.load(str(folder))
        (arguments,) = [artefact.signatures[SIGNATURE].structured_input_signature[1]]
        ((entrance, spec),) = arguments.items()
        loaded = Loaded(int(folder.name), int(spec.shape[1]), entrance, artefact)
        if spec.shape.rank != 2 or not spec.dtype.is_floating:
            raise NotReady(f"Version {folder.name} takes {spec}. Expected: rows of floats.")
        answer = loaded.predict(numpy.zeros((1, loaded.width), "float32"))
    except NotReady:
        raise
    except Exception as error:  # a damaged or a stranger's model may raise anything
        first_line = (str(error).strip().splitlines() or [""])[0]
        raise NotReady(
            f"Version {folder.name} does not load. {type(error).__name__}: {first_line}"
        ) from error
    if not numpy.isfinite(answer).all():
        raise NotReady(f"Version {folder.name} answers a row of zeros with what is not a number.")
    return loaded


def _tensor(spec: tensorflow.TensorSpec) -> dict[str, object]:
    sizes = [{"size": str(-1 if size is None else size), "name": ""} for size in spec.shape]
    return {
        "dtype": _NAMES.get(spec.dtype.name, "DT_INVALID"),
        "tensor_shape": {"dim": sizes},
        "name": spec.name,
    }
