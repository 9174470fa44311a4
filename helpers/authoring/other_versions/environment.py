"""The packages of an environment with another TensorFlow: the course's pins, as far as it allows them."""

import collections.abc
import contextlib
import dataclasses
import os
import pathlib
import subprocess

from helpers.authoring.notebooks import execute
from helpers.authoring.release import exact_versions
from helpers.core import processes
import uv

QUIET = ["--quiet", "--no-header", "--no-annotate", "--no-emit-index-url"]
# Given by the caller, or not needed to run claims and lessons.
OTHERS = {"tensorflow", "tf-keras", "uv", "uv-build", "ruff"}


class Unavailable(Exception):
    """There is no such environment; the text says what uv answered."""


def wanted_packages(project: exact_versions.Project, tensorflow: str, keras: str | None) -> list[str]:
    """The direct packages of the course without their versions, with another TensorFlow and perhaps Keras."""
    lines = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    packages = [exact_versions.Pin(line) for line in lines]
    kept = [
        f"{package.name}[{','.join(sorted(package.extras))}]" if package.extras else package.name
        for package in packages
        if exact_versions.name(package) not in OTHERS and not (keras and package.name == "keras")
    ]
    exact = [f"{name}=={tensorflow}.*" for name in ("tensorflow", "tf-keras")]
    return kept + exact + ([f"keras=={keras}.*"] if keras else [])


def resolve(
    project: exact_versions.Project, tensorflow: str, keras: str | None, python: str, file: pathlib.Path
):
    """Write a requirements file of versions that fit together, the course's own where they do.

    Raises:
        Unavailable: nothing fits, or there is no network.
    """
    wanted = file.with_name("wanted.txt")
    wanted.write_text("\n".join(wanted_packages(project, tensorflow, keras)) + "\n", encoding="utf-8")
    # uv prefers the versions it finds in its output file.
    file.write_text("\n".join(pins(project)) + "\n", encoding="utf-8")
    ask_uv("pip", "compile", str(wanted), *QUIET, f"--python-version={python}", f"--output-file={file}")


def install(file: pathlib.Path, python: str, environment: pathlib.Path) -> pathlib.Path:
    """Make the environment, or bring it to what the file says; returns its Python.

    Raises:
        Unavailable: it cannot be made.
    """
    interpreter = made(environment, python)
    ask_uv("pip", "sync", "--quiet", f"--python={interpreter}", str(file))
    return interpreter


def made(environment: pathlib.Path, python: str) -> pathlib.Path:
    """An environment, made empty where there is none yet; returns its Python.

    Raises:
        Unavailable: it cannot be made.
    """
    folder, name = ("Scripts", "python.exe") if os.name == "nt" else ("bin", "python")
    interpreter = environment / folder / name
    if not interpreter.exists():
        ask_uv("venv", "--quiet", "--clear", f"--python={python}", str(environment))
    return interpreter


def pins(project: exact_versions.Project) -> list[str]:
    """Every exact version the course states."""
    direct = [f"{name}=={version}" for name, version in exact_versions.direct_pins(project).items()]
    return direct + [exact_versions.text(pin) for pin in exact_versions.transitive(project)]


def relaxed(project: exact_versions.Project, resolved: str) -> dict[str, list[str]]:
    """The packages that have another version than in the course: name -> [the course's, the one there]."""
    there = {exact_versions.name(pin): exact_versions.version(pin) for pin in exact_versions.parse(resolved)}
    ours: dict[str, list[str]] = {}
    for pin in map(exact_versions.Pin, pins(project)):
        ours.setdefault(exact_versions.name(pin), []).append(exact_versions.version(pin))
    return {
        name: [ours[name][0], version]
        for name, version in sorted(there.items())
        if name in ours and version not in ours[name]
    }


def environment_variables(
    interpreter: pathlib.Path, inherited: collections.abc.Mapping[str, str]
) -> dict[str, str]:
    """The environment variables of a process in that environment: its commands are found first."""
    kept = {name: value for name, value in inherited.items() if name not in ("PYTHONPATH", "PYTHONHOME")}
    path = os.pathsep.join([str(interpreter.parent), inherited.get("PATH", "")])
    return {**kept, "PATH": path, "VIRTUAL_ENV": str(interpreter.parent.parent)}


def ask_uv(*arguments: str) -> None:
    """Run uv without the settings of this course, which pin the very packages that have to move.

    Raises:
        Unavailable: it failed; the text says what it answered.
    """
    done = processes.run_program(uv.find_uv_bin(), "--no-config", *arguments)
    if done.returncode:
        raise Unavailable(f"uv could not make the environment:\n{done.stderr.strip()}")


# Processes in the environment with the other TensorFlow: what they answer, and how they end.


PATIENCE = 15  # seconds in which a process that was told to stop can put its kernel away


@dataclasses.dataclass(frozen=True)
class There:
    """An environment with another TensorFlow.

    Attributes:
        interpreter: its Python.
        folder: where the environment lies, and where what runs in it writes.
        root: the folder of the course.
    """

    interpreter: pathlib.Path
    folder: pathlib.Path
    root: pathlib.Path

    def answers(self, module: str, *arguments: str) -> collections.abc.Iterator[str]:
        """The lines of JSON that a module prints when it runs there; its errors go to `errors.txt`."""
        kept = {name: value for name, value in os.environ.items() if name not in execute.REMOVED}
        variables = environment_variables(self.interpreter, kept)
        variables |= {"COURSE_SCRATCH": str(self.folder), "COURSE_PROGRESS": "off", "PYTHONUTF8": "1"}
        with (self.folder / "errors.txt").open("a", encoding="utf-8") as errors:
            process = subprocess.Popen(
                [self.interpreter, "-m", module, *arguments],
                cwd=self.root,
                env=variables,
                stdout=subprocess.PIPE,
                stderr=errors,
                encoding="utf-8",
            )
            try:
                yield from (line for line in process.stdout if line.startswith("{"))
            finally:
                end(process)

    def without_places(self, sentence: str) -> str:
        """A sentence without the folders of this machine."""
        return sentence.replace(str(self.folder), "...").replace(str(self.root), "...")


def end(process: subprocess.Popen) -> None:
    """Give a process that is about to end the time to put its kernel away; then end it."""
    with contextlib.suppress(subprocess.TimeoutExpired, KeyboardInterrupt):
        process.wait(PATIENCE)
    process.kill()
    process.wait()
    process.stdout.close()
