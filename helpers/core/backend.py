"""Imports TensorFlow the way the course needs it: its own backend, on the CPU, without the start-up log.

Import this module (or `lesson`, which does) before keras or tensorflow.
"""

import collections.abc
import contextlib
import importlib.metadata
import os
import sys
import warnings

import absl.logging
from helpers.core import errors

# Keeps the log lines of TensorFlow's C++ part out of a notebook.
#
# No setting silences the first of them on a machine without a graphics card, so the error stream itself
# points at nothing while they are written. Python's own errors are not touched: they are raised, not printed.


@contextlib.contextmanager
def native_errors() -> collections.abc.Iterator[None]:
    """Send what is written to file descriptor 2 to nowhere, until the block ends."""
    kept = os.dup(2)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


@contextlib.contextmanager
def conversions() -> collections.abc.Iterator[None]:
    """Leave out what converters say of themselves: C++ log lines, and Python's warnings on their own code."""
    with native_errors(), warnings.catch_warnings(action="ignore"):
        yield


PROVED_ON = {"tensorflow": "2.21", "keras": "3.15"}
OLDEST = {"tensorflow": (2, 16), "keras": (3, 0)}


def choose() -> None:
    """Settle, before the first import, what TensorFlow and Keras read from the environment.

    Raises:
        errors.Stop: legacy Keras is asked for, another backend is already loaded, or a version is too old.
    """
    if os.environ.get("TF_USE_LEGACY_KERAS", "").lower() in {"1", "true"}:
        raise errors.Stop(
            "TF_USE_LEGACY_KERAS is set, so TensorFlow would use Keras 2. This course is about Keras 3. "
            "Remove that variable, then restart the kernel."
        )
    loaded = sys.modules.get("keras")
    if loaded and loaded.config.backend() != "tensorflow":
        raise errors.Stop(
            f"Keras is already loaded with the {loaded.config.backend()} backend, and this course needs "
            "tensorflow. Restart the kernel and run the set-up cell first."
        )
    for package, oldest in OLDEST.items():
        version = importlib.metadata.version(package)
        if tuple(int(part) for part in version.split(".")[:2]) < oldest:
            raise errors.Stop(
                f"{package} {version} is installed; this course is proved on {PROVED_ON[package]} and needs "
                f"{'.'.join(map(str, oldest))} or newer. Start it with `uv run course`, which installs it."
            )
    os.environ["KERAS_BACKEND"] = "tensorflow"
    # A graphics card would be taken whole by the first process; the proofs run in several at once.
    os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    # MLflow reports each use over the net, and logs how it builds its database.
    os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
    os.environ.setdefault("MLFLOW_LOGGING_LEVEL", "ERROR")


def versions() -> str:
    """One line for the set-up cell: what is installed and, if it is not what was proved, what may differ."""
    installed = {package: importlib.metadata.version(package) for package in PROVED_ON}
    line = f"Python {sys.version.split()[0]} · " + " · ".join(
        f"{name} {text}" for name, text in installed.items()
    )
    if all(text.startswith(PROVED_ON[name] + ".") for name, text in installed.items()):
        return line
    proved = " and ".join(f"{name} {text}" for name, text in PROVED_ON.items())
    return (
        f"{line}\nThe course is proved on {proved}: here error texts, file contents and verdicts may differ."
    )


choose()
with native_errors():
    import tensorflow

# "Assets written to: ..." names a path of this machine, and Keras calls `.h5` legacy at every save of one.
tensorflow.get_logger().setLevel("ERROR")
absl.logging.set_verbosity(absl.logging.ERROR)


def first_operation() -> None:
    """Run one operation now, so that the log lines TensorFlow writes with its first do not reach the page."""
    with native_errors():
        tensorflow.zeros(1)
