"""Walks the JSON that Keras writes: which objects are Keras's own, and which the loader must bring."""

import collections.abc
import json
import operator
import re
import typing

from helpers.tools.anatomy import finding, words

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
            "not written by Keras. Ask the person who made it for a file that `model.save` wrote."
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
        # tf_keras is Keras 2 as a package of its own, and writes its name into what it saves.
        return isinstance(module, str) and module.split(".")[0] in {"keras", "tf_keras"}
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
    from helpers.core import backend  # noqa: F401  (it settles how TensorFlow is imported)
    import keras

    return asked == "Functional" or any(hasattr(operator.attrgetter(part)(keras), asked) for part in _PARTS)


# What the version of Keras in a file means for the Keras that reads it.
#
# Held against files of TensorFlow 2.5 to 2.21 by the tests; a version not seen there is called so.


OLDER = "an older Keras: it may not know what a newer one wrote"
ACROSS = "Keras 3 without a test: it reads some models of Keras 2 wrongly, and some not at all"
_NEWEST = 3  # the newest major version that was seen


def major(version: object) -> int | None:
    """The first number of a version such as "3.15.1"; None if it is no version."""
    matched = re.match(r"(\d{1,4})\.\d", version) if isinstance(version, str) else None
    return int(matched[1]) if matched else None


def written(version: object) -> str:
    """The finding on who wrote it."""
    if version is None or version == "":
        return "Keras of unknown version"
    text = f"Keras {words.plain(version)}"
    number = major(version)
    if number is None:
        return f"{text}, which is no version of Keras"
    return text if 2 <= number <= _NEWEST else f"{text}, a version that was not seen by this course"


def load(call: str, version: object) -> str:
    """The line that loads a `.keras`, for the Keras that can."""
    number = major(version)
    if number == 2:
        minor = int(re.match(r"2\.(\d{1,4})", version)[1])
        if minor < 15:
            return (
                f"in the Keras that wrote it, version {words.plain(version)}: {call}; of Keras 2.13 "
                "neither tf_keras nor Keras 3 reads the weights of several layers"
            )
        return (
            f"{call.replace('keras.', 'tf_keras.', 1)}, which is Keras 2 as a package of its own\n"
            "in Keras 3 some load with compile=False; compare with a golden batch"
        )
    if number is None:
        return f"{call}; if that fails, ask which Keras wrote it"
    return call if number == _NEWEST else f"in Keras {number}: {call}"
