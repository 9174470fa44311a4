"""Broken courses: folders, exercises changed by hand, links from lesson to lesson."""

import nbformat

from tests.authoring import broken, samples


def change(whole, folder: str, stem: str, identifier: str, old: str, new: str) -> None:
    """Change the text of one cell in a file of the course."""
    path = whole.path(folder, stem)
    one = nbformat.read(path, as_version=4)
    broken.replace(one, identifier, old, new)
    nbformat.write(one, path)


@broken.folder("notebooks_are_those_listed", at="exercises/01_first.ipynb")
def no_exercise(whole):
    whole.path("exercises", "01_first").unlink()


@broken.folder("notebooks_are_those_listed", at="notebooks/00_start_here.ipynb")
def no_start_page(whole):
    whole.path("notebooks", samples.START).unlink()


@broken.folder("notebooks_are_those_listed", at="solutions/02_second.ipynb")
def empty_folders(whole):
    for path in whole.found():
        path.unlink()


@broken.folder("notebooks_are_those_listed", at="solutions/02_second.ipynb")
def solution_under_another_name(whole):
    whole.path("solutions", "02_second").rename(whole.path("solutions", "02_two"))


@broken.folder("notebooks_are_those_listed", at="solutions/03_third.ipynb")
def notebook_of_no_lesson(whole):
    nbformat.write(samples.solution("02_second"), whole.path("solutions", "03_third"))


@broken.folder("exercises_are_generated", at="exercises/02_second.ipynb")
def exercise_changed_by_hand(whole):
    change(whole, "exercises", "02_second", "task-1", "Save it.", "Save it twice.")


@broken.folder("exercises_are_generated", at="exercises/01_first.ipynb")
def solution_changed_after_generation(whole):
    change(whole, "solutions", "01_first", "answer-1", "given = 1", "given = 2")


@broken.folder("practice_minutes_agree", at="notebooks/01_first.ipynb#title")
def minutes_that_do_not_add_up(whole):
    change(whole, "solutions", "01_first", "task-4", "(6 minutes)", "(8 minutes)")


@broken.folder("navigation_is_right", at="notebooks/02_second.ipynb#navigation")
def wrong_previous_lesson(whole):
    change(whole, "notebooks", "02_second", "navigation", "(01_first.ipynb)", "(00_start_here.ipynb)")


@broken.folder("navigation_is_right", at="notebooks/01_first.ipynb#navigation")
def no_next_lesson(whole):
    change(whole, "notebooks", "01_first", "navigation", " · [Next](02_second.ipynb)", "")


@broken.folder("navigation_is_right", at="notebooks/00_start_here.ipynb#navigation")
def start_page_without_next(whole):
    change(whole, "notebooks", samples.START, "navigation", "(01_first.ipynb)", "(02_second.ipynb)")
