"""What the course consists of: its lessons in order, and the three folders that hold them."""

import dataclasses
import pathlib

from helpers.core import scratch

# Adding a lesson starts here: the rules then ask for its three notebooks.
LESSONS = (
    "01_what_is_persistence",
    "02_save_and_load",
    "03_why_deployment_needs_it",
    "04_formats",
    "05_versions_and_rollback",
    "06_custom_objects",
    "07_inside_the_files",
    "08_resume_exactly",
    "09_survive_crashes",
    "10_load_safely",
    "11_across_versions",
    "12_run_anywhere",
    "13_serve_and_roll_back",
    "14_monitor_and_retrain",
    "15_real_models",
    "16_large_and_small",
    "17_many_devices",
)
# Notebooks without an exercise of their own.
EXTRAS = ("00_start_here", "myth_busters", "cheat_sheet", "error_clinic")
FOLDERS = ("notebooks", "exercises", "solutions")
LAST_OF_PART_ONE = 6


class UnknownName(ValueError):
    """No notebook has this name; the text lists the names there are."""


@dataclasses.dataclass(frozen=True)
class Course:
    """A folder with the lessons in it. Tests give it a folder of their own."""

    root: pathlib.Path = scratch.COURSE
    lessons: tuple[str, ...] = LESSONS
    extras: tuple[str, ...] = EXTRAS

    def path(self, folder: str, stem: str) -> pathlib.Path:
        """Where a notebook lies, such as ("exercises", "02_save_and_load")."""
        return self.root / folder / f"{stem}.ipynb"

    def expected(self) -> list[pathlib.Path]:
        """Every notebook the course must have: the extras, and each lesson in the three folders."""
        extras = [self.path("notebooks", stem) for stem in self.extras]
        return extras + [self.path(folder, stem) for folder in FOLDERS for stem in self.lessons]

    def found(self) -> list[pathlib.Path]:
        """Every notebook the three folders hold, in order of folder and name."""
        return [path for folder in FOLDERS for path in sorted((self.root / folder).glob("*.ipynb"))]


def choose(name: str, known: tuple[str, ...]) -> str:
    """The known notebook that `02`, `2`, `02_save_and_load` or a path to it means.

    Raises:
        UnknownName: none of the known ones is meant.
    """
    # A Windows path splits at both kinds of slash, so that both may be typed anywhere.
    stem = pathlib.PureWindowsPath(name).name.removesuffix(".ipynb")
    number = stem.zfill(2) if stem.isdecimal() else None
    for candidate in known:
        if candidate == stem or candidate.split("_")[0] == number:
            return candidate
    raise UnknownName(
        f"There is no notebook {name!r}. Choose one of: {', '.join(known) or 'none exists yet'}."
    )
