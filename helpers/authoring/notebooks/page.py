"""A notebook and the place it lies in: what the rules look at, and how it is read and written."""

import dataclasses
import pathlib
import re

from helpers.authoring.notebooks import course
from helpers.core import files
import nbformat


class Unreadable(ValueError):
    """The file is no notebook; the text says which file and why."""


class NotExecuted(ValueError):
    """A notebook has no outputs; the text names it."""


@dataclasses.dataclass(frozen=True)
class Page:
    """One notebook. `path` ends with the folder and the file name, as in notebooks/02_save_and_load.ipynb."""

    path: pathlib.Path
    notebook: nbformat.NotebookNode

    @property
    def folder(self) -> str:
        """One of notebooks, exercises, solutions."""
        return self.path.parent.name

    @property
    def stem(self) -> str:
        """The file name without its ending, as in 02_save_and_load."""
        return self.path.stem

    @property
    def number(self) -> str:
        """The two digits a lesson's name begins with; empty for others."""
        match = re.match(r"\d\d(?=_)", self.stem)
        return match[0] if match else ""

    @property
    def kind(self) -> str:
        """One of lesson, extra, exercise, solution. Whatever begins with a number from 01 on is a lesson."""
        if self.folder != "notebooks":
            return self.folder.removesuffix("s")
        return "lesson" if self.number and self.stem not in course.EXTRAS else "extra"

    @property
    def place(self) -> str:
        """What a problem names, as in notebooks/02_save_and_load.ipynb."""
        return f"{self.folder}/{self.path.name}"

    def at(self, cell: nbformat.NotebookNode | None) -> str:
        """The place of one cell, as in notebooks/02_save_and_load.ipynb#save-keras."""
        return self.place if cell is None else f"{self.place}#{cell.get('id', 'no-id')}"


def read(path: pathlib.Path) -> Page:
    """The notebook of a file.

    Raises:
        Unreadable: the file is not there, is no notebook, or breaks the notebook format.
    """
    try:
        notebook = nbformat.read(path, as_version=nbformat.NO_CONVERT)
        if notebook.get("nbformat") != 4:
            raise ValueError(f"its format is {notebook.get('nbformat')}, and the course uses format 4")
        nbformat.validate(notebook)
    except (OSError, ValueError, nbformat.ValidationError) as error:
        raise Unreadable(f"{path} cannot be read as a notebook: {str(error).splitlines()[0]}") from error
    return Page(path, notebook)


def need_outputs(one: Page) -> None:
    """Refuse a notebook that was not executed.

    Raises:
        NotExecuted: it has code, and no cell of it has an output.
    """
    code = [cell for cell in one.notebook.cells if cell.cell_type == "code"]
    if code and not any(cell.outputs for cell in code):
        raise NotExecuted(f"{one.place} has no outputs. Run `uv run author build` first.")


def text(notebook: nbformat.NotebookNode) -> str:
    """The text of a notebook file, the same for the same notebook."""
    return nbformat.writes(notebook).rstrip("\n") + "\n"


def write(path: pathlib.Path, notebook: nbformat.NotebookNode) -> bool:
    """Write a notebook if that changes its file, and never half of it; returns whether it did."""
    new = text(notebook).encode()
    if path.exists() and path.read_bytes() == new:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    files.replace(path, new)
    return True
