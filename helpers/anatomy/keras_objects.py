"""Walks the JSON that Keras writes: which objects are Keras's own, and which the loader must bring."""

import collections.abc
import json
import operator
import typing

from helpers.anatomy import finding, words

Mapping = dict[str, typing.Any]
_PARTS = (
    "layers",
    "models",
    "optimizers",
    "losses",
    "metrics",
    "activations",
    "initializers",
    "regularizers",
    "constraints",
    "ops",
    "dtype_policies",
    "optimizers.schedules",
)


def parsed(text: str | bytes, shown: str) -> Mapping:
    """A JSON object.

    Raises:
        finding.Unreadable: it is not one; `shown` names it in the sentence.
    """
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise finding.Unreadable(
            f"{shown} is damaged: it should be JSON, and is not ({words.plain(str(error))}). {finding.AGAIN}"
        ) from error
    if not isinstance(found, dict):
        raise finding.Unreadable(
            f"{shown} holds a JSON {type(found).__name__} and should hold the description of a model. It was "
            "not written by Keras. Ask whoever made it for a file that `model.save` wrote."
        )
    return found


def walk(value: object) -> collections.abc.Iterator[Mapping]:
    """Every described object in a configuration, outer ones first, in the order of the file."""
    waiting = [value]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            if isinstance(value.get("class_name"), str) and "config" in value:
                yield value
            waiting.extend(reversed(list(value.values())))
        elif isinstance(value, list):
            waiting.extend(reversed(value))


def is_own(described: Mapping) -> bool:
    """Whether Keras itself has this class or function."""
    name = described["class_name"]
    if name.startswith("__") and name.endswith("__"):
        return True  # a tensor, a tuple, a lambda: a value, not a class
    if name == "function" and described.get("module") == "builtins":
        return _in_keras(described["config"])
    if "module" in described:
        module = described["module"]
        return isinstance(module, str) and (module == "keras" or module.startswith("keras."))
    return _in_keras(name.removeprefix("Custom>"))  # `.h5` names the class alone


def name(described: Mapping) -> str:
    """The name a custom object is asked for, with the module it was defined in."""
    asked, module = described.get("registered_name"), described.get("module")
    if described["class_name"] == "function":
        asked = described["config"]
    elif not isinstance(asked, str) or not asked:
        asked = described["class_name"]
    if isinstance(module, str) and module != "builtins":
        return f"{words.plain(asked)} (defined in {words.plain(module)})"
    if "module" not in described and ">" not in described["class_name"]:
        return f"{words.plain(asked)} (not in this Keras)"  # a class of the author, or one that Keras 2 had
    return words.plain(asked)


def _in_keras(asked: object) -> bool:
    if not isinstance(asked, str) or not asked.isidentifier():
        return False
    # Seconds of importing, so only where a file names something without saying whose it is.
    from helpers import backend  # noqa: F401  (it settles how TensorFlow is imported)
    import keras

    return asked == "Functional" or any(hasattr(operator.attrgetter(part)(keras), asked) for part in _PARTS)
