"""Runs the writer on another Python with another TensorFlow, both had by uv."""

import collections.abc
import os
import pathlib
import platform
import subprocess
import typing

from helpers import digits

WRITER = pathlib.Path(__file__).with_name("writer.py")
_PATIENCE = 1800  # seconds: a first time downloads a TensorFlow of some hundred megabytes
_LENGTH = 300  # characters of what uv or the writer said last


Needs = collections.abc.Mapping[str, typing.Any]  # an entry of versions.toml


def write(needs: Needs, folder: pathlib.Path) -> str:
    """Write the files of one version into a new folder; returns "" or a sentence why that was impossible."""
    version, python = needs["tensorflow"], f"Python {needs['python']}"
    try:
        ended = subprocess.run(
            command(needs, folder),
            capture_output=True,
            text=True,
            timeout=_PATIENCE,
            check=False,
            encoding="utf-8",
        )
    except FileNotFoundError:
        return "The command `uv` is not here. Install it with `pip install uv`."
    except subprocess.TimeoutExpired:
        return f"It took longer than {_PATIENCE} seconds. Try again on a machine with less to do."
    if ended.returncode == 0:
        return ""
    said = " ".join(ended.stderr.split())[-_LENGTH:]
    if "interpreter" in said or "download" in said.lower():
        return f"{python} is not here, and uv could not get it: {said}"
    if "No solution found" in ended.stderr or "Failed to fetch" in ended.stderr:
        return f"TensorFlow {version} for {python} cannot be had on {platform.system()}: {said}"
    return f"TensorFlow {version} on {python} began and failed: {said}"


def command(needs: Needs, folder: pathlib.Path) -> list[str]:
    """The call of uv: an environment for this run, with nothing of the course in it."""
    # Only Linux and Windows have the small package without a graphics card.
    package = "tensorflow" if platform.system() == "Darwin" else "tensorflow-cpu"
    extra = [
        part for pin in [f"{package}=={needs['tensorflow']}", *needs["with"]] for part in ("--with", pin)
    ]
    return [
        *("uv", "run", "--no-project", "--isolated", "--quiet", "--python", found(needs["python"])),
        *extra,
        *("python", str(WRITER), str(digits.FILE), str(folder)),
    ]


def found(wanted: str) -> str:
    """A Python of pyenv, which uv does not look for, or the bare version for uv to find or download."""
    root = pathlib.Path(os.environ.get("PYENV_ROOT") or pathlib.Path.home() / ".pyenv")
    paths = sorted((root / "versions").glob(f"{wanted}.*/bin/python"))
    return str(paths[-1]) if paths else wanted
