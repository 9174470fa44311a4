"""`author site FOLDER`: the course as a website, a folder for any host that a browser opens too."""

import argparse
import importlib.util
import os
import pathlib
import re
import tomllib

from helpers.authoring import site
from helpers.authoring.notebooks import course, page
from helpers.core import texts

GROUP = ("sphinx", "myst_nb", "sphinx_book_theme", "sphinx_copybutton")
REPOSITORY = re.compile(r"https://github\.com/[\w.-]+/[\w.-]+")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of `author site` to a parser."""
    parser.add_argument(
        "folder", type=pathlib.Path, metavar="FOLDER", help="empty, new, or a site to replace"
    )
    parser.add_argument(
        "--repository",
        metavar="ADDRESS",
        help="https://github.com/OWNER/NAME: pages get buttons to Binder, Colab and Codespaces "
        "(default: `repository` under [tool.saved-for-good] in pyproject.toml, which is empty)",
    )


def run(arguments: argparse.Namespace) -> int:
    """Run `author site`; returns 0, or 1 with a sentence where no site can be written."""
    whole = course.Course()
    repository = _setting(whole) if arguments.repository is None else arguments.repository
    language = os.environ.get("COURSE_LANGUAGE", "en")
    if said := objection(arguments.folder, repository, language):
        print(said)
        return 1
    from helpers.authoring.site import build  # it needs the group

    try:
        count = build.build(whole, arguments.folder, language, repository)
    except (build.BuildError, page.NotExecuted, page.Unreadable) as error:
        print(error)
        return 1
    except OSError as error:
        print(f"The site cannot be written to {arguments.folder}: {error.strerror or error}.")
        return 1
    first = arguments.folder / "index.html"
    print(f"{first}: {count} pages. Open it in a browser, or put the folder on any host.")
    return 0


def objection(folder: pathlib.Path, repository: str, language: str) -> str:
    """Why no site can be made with these; "" if one can."""
    if any(importlib.util.find_spec(name) is None for name in GROUP):
        return (
            "The website needs Sphinx, which is not installed here. Type: "
            f"uv run --group site author site {folder}"
        )
    if folder.exists() and not folder.is_dir():
        return f"{folder} is a file. Name a folder that is new or empty."
    there = folder.iterdir() if folder.is_dir() else ()
    found = sorted(path.name for path in there if path.name != ".git")
    if found and site.MARK not in found:
        return (
            f"{folder} is neither empty nor a site that this command wrote: it holds {found[0]}. "
            "It was left as it is. Name another folder."
        )
    if repository and not REPOSITORY.fullmatch(repository):
        return f"{repository!r} names no repository. Expected: https://github.com/OWNER/NAME."
    if not re.fullmatch(r"[a-z]{2,3}([_-]\w{2,8})?", language) or not texts.files(language):
        return f"COURSE_LANGUAGE is {language!r}, and the course has no texts in it. Choose en or fr."
    return ""


def _setting(whole: course.Course) -> str:
    """The repository that pyproject.toml names; "" if it names none, or is not there."""
    path = whole.root / "pyproject.toml"
    if not path.is_file():
        return ""
    tool = tomllib.loads(path.read_text(encoding="utf-8")).get("tool", {})
    return tool.get("saved-for-good", {}).get("repository", "")
