"""Checks the learner's machine: each check gives a line that says what was seen and, if amiss, what to do."""

import collections.abc
import importlib.metadata
import os
import pathlib
import shutil
import sys
import tempfile
import tomllib
import typing

from helpers.core import errors, processes, scratch
import packaging.requirements
import psutil

NEEDED_MEMORY = 1.5  # GB free: one kernel with TensorFlow takes 0.7, a proof in a fresh process a little more
NEEDED_DISK = 0.5  # GB free where scratch files go


class Finding(typing.NamedTuple):
    """One check: whether all is well, and a sentence; where something is amiss it says what to do."""

    good: bool
    sentence: str


def versions() -> Finding:
    """Python and the packages the lessons import, against what the course asks for."""
    python = f"Python {sys.version.split()[0]}"
    if not (3, 11) <= sys.version_info[:2] <= (3, 13):
        return Finding(
            False,
            f"{python} is running; the course needs 3.11, 3.12 or 3.13. Install one, then start again.",
        )
    wrong = []
    project = tomllib.loads((scratch.COURSE / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for requirement in project["dependencies"]:
        pin = packaging.requirements.Requirement(requirement)  # the name may have extras, as in moto[s3]
        name, wanted = pin.name, str(pin.specifier).removeprefix("==")
        installed = importlib.metadata.version(name)
        if installed != wanted:
            wrong.append(f"{name} {installed} (the course is proved on {wanted})")
    if wrong:
        return Finding(
            False,
            f"Other versions than the course's: {', '.join(wrong)}. `uv run course` installs its own.",
        )
    return Finding(True, f"{python} and every package in the version the course is proved on.")


def memory() -> Finding:
    """Free memory, in GB."""
    free = psutil.virtual_memory().available / 1e9
    if free < NEEDED_MEMORY:
        return Finding(
            False,
            f"{free:.1f} GB of memory are free; a lesson wants {NEEDED_MEMORY}. "
            "Close other programs or kernels.",
        )
    return Finding(True, f"{free:.1f} GB of memory are free.")


def disk() -> Finding:
    """A writable scratch folder, and the free space there, in GB."""
    try:
        folder = scratch.writable()
    except errors.Stop as reason:
        return Finding(False, str(reason)[0].upper() + str(reason)[1:])
    free = shutil.disk_usage(folder).free / 1e9
    if free < NEEDED_DISK:
        return Finding(
            False,
            f"{free:.1f} GB are free at {folder}; the course wants {NEEDED_DISK}. "
            "Free some, or set COURSE_SCRATCH.",
        )
    return Finding(True, f"{free:.1f} GB are free for scratch files.")


def save_and_load() -> Finding:
    """A tiny model, saved here and loaded in a fresh process: the whole road in one step."""
    from helpers import models
    from helpers.core import backend

    backend.first_operation()
    before = pathlib.Path.cwd()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        try:
            os.chdir(folder)
            models.sequential().save("tiny.keras")
            code = 'import keras\nprint(keras.models.load_model("tiny.keras").count_params())'
            result = processes.run(code)
        finally:
            os.chdir(before)
    if result.printed.strip() == "9610":
        return Finding(True, "A model was saved here and loaded in a fresh process.")
    return Finding(
        False,
        f"A model saved here did not load in a fresh process, which said: "
        f"{result.printed.strip()}{result.crash}",
    )


def widget() -> Finding:
    """Whether this kernel can show the quiz. What the page does with it, the learner has to see."""
    import anywidget

    missing = not pathlib.Path(sys.prefix, "share/jupyter/labextensions/anywidget").exists()
    if missing:
        return Finding(
            False,
            f"anywidget {anywidget.__version__} is there, its JupyterLab part is not. "
            "Start with `uv run course`.",
        )
    return Finding(
        True,
        "The quiz widget is installed for JupyterLab; the question on this page is its test.",
    )


CHECKS: list[collections.abc.Callable[[], Finding]] = [
    versions,
    memory,
    disk,
    save_and_load,
    widget,
]


def report() -> bool:
    """Print one line for each check; true if nothing is amiss."""
    findings = [check() for check in CHECKS]
    for finding in findings:
        print("ok    " if finding.good else "amiss ", finding.sentence)
    return all(finding.good for finding in findings)


def main() -> int:
    """The check as a command, `uv run course --check`: 0 if nothing is amiss."""
    return 0 if report() else 1
