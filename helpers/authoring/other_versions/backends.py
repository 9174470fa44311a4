"""What three backends make of each other's files: `author backends` records it for lesson 17.

JAX and PyTorch are no part of the course's environment, because they are large. Each gets an environment of
its own, made by uv and kept in the scratch folder; TensorFlow is the course's. Orbax needs JAX, so it is
asked in JAX's.
"""

import argparse
import datetime
import importlib.metadata
import json
import os
import pathlib
import shutil
import sys
import tempfile

from helpers.authoring.other_versions import environment
from helpers.core import processes, scratch
from helpers.lessons.lesson_17 import backends

PROGRAM = pathlib.Path(__file__).with_name("backend_program.py")
PACKAGES = {"jax": ["jax==0.10.2", "orbax-checkpoint==0.12.8"], "torch": ["torch==2.13.0"]}
SENT = "layers from torch"  # the file that lesson 17 loads
_LENGTH = 300  # characters of what the program said last


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the place of the environments."""
    parser.add_argument("--folder", type=pathlib.Path, help="where the environments go (default: scratch/)")


def run(chosen: argparse.Namespace) -> int:
    """Write and read with every backend, and record it; returns 1 where one cannot be had."""
    folder = (chosen.folder or scratch.root() / "backends").resolve()
    print(
        f"Environments in {folder} (about 2 GB, where uv takes PyTorch for a graphics card 6 GB)", flush=True
    )
    try:
        pythons = {"tensorflow": pathlib.Path(sys.executable)}
        pythons |= {name: installed(folder / name, packages) for name, packages in PACKAGES.items()}
        with tempfile.TemporaryDirectory() as place:
            wrote = {name: ask(python, name, "write", place) for name, python in pythons.items()}
            reads = {name: ask(python, name, "read", place) for name, python in pythons.items()}
            orbax = ask(pythons["jax"], "jax", "orbax", place)
            backends.FOLDER.mkdir(parents=True, exist_ok=True)
            for suffix, target in ((".keras", backends.FROM_TORCH), (".npz", backends.GOLDEN)):
                shutil.copyfile(pathlib.Path(place, SENT + suffix), target)
    except environment.Unavailable as reason:
        print(f"Nothing recorded. {reason}")
        return 1
    record = {
        "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "versions": {name: said["versions"] for name, said in reads.items()},
        "written": {name: said["write"] for name, said in wrote.items()},
        "read": {name: said["read"] for name, said in reads.items()},
        "orbax": orbax,
    }
    backends.RECORD.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    files = len(record["read"]["jax"])
    print(f"{len(record['read'])} backends read {files} files. Wrote {backends.RECORD.name}.")
    return 0


def installed(folder: pathlib.Path, packages: list[str]) -> pathlib.Path:
    """Make an environment with the course's Keras and NumPy and one backend; returns its Python.

    Raises:
        environment.Unavailable: uv could not install it.
    """
    python = environment.made(folder, sys.executable)
    same = [f"{name}=={importlib.metadata.version(name)}" for name in ("keras", "numpy")]
    environment.ask_uv("pip", "install", "--quiet", f"--python={python}", *same, *packages)
    return python


def ask(python: pathlib.Path, backend: str, what: str, folder: str) -> dict:
    """What the program says in one environment.

    Raises:
        environment.Unavailable: it failed.
    """
    print(f"{what} with {backend}", flush=True)
    return json.loads(said(python, str(PROGRAM), what, folder, backend=backend).splitlines()[-1])


def said(python: pathlib.Path, *arguments: str, backend: str = "") -> str:
    """What a command prints.

    Raises:
        environment.Unavailable: it ended with an error.
    """
    kept = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "PYTHONHOME")}
    # Here as in the lessons: no graphics card, and no start-up log.
    kept |= {"KERAS_BACKEND": backend, "CUDA_VISIBLE_DEVICES": "-1", "TF_CPP_MIN_LOG_LEVEL": "3"}
    done = processes.run_program(python, *arguments, env=kept)
    if done.returncode:
        raise environment.Unavailable(" ".join(done.stderr.split())[-_LENGTH:])
    return done.stdout
