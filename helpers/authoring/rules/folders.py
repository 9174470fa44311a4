"""Rules on the three folders: nothing missing, nothing extra, exercises as generated, minutes that agree."""

import collections.abc
import pathlib
import re
import urllib.parse

from helpers.authoring.notebooks import course, exercises, markdown, page, parts
from helpers.authoring.rules import register

Problems = collections.abc.Iterator[register.Problem]


@register.for_course
def notebooks_are_those_listed(whole: course.Course) -> Problems:
    """Each lesson listed is in the three folders under one name, each extra in one; no other is there."""
    if not whole.lessons:
        yield register.Problem(
            "helpers/authoring/notebooks/course.py",
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
                "Write it, or take the lesson off the list in helpers/authoring/notebooks/course.py.",
            )
    for path in whole.found():
        if path not in whole.expected():
            yield register.Problem(
                f"{path.parent.name}/{path.name}",
                "a notebook that belongs to no listed lesson",
                "listed lessons only",
                "List it in helpers/authoring/notebooks/course.py, or move it away.",
            )


@register.for_course
def exercises_are_generated(whole: course.Course) -> Problems:
    """Each exercise is what its solution generates."""
    for stem in whole.lessons:
        solution, path = whole.path("solutions", stem), whole.path("exercises", stem)
        if not (solution.is_file() and path.is_file()):
            continue  # notebooks_are_those_listed says so
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
            continue  # notebooks_are_those_listed says so
        lesson, solution = (page.read(path).notebook for path in paths)
        said = [
            match
            for line in lesson.cells[0].source.splitlines()
            if (match := parts.TIMES.match(line.strip()))
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


# The rule on the last cell of a lesson: the links a learner follows from lesson to lesson.


@register.for_course
def navigation_is_right(
    whole: course.Course,
) -> collections.abc.Iterator[register.Problem]:
    """The last cell of a lesson links previous, exercise, solution and next, in this order."""
    way = [*(stem for stem in whole.extras if stem.startswith("00_")), *whole.lessons]
    for position, stem in enumerate(way):
        path = whole.path("notebooks", stem)
        if not path.is_file():
            continue  # notebooks_are_those_listed says so
        last = page.read(path).notebook.cells[-1]
        found = markdown.links(last.source) if last.cell_type == "markdown" else []
        wanted = links(way, position, stem in whole.lessons)
        if found != wanted:
            yield register.Problem(
                f"notebooks/{path.name}#{last.id}",
                f"the links {found} in the last cell",
                f"{wanted}, the way from lesson to lesson",
                "Put these links there, in this order, and no others.",
            )


def links(way: list[str], position: int, has_exercise: bool) -> list[str]:
    """The targets that the last cell of one lesson has."""
    stem = way[position]
    before = [f"{way[position - 1]}.ipynb"] if position else []
    own = [f"../exercises/{stem}.ipynb", f"../solutions/{stem}.ipynb"] if has_exercise else []
    return before + own + [f"{following}.ipynb" for following in way[position + 1 : position + 2]]


# The rule on links inside the course: the file is there, and so is the heading.


OUTSIDE = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)  # https:, mailto:, attachment:, data:


@register.for_pages()
def links_resolve(one: page.Page) -> collections.abc.Iterator[register.Problem]:
    """A relative link or picture names a file that exists, and after # a heading or cell in it."""
    for cell in parts.cells(one):
        if cell.cell_type != "markdown":
            continue
        pictures = [source for source, _ in markdown.pictures(markdown.rendered(cell.source))]
        for link in markdown.links(cell.source) + pictures:
            if not OUTSIDE.match(link) and (seen := broken(one, link)):
                yield register.Problem(
                    one.at(cell),
                    f"the link {link}: {seen}",
                    "a file and a heading that exist",
                    "Correct the link.",
                )


def broken(one: page.Page, link: str) -> str:
    """What is wrong with a relative link, or nothing."""
    name, _, anchor = urllib.parse.unquote(link).partition("#")
    if name.startswith("/"):
        return "it is absolute"
    target = one.path.parent / name if name else one.path
    if not target.exists():
        return f"there is no {name}"
    # The name is compared too: a file system that ignores case would find what others do not.
    if name and target.name not in {entry.name for entry in target.parent.iterdir()} | {
        "..",
        ".",
    }:
        return f"there is no {name} in this spelling"
    if anchor and target.suffix == ".ipynb":
        there = one if not name else page.read(pathlib.Path(target))
        if anchor not in anchors(there):
            return f"there is no heading for #{anchor}"
    return ""


def anchors(one: page.Page) -> set[str]:
    """What may follow #, the way JupyterLab names it: a heading with hyphens for spaces, or cell-id=name."""
    found = {f"cell-id={cell.get('id')}" for cell in parts.cells(one)}
    for cell in parts.cells(one):
        if cell.cell_type == "markdown":
            found |= {heading.replace(" ", "-") for heading in markdown.headings(cell.source)}
    return found
