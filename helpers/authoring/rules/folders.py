"""Rules on the three folders: nothing missing, nothing extra, exercises as generated, minutes that agree."""

import collections.abc
import re

from helpers.authoring import course, exercises, page
from helpers.authoring.rules import opening, register

Problems = collections.abc.Iterator[register.Problem]


@register.for_course
def listed_notebooks_exist(whole: course.Course) -> Problems:
    """Each listed lesson has its notebook, exercise and solution under one name; each extra its notebook."""
    if not whole.lessons:
        yield register.Problem(
            "helpers/authoring/course.py",
            "no lesson listed",
            "at least one",
            "List the lessons.",
        )
    for path in whole.expected():
        if not path.is_file():
            yield register.Problem(
                f"{path.parent.name}/{path.name}",
                "no such file",
                "every listed lesson in notebooks/, exercises/ and solutions/ under one name",
                "Write it, or take the lesson off the list in helpers/authoring/course.py.",
            )


@register.for_course
def notebooks_are_listed(whole: course.Course) -> Problems:
    """Each notebook in the folders is a listed one."""
    for path in whole.found():
        if path not in whole.expected():
            yield register.Problem(
                f"{path.parent.name}/{path.name}",
                "a notebook that belongs to no listed lesson",
                "listed lessons only",
                "List it in helpers/authoring/course.py, or move it away.",
            )


@register.for_course
def exercises_are_generated(whole: course.Course) -> Problems:
    """Each exercise is what its solution generates."""
    for stem in whole.lessons:
        solution, path = whole.path("solutions", stem), whole.path("exercises", stem)
        if not (solution.is_file() and path.is_file()):
            continue  # listed_notebooks_exist says so
        try:
            fresh = page.text(exercises.generate(page.read(solution).notebook))
        except exercises.Unbalanced:
            continue  # solution_blocks_are_paired says so
        if path.read_text(encoding="utf-8") != fresh:
            yield register.Problem(
                f"exercises/{path.name}",
                "a file that differs from what its solution generates",
                "no change by hand",
                f"Change solutions/{path.name}, then run `uv run author build {stem}`.",
            )


@register.for_course
def practice_minutes_agree(whole: course.Course) -> Problems:
    """The minutes to practise in a lesson's title are the sum of its tasks' minutes."""
    for stem in whole.lessons:
        paths = [whole.path(folder, stem) for folder in ("notebooks", "solutions")]
        if not all(path.is_file() for path in paths):
            continue  # listed_notebooks_exist says so
        lesson, solution = (page.read(path).notebook for path in paths)
        said = [
            match
            for line in lesson.cells[0].source.splitlines()
            if (match := opening.TIMES.match(line.strip()))
        ]
        tasks = [cell.source.splitlines()[:1] for cell in solution.cells if cell.id.startswith("task-")]
        total = sum(
            int(number) for line in tasks for number in re.findall(r"\((\d+) minutes\)", "".join(line))
        )
        if said and int(said[0][2]) != total:
            yield register.Problem(
                f"notebooks/{stem}.ipynb#{lesson.cells[0].id}",
                f"{said[0][2]} minutes to practise",
                f"{total}, the sum of the tasks in solutions/{stem}.ipynb",
                "Correct one of them.",
            )
