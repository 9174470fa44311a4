"""`author assignment`: the solution of a lesson as an assignment for nbgrader, in a folder of its own."""

import argparse
import ast
import pathlib

from helpers.authoring.notebooks import course, exercises, metadata, page
import nbformat

SCHEMA = 3  # of nbgrader's cell metadata
CONFIG = """\
\"\"\"Settings of nbgrader for this course folder. Run its commands in here.\"\"\"

import contextlib
import locale
import os

from helpers.authoring.teaching import hand_ins

os.environ["COURSE_PROGRESS"] = "off"  # the teacher's own record stays out of it
if locale.getencoding().lower() != "utf-8":
    # nbgrader's database reads its settings in the letters of the locale, and so does the program it starts
    # for it; a folder may have others.
    os.environ["LC_ALL"] = "C.UTF-8"
    with contextlib.suppress(locale.Error):
        locale.setlocale(locale.LC_CTYPE, "C.UTF-8")
c = get_config()  # noqa: F821
c.CourseDirectory.course_id = "saved_for_good"
c.ClearSolutions.code_stub = {"python": "# Your code here."}
# Cells without nbgrader's metadata are allowed: the given ones.
c.ClearSolutions.enforce_metadata = False
# A cell trains a model or starts a process.
c.ExecutePreprocessor.timeout = 300
# The course's own exercise file is graded like the released one, and the export has a column for each task.
c.Autograde.sanitize_preprocessors = hand_ins.sanitizers()
c.ExportApp.plugin_class = hand_ins.Points
"""
HIDDEN = """\
### BEGIN HIDDEN TESTS
from helpers.authoring.teaching import grading

grading.grade({call})
### END HIDDEN TESTS
"""
NEXT = """\
{path} is written. In {folder}, each after `uv run --project "{root}"`:
  nbgrader generate_assignment {stem}    makes release/{stem}, for the learners
  nbgrader autograde {stem}              grades submitted/NAME/{stem}/{stem}.ipynb
  nbgrader export                        writes grades.csv, with a column for each task
  nbgrader generate_feedback {stem}      makes a page for each learner: feedback/NAME
Learners may also hand in the course's own exercises/{stem}.ipynb. A file with other cells is refused by name.
Six warnings about a checksum for each learner are normal: hidden tests are put back."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `author assignment` to a parser."""
    parser.add_argument("name", metavar="LESSON", help="04 or 04_formats")
    parser.add_argument("folder", type=pathlib.Path, metavar="FOLDER", help="nbgrader's course folder")


def run(arguments: argparse.Namespace) -> int:
    """Run `author assignment`; returns 0, or 1 when the lesson is unknown or cannot be read."""
    whole = course.Course()
    try:
        stem = course.choose(arguments.name, whole.lessons)
        solution = page.read(whole.path("solutions", stem))
    except (course.UnknownName, page.Unreadable) as error:
        print(error)
        return 1
    path = arguments.folder / "source" / stem / f"{stem}.ipynb"
    page.write(path, source(solution.notebook))
    config = arguments.folder / "nbgrader_config.py"
    if not config.exists():  # it may hold settings of the teacher's
        config.write_text(CONFIG, encoding="utf-8")
    print(NEXT.format(path=path, folder=arguments.folder, stem=stem, root=whole.root))
    return 0


def source(solution: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """The instructor's version of an assignment: answers to clear, and a hidden test after each, one point.

    What only the solutions explain is left out: learners get what `exercises/` holds.
    """
    notebook = metadata.emptied(solution)
    cells = []
    for cell in notebook.cells:
        if exercises.SOLUTION_TAG in cell.metadata.get("tags", []):
            continue
        cells.append(cell)
        if cell.cell_type == "code":
            cell.source = exercises.at_home(cell.source)
        if cell.cell_type == "code" and (call := checked(cell.source)):
            _describe(cell, solution=True)
            number = cell.id.rpartition("-")[2]
            test = nbformat.v4.new_code_cell(HIDDEN.format(call=call), id=f"points-{number}")
            _describe(test, grade=True, locked=True, points=1)
            cells.append(test)
    notebook.cells = cells
    return notebook


def checked(code: str) -> str:
    """What a cell hands to `check`, as written there: '"01.2", loaded, model'; "" if it hands nothing."""
    # A magic is no Python. Only whole lines are replaced, so that the rest keeps its place.
    plain = "\n".join("" if line.lstrip().startswith(("%", "!")) else line for line in code.splitlines())
    for node in ast.walk(ast.parse(plain)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "check":
            return ", ".join(ast.get_source_segment(plain, value) or "" for value in node.args)
    return ""


def _describe(cell: nbformat.NotebookNode, **facts: object) -> None:
    """Give a cell the metadata by which nbgrader knows it."""
    plain = {"grade": False, "locked": False, "solution": False, "task": False}
    cell.metadata.nbgrader = nbformat.from_dict(
        {"schema_version": SCHEMA, "grade_id": cell.id, **plain, **facts}
    )
