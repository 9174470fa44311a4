"""Where the course writes files: one scratch folder, and in it one folder for each notebook."""

import os
import pathlib
import re
import shutil
import tempfile

from helpers.core import errors

COURSE = pathlib.Path(__file__).resolve().parents[2]


def root() -> pathlib.Path:
    """The scratch folder: the one COURSE_SCRATCH names, otherwise `scratch` beside the lessons."""
    chosen = os.environ.get("COURSE_SCRATCH")
    return pathlib.Path(chosen).expanduser().resolve() if chosen else COURSE / "scratch"


def writable() -> pathlib.Path:
    """The scratch folder, made if need be and proved by writing into it.

    Raises:
        errors.Stop: nothing can be written there; the text says how to choose another place.
    """
    folder = root()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        # Permission bits do not tell (root, network drives, Windows), so the proof is a file.
        with tempfile.NamedTemporaryFile(dir=folder):
            return folder
    except OSError as error:
        raise errors.Stop(
            f"scratch files would go to {folder}, and nothing can be written there ({error.strerror}). "
            "Set the environment variable COURSE_SCRATCH to a folder of yours, then start the course again."
        ) from error


def usable_home() -> dict[str, str]:
    """HOME, for a user whose home folder is missing or cannot be written; else nothing.

    A container may know its user by number only, and a classroom may lock the home folders. Jupyter does not
    start there, and IPython leaves a folder behind each time, so one among the scratch files takes its place.
    """
    try:
        with tempfile.TemporaryFile(dir=pathlib.Path.home()):
            return {}
    except (RuntimeError, OSError):
        home = writable() / "home"
        home.mkdir(exist_ok=True)
        return {"HOME": str(home)}


def empty(notebook: str) -> pathlib.Path:
    """An empty folder for one notebook, such as "notebooks/02_save_and_load". Others are left alone.

    Raises:
        errors.Stop: the folder cannot be written or emptied.
        ValueError: the name does not have the form folder/name.
    """

    if not re.fullmatch(r"\w+/\w+", notebook):
        raise ValueError(f"{notebook!r} is not folder/name, as in 'notebooks/02_save_and_load'")
    own = writable() / notebook.replace("/", "-")
    own.mkdir(exist_ok=True)
    for entry in own.iterdir():
        try:
            shutil.rmtree(entry) if entry.is_dir() and not entry.is_symlink() else entry.unlink()
        except OSError as error:
            raise errors.Stop(
                f"{entry} cannot be removed ({error.strerror}). "
                "Close what still uses it, then run this cell again."
            ) from error
    return own


def shown(path: pathlib.Path) -> str:
    """A path as a learner looks for it: from the course's folder where it lies inside, otherwise whole."""
    return str(path.relative_to(COURSE)) if path.is_relative_to(COURSE) else str(path)
