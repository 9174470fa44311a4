"""Exercises are made from solutions, and a learner can have a fresh one again, and the lesson with it."""

import pathlib
import re
import shutil
import subprocess
import sys

from helpers.authoring.notebooks import course, metadata, page
from helpers.core import errors, scratch
import nbformat

BEGIN = "### BEGIN SOLUTION"
END = "### END SOLUTION"
BLANK = "# Your code here."
SOLUTION_TAG = "solution"


class Unbalanced(ValueError):
    """A solution block is not opened or not closed; the text names the cell."""


def generate(solution: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """The exercise of a solution: blocks blanked, explanations left out, nothing executed.

    Raises:
        Unbalanced: BEGIN SOLUTION and END SOLUTION do not come in pairs.
    """
    exercise = metadata.emptied(solution)
    exercise.cells = [cell for cell in exercise.cells if SOLUTION_TAG not in cell.metadata.get("tags", [])]
    for cell in exercise.cells:
        if cell.cell_type == "code":
            cell.source = at_home(blanked(cell))
    return exercise


def at_home(source: str) -> str:
    """The code of a solution's cell as the exercise has it: it begins the exercise under its own name."""
    return re.sub(r"(lesson\.begin\(\s*[\"'])solutions/", r"\1exercises/", source)


def blanked(cell: nbformat.NotebookNode) -> str:
    """The text of a cell with one line for each block between BEGIN SOLUTION and END SOLUTION.

    Raises:
        Unbalanced: the marks do not come in pairs.
    """
    lines: list[str] = []
    inside = False
    for line in cell.source.split("\n"):
        mark = line.strip()
        if mark == (BEGIN if inside else END):
            raise Unbalanced(
                f"cell {cell.id}: {mark!r} was seen {'twice' if inside else 'without its beginning'}. "
                f"Expected: pairs of {BEGIN!r} and {END!r}, each on a line of its own. Add the missing one."
            )
        if mark == BEGIN:
            lines.append(line[: len(line) - len(line.lstrip())] + BLANK)
        if mark in (BEGIN, END):
            inside = mark == BEGIN
        elif not inside:
            lines.append(line)
    if inside:
        raise Unbalanced(
            f"cell {cell.id}: {BEGIN!r} is never closed. Expected: {END!r} on a line of its own after it."
        )
    return "\n".join(lines)


def reset(name: str) -> int:
    """Put exercise and lesson back to their start and say what was done; returns the exit code.

    Args:
        name: `02`, `02_save_and_load` or the path of the exercise.
    """
    try:
        whole = course.Course()
        print(restart(name, whole))
        print(restore(name, whole))
    except (course.UnknownName, page.Unreadable, errors.Stop, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def restart(name: str, whole: course.Course) -> str:
    """Write a fresh starter; returns a sentence that says so.

    The learner's file is copied into the scratch folder first, under a name that was free.

    Raises:
        course.UnknownName: there is no such exercise; the text lists those there are.
        page.Unreadable: the solution cannot be read.
        errors.Stop, OSError: the copy cannot be written. The exercise is untouched then.
    """
    known = tuple(stem for stem in whole.lessons if whole.path("solutions", stem).exists())
    stem = course.choose(name, known)
    starter = generate(page.read(whole.path("solutions", stem)).notebook)
    path = whole.path("exercises", stem)
    kept = f" Your work is kept in {scratch.shown(keep(path))}." if changed(path, starter) else ""
    page.write(path, starter)
    reload = "If it is open, choose File > Reload Notebook from Disk."
    return f"exercises/{path.name} is a fresh starter.{kept} {reload}"


def restore(name: str, whole: course.Course) -> str:
    """Write the page of a lesson as it was delivered; returns a sentence that says what was done.

    The learner's page is copied into the scratch folder first.

    Raises:
        course.UnknownName: there is no such lesson.
        errors.Stop, OSError: the copy cannot be written. The page is untouched then.
    """
    path = whole.path("notebooks", course.choose(name, whole.lessons))
    original = delivered(path)
    if original is None:
        return (
            f"notebooks/{path.name} is left as it is: the delivered page is not here. Expected: a clone "
            f"made with git, or {scratch.shown(_kept_pages())}, which the first `course` fills. "
            "Download the course again to have the page back."
        )
    if path.exists() and path.read_bytes() == original:
        return f"notebooks/{path.name} is as it was delivered."
    kept = f" Yours is kept in {scratch.shown(keep(path))}." if path.exists() else ""
    path.write_bytes(original)
    return f"notebooks/{path.name} is the delivered page again.{kept}"


def delivered(path: pathlib.Path) -> bytes | None:
    """A page as it was delivered: from git, or from the copy of the first start."""
    try:
        asked = subprocess.run(
            ["git", "show", f"HEAD:./{path.name}"], cwd=path.parent, capture_output=True, check=False
        )
    except OSError:  # no git here
        asked = None
    if asked is not None and asked.returncode == 0:
        return asked.stdout
    copy = _kept_pages() / path.name
    return copy.read_bytes() if copy.is_file() else None


def remember(whole: course.Course) -> None:
    """Copy each lesson's page into the scratch folder, once, so that `restore` has it without git.

    Raises:
        errors.Stop, OSError: a copy cannot be written.
    """
    folder = scratch.writable() / _kept_pages().name
    folder.mkdir(exist_ok=True)
    for page_file in (whole.path("notebooks", stem) for stem in whole.lessons):
        copy = folder / page_file.name
        if page_file.is_file() and not copy.exists():
            shutil.copy2(page_file, copy)


def _kept_pages() -> pathlib.Path:
    return scratch.root() / "as-delivered"


def changed(path: pathlib.Path, starter: nbformat.NotebookNode) -> bool:
    """Whether there is a file that differs from the starter. A damaged file counts: it may hold work."""
    return path.exists() and path.read_bytes() != page.text(starter).encode()


def keep(path: pathlib.Path) -> pathlib.Path:
    """Copy a learner's exercise into the scratch folder, byte for byte, under a name that is free."""
    folder = scratch.writable() / "before-reset"
    folder.mkdir(exist_ok=True)
    number = 1
    while (copy := folder / f"{path.stem}.before-reset-{number}.ipynb").exists():
        number += 1
    shutil.copy2(path, copy)
    return copy
