"""Tasks for a child process: load a save with the learner's own function, and say what came back."""

import collections.abc
import json
import pathlib
import pkgutil

from helpers import backend, digits
from helpers.breaking import outcomes, trials
from helpers.core import process_child
import keras
import numpy

_good: dict[str, outcomes.State] = {}
_weights: dict[str, list[numpy.ndarray]] = {}


def damaged(
    name: str, kind: str, good: pathlib.Path, copy: pathlib.Path
) -> collections.abc.Iterator[tuple[str, str]]:
    """Load the copy with the function of that name, and say the outcome with a line about it.

    The good save is loaded once for each process; one that does not load raises.
    """
    if str(good) not in _good:
        _good[str(good)] = state(loaded(name, kind, good), kind)
    try:
        seen = state(loaded(name, kind, copy), kind)
    except Exception as error:  # which one it is depends on what was hit
        yield outcomes.ERROR, process_child.one_line(error)
    else:
        yield outcomes.of_damage(_good[str(good)], seen), ""


def interrupted(
    module: str, kind: str, save: pathlib.Path, old: pathlib.Path, new: pathlib.Path
) -> collections.abc.Iterator[tuple[str, str]]:
    """Load what an interrupted save left, and say whose weights it has; `old` and `new` are .keras files."""
    for path in (old, new):
        if str(path) not in _weights:
            _weights[str(path)] = weights(keras.models.load_model(path))
    try:
        seen = weights(loaded(module, kind, save))
    except Exception as error:
        yield outcomes.LOST, process_child.one_line(error)
    else:
        yield outcomes.of_a_save(_weights[str(old)], _weights[str(new)], seen), ""


def loaded(name: str, kind: str, path: pathlib.Path) -> object:
    """What the learner's function returns: `load` of a module, or the one that "guards:sealed" names."""
    backend.first_operation()
    found = pkgutil.resolve_name(name)
    return getattr(found, "load", found)(path, kind)


def weights(model: object) -> list[numpy.ndarray]:
    """The weights of a Keras model or of an export."""
    return [numpy.asarray(variable) for variable in getattr(model, "weights", None) or model.variables]


def state(model: object, kind: str) -> outcomes.State:
    """Everything about a model that a damaged file could have changed."""
    rows = digits.load().test_features
    answers = model(rows, training=False) if isinstance(model, keras.Model) else model.serve(rows)
    optimizer = getattr(model, "optimizer", None)
    return {
        "answers": numpy.asarray(answers),
        "weights": weights(model),
        "optimizer": [numpy.asarray(variable) for variable in optimizer.variables] if optimizer else [],
        "settings": _settings(model, kind),
    }


def _settings(model: object, kind: str) -> str:
    """Names, arguments and compile settings that come from the file; the signature of an export."""
    if kind in trials.WITHOUT_SETTINGS:
        return ""
    if isinstance(model, keras.Model):
        return json.dumps([model.get_config(), model.get_compile_config()], default=str, sort_keys=True)
    signature = model.signatures["serving_default"]
    return f"{signature.structured_input_signature} {signature.structured_outputs}"
