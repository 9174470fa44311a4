"""What the version of Keras in a file means for the Keras that reads it.

Held against files of TensorFlow 2.5 to 2.21 by the tests; a version not seen there is called so.
"""

import re

from helpers.anatomy import words

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
