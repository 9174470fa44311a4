"""The rule on the last cell of a lesson: the links a learner follows from lesson to lesson."""

import collections.abc

from helpers.authoring import course, markdown, page
from helpers.authoring.rules import register


@register.for_course
def navigation_is_right(
    whole: course.Course,
) -> collections.abc.Iterator[register.Problem]:
    """The last cell of a lesson links previous, exercise, solution and next, in this order."""
    way = [*(stem for stem in whole.extras if stem.startswith("00_")), *whole.lessons]
    for position, stem in enumerate(way):
        path = whole.path("notebooks", stem)
        if not path.is_file():
            continue  # listed_notebooks_exist says so
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
