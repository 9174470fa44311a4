"""The packages of an environment with another TensorFlow: the course's pins, as far as it allows them."""

import collections.abc
import os
import pathlib
import subprocess

from helpers.authoring import pinned
import uv

QUIET = ["--quiet", "--no-header", "--no-annotate", "--no-emit-index-url"]
# Given by the caller, or not needed to run claims and lessons.
OTHERS = {"tensorflow", "tf-keras", "uv", "uv-build", "ruff"}


class Unavailable(Exception):
    """There is no such environment; the text says what uv answered."""


def requirements(project: pinned.Project, tensorflow: str, keras: str | None) -> list[str]:
    """The direct packages of the course without their versions, with another TensorFlow and perhaps Keras."""
    lines = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    packages = [pinned.Pin(line) for line in lines]
    kept = [
        f"{package.name}[{','.join(sorted(package.extras))}]" if package.extras else package.name
        for package in packages
        if pinned.name(package) not in OTHERS and not (keras and package.name == "keras")
    ]
    exact = [f"{name}=={tensorflow}.*" for name in ("tensorflow", "tf-keras")]
    return kept + exact + ([f"keras=={keras}.*"] if keras else [])


def resolve(project: pinned.Project, tensorflow: str, keras: str | None, python: str, file: pathlib.Path):
    """Write a requirements file of versions that fit together, the course's own where they do.

    Raises:
        Unavailable: nothing fits, or there is no network.
    """
    wanted = file.with_name("wanted.txt")
    wanted.write_text("\n".join(requirements(project, tensorflow, keras)) + "\n", encoding="utf-8")
    # uv prefers the versions it finds in its output file.
    file.write_text("\n".join(pins(project)) + "\n", encoding="utf-8")
    _uv("pip", "compile", str(wanted), *QUIET, f"--python-version={python}", f"--output-file={file}")


def install(file: pathlib.Path, python: str, environment: pathlib.Path) -> pathlib.Path:
    """Make the environment, or bring it to what the file says; returns its Python.

    Raises:
        Unavailable: it cannot be made.
    """
    folder, name = ("Scripts", "python.exe") if os.name == "nt" else ("bin", "python")
    interpreter = environment / folder / name
    if not interpreter.exists():
        _uv("venv", "--quiet", "--clear", f"--python={python}", str(environment))
    _uv("pip", "sync", "--quiet", f"--python={interpreter}", str(file))
    return interpreter


def pins(project: pinned.Project) -> list[str]:
    """Every exact version the course states."""
    direct = [f"{name}=={version}" for name, version in pinned.direct(project).items()]
    return direct + [pinned.text(pin) for pin in pinned.transitive(project)]


def relaxed(project: pinned.Project, resolved: str) -> dict[str, list[str]]:
    """The packages that have another version than in the course: name -> [the course's, the one there]."""
    there = {pinned.name(pin): pinned.version(pin) for pin in pinned.parse(resolved)}
    ours: dict[str, list[str]] = {}
    for pin in map(pinned.Pin, pins(project)):
        ours.setdefault(pinned.name(pin), []).append(pinned.version(pin))
    return {
        name: [ours[name][0], version]
        for name, version in sorted(there.items())
        if name in ours and version not in ours[name]
    }


def variables(interpreter: pathlib.Path, inherited: collections.abc.Mapping[str, str]) -> dict[str, str]:
    """The environment variables of a process in that environment: its commands are found first."""
    kept = {name: value for name, value in inherited.items() if name not in ("PYTHONPATH", "PYTHONHOME")}
    path = os.pathsep.join([str(interpreter.parent), inherited.get("PATH", "")])
    return {**kept, "PATH": path, "VIRTUAL_ENV": str(interpreter.parent.parent)}


def _uv(*arguments: str) -> None:
    # The settings of this course pin the very packages that have to move.
    done = subprocess.run(
        [uv.find_uv_bin(), "--no-config", *arguments],
        capture_output=True,
        text=True,
        check=False,
        encoding="utf-8",
    )
    if done.returncode:
        raise Unavailable(f"uv could not make the environment:\n{done.stderr.strip()}")
