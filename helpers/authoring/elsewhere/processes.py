"""Processes in the environment with the other TensorFlow: what they answer, and how they end."""

import collections.abc
import contextlib
import dataclasses
import os
import pathlib
import subprocess

from helpers.authoring import environment
from helpers.authoring.elsewhere import packages

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
        kept = {name: value for name, value in os.environ.items() if name not in environment.REMOVED}
        variables = packages.variables(self.interpreter, kept)
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
