"""What backends made of each other's files, as `author backends` recorded it, and one file from PyTorch."""

import io
import json
import os
import pathlib
import shutil
import sys
import zipfile

import h5py
from helpers.core import processes, scratch
import numpy

FOLDER = scratch.COURSE / "notebooks" / "data" / "backends"
RECORD = pathlib.Path(__file__).with_suffix(".json")
FROM_TORCH = FOLDER / "from_torch.keras"
GOLDEN = FOLDER / "from_torch.npz"
# The same on every machine: another backend may well be installed on a learner's.
_TENSORFLOW_ALONE = """
import sys

class Missing:
    def find_spec(self, name, *_):
        if name.partition(".")[0] in ("jax", "torch"):
            raise ModuleNotFoundError(f"No module named {name!r}")

sys.meta_path.insert(0, Missing())
import keras
print("imported")
"""


def record() -> dict:
    """The whole file: "date"; "versions", "written" and "read", by backend; "orbax" with its versions."""
    return json.loads(RECORD.read_text(encoding="utf-8"))


def show() -> None:
    """Print for each file what every backend made of it."""
    read = record()["read"]
    print(f"{'file':<33}" + "".join(f"{name:<26}" for name in read).rstrip())
    for file in read["tensorflow"]:
        print(f"{file:<33}" + "".join(f"{verdicts[file]:<26}" for verdicts in read.values()).rstrip())


def show_orbax() -> None:
    """Print for each kind of model what came back from a checkpoint of Orbax, under JAX."""
    for kind, found in record()["orbax"]["orbax"].items():
        print(f"{kind:<48}{found}")


def unpack(folder: pathlib.Path | str = ".") -> None:
    """Copy the file from PyTorch and its golden answers into a folder."""
    for path in (FROM_TORCH, GOLDEN):
        shutil.copyfile(path, pathlib.Path(folder, path.name))


def import_keras(backend: str) -> str:
    """The last line of a new process that has TensorFlow alone, and imports Keras for this backend."""
    # A kernel asks for colours, and Python 3.13 gives them to errors.
    environment = {**os.environ, "KERAS_BACKEND": backend, "PYTHON_COLORS": "0"}
    said = processes.run_program(sys.executable, "-c", _TENSORFLOW_ALONE, env=environment)
    return (said.stderr if said.returncode else said.stdout).strip().splitlines()[-1]


def optimizer_arrays() -> list[numpy.ndarray]:
    """The optimizer's arrays in the file from PyTorch, in order: step, learning rate, two a weight."""
    with zipfile.ZipFile(FROM_TORCH) as box, h5py.File(io.BytesIO(box.read("model.weights.h5"))) as file:
        arrays = file["optimizer/vars"]
        return [arrays[name][()] for name in sorted(arrays, key=int)]
