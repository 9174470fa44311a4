"""Loads one version and tries it, before anybody may ask it."""

import collections.abc
import dataclasses
import logging
import pathlib
import threading

from helpers.core import backend, errors  # noqa: F401  (backend settles how TensorFlow is imported)
from helpers.tools.serving import tensors
from helpers.tools.versions import golden_batch
import numpy
import tensorflow
from tensorflow.core.framework import types_pb2
from tensorflow.python.eager import cancellation

SIGNATURE = "serving_default"
LOG = logging.getLogger("helpers.tools.serving")
TIME_LIMIT = 60.0  # seconds for a version to load and to answer its first rows


class NotReady(Exception):
    """A folder that is no complete version, or whose model does not answer; the text says why."""


class Late(NotReady):
    """A version that was not ready in time. It is not tried again while its files stay as they are."""


@dataclasses.dataclass(frozen=True)
class Loaded:
    """A version that answers.

    Attributes:
        number: the version.
        inputs: what each signature takes: the form of each input by its name.
        artefact: the loaded SavedModel; it has to be kept, its functions die without it.
    """

    number: int
    inputs: dict[str, dict[str, tensors.Form]]
    artefact: object = dataclasses.field(repr=False)

    def ask(
        self, inputs: collections.abc.Mapping[str, numpy.ndarray], signature: str = SIGNATURE
    ) -> dict[str, numpy.ndarray]:
        """What a signature answers: an array for each of its outputs.

        Raises:
            tensors.BadRequest: the model refuses the values, such as a number that no row of a table has.
        """
        given = {name: tensorflow.constant(array) for name, array in inputs.items()}
        try:
            found = self.artefact.signatures[signature](**given)
        except tensorflow.errors.InvalidArgumentError as error:
            said = errors.one_line(error)[:300]
            raise tensors.BadRequest(400, f"The model cannot answer these values. {said}.") from error
        return {name: value.numpy() for name, value in sorted(found.items())}

    def predict(self, rows: object) -> numpy.ndarray | dict[str, numpy.ndarray]:
        """What the model answers to an array, or to a dict with one for each input.

        One output comes as its array, several as a dict of their names.
        """
        forms = self.inputs[SIGNATURE]
        named = rows if isinstance(rows, collections.abc.Mapping) else dict(zip(forms, [rows], strict=True))
        given = {name: numpy.asarray(array, forms[name].dtype) for name, array in named.items()}
        arrays = self.ask(given)
        return next(iter(arrays.values())) if len(arrays) == 1 else arrays

    def metadata(self) -> dict[str, object]:
        """Inputs and outputs of every signature in TensorFlow Serving's words."""
        said = {}
        for name, function in self.artefact.signatures.items():
            ends = {"inputs": function.structured_input_signature[1], "outputs": function.structured_outputs}
            said[name] = {
                **{end: {one: _tensor(spec) for one, spec in specs.items()} for end, specs in ends.items()},
                "method_name": "tensorflow/serving/predict",
            }
        return {"signature_def": {"signature_def": said}}


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

    It is asked its golden batch, which has to come out as published. Without one it is asked zeros, and they
    prove only that it answers: a logarithm of zero is no fault of the model.

    Raises:
        NotReady: the folder is incomplete or damaged, or the model takes or gives what JSON cannot hold.
    """
    try:
        for part in ("saved_model.pb", "variables/variables.index"):
            if not (folder / part).is_file():
                raise NotReady(f"{folder.name}/{part} is not there. Is it still being written?")
        artefact = tensorflow.saved_model.load(str(folder))
        if SIGNATURE not in artefact.signatures:
            raise NotReady(f"Version {folder.name} has no signature {SIGNATURE}.")
        inputs = {name: _forms(function) for name, function in artefact.signatures.items()}
        if inputs[SIGNATURE] is None:
            taken = artefact.signatures[SIGNATURE].structured_input_signature[1]
            raise NotReady(f"Version {folder.name} takes {taken}. Expected: inputs that JSON can hold.")
        outputs = artefact.signatures[SIGNATURE].structured_outputs
        texts = [name for name, one in outputs.items() if not _is_number(one.dtype)]
        if texts:
            raise NotReady(f"Version {folder.name} answers {texts[0]!r}, which is not made of numbers.")
        askable = {name: forms for name, forms in inputs.items() if forms}
        loaded = Loaded(int(folder.name), askable, artefact)
        if (folder / golden_batch.NAME).is_file():
            _ask_golden(folder, loaded)
        else:
            _ask_zeros(loaded)
    except NotReady:
        raise
    except Exception as error:  # a damaged or a stranger's model may raise anything
        raise NotReady(f"Version {folder.name} does not load. {errors.one_line(error)}") from error
    return loaded


def _forms(function: object) -> dict[str, tensors.Form] | None:
    """The form of each input of a signature; None where JSON cannot hold one of them."""
    forms = {}
    for name, spec in function.structured_input_signature[1].items():
        text = spec.dtype == tensorflow.string
        if spec.shape.rank is None or not (text or _is_number(spec.dtype)):
            return None
        dtype = None if text else numpy.dtype(spec.dtype.as_numpy_dtype)
        forms[name] = tensors.Form(dtype, tuple(spec.shape))
    return forms or None


def _is_number(dtype: tensorflow.DType) -> bool:
    return dtype.is_floating or dtype.is_bool or (dtype.is_integer and not dtype.is_quantized)


def _ask_zeros(loaded: Loaded) -> None:
    """One row of zeros, where its size is known: one too small for a layer would prove nothing."""
    zeros = {}
    for name, form in loaded.inputs[SIGNATURE].items():
        if None in form.shape[1:]:
            return
        sizes = [1 if size is None else size for size in form.shape]
        text = form.dtype is None
        zeros[name] = numpy.full(sizes, b"" if text else 0, object if text else form.dtype)
    if not finite(loaded.ask(zeros)):
        LOG.warning(
            "Version %d answers zeros with what is no number. With a golden batch it would be tried on "
            "what it is made for.",
            loaded.number,
        )


def _ask_golden(folder: pathlib.Path, loaded: Loaded) -> None:
    """The golden batch, to a thousandth: `versions.promote` asks it more exactly."""
    with numpy.load(folder / golden_batch.NAME, allow_pickle=False) as stored:
        batch, expected = (golden_batch.unpacked(part, dict(stored)) for part in ("batch", "answers"))
    forms = loaded.inputs[SIGNATURE]
    if isinstance(batch, dict) and len(batch) == len(forms) == 1:
        batch = next(iter(batch.values()))  # a single input may have had another name in the model
    if isinstance(batch, dict) != (len(forms) > 1) or (isinstance(batch, dict) and set(batch) != set(forms)):
        raise NotReady(f"Version {folder.name} takes {sorted(forms)}, and its golden batch holds others.")
    seen = loaded.predict(batch)
    named = seen if isinstance(seen, dict) else {"": seen}
    wanted = expected if isinstance(expected, dict) else {"": expected}
    if len(named) == len(wanted) == 1:
        wanted = dict(zip(named, wanted.values(), strict=True))
    for name, array in named.items():
        if name not in wanted or wanted[name].shape != array.shape:
            raise NotReady(f"Version {folder.name} answers its golden batch in another form.")
        if not numpy.allclose(array, wanted[name], rtol=1e-3, atol=1e-3):
            largest = golden_batch.largest_difference(wanted[name], array)
            raise NotReady(
                f"Version {folder.name} answers its golden batch otherwise than when it was published: "
                f"the largest difference is {largest:.2g}."
            )


def _tensor(spec: tensorflow.TensorSpec) -> dict[str, object]:
    sizes = [{"size": str(-1 if size is None else size), "name": ""} for size in spec.shape]
    return {
        "dtype": types_pb2.DataType.Name(spec.dtype.as_datatype_enum),
        "tensor_shape": {"dim": sizes},
        "name": spec.name,
    }
