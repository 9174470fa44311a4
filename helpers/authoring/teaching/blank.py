"""`author blank`: the pages for a class, without outputs; answers wait for the teacher if wished."""

import argparse
import datetime
import json
import pathlib

from helpers.authoring.notebooks import course, metadata, page
from helpers.core import release

MADE = "made-by-author-blank.txt"
NEXT = {
    "word": "Say the word to the class when the answers may be seen; learners type it below a question.",
    "at": "From {value} on, learners press “Show the answer”.",
    "file": "Put a file named {value} beside {name} when the answers may be seen.",
    "": "Answers appear as usual: nothing is withheld (see --word, --at and --file).",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `author blank` to a parser."""
    parser.add_argument("folder", type=pathlib.Path, metavar="FOLDER", help="a new or empty folder")
    parser.add_argument("names", nargs="*", metavar="LESSON", help="04 or 04_formats (default: every page)")
    rule = parser.add_mutually_exclusive_group()
    rule.add_argument("--word", type=_word, help="withhold the answers until a learner types this word")
    rule.add_argument("--at", type=_time, metavar="TIME", help="withhold them until then: 2026-12-01T10:30")
    rule.add_argument("--file", type=_name, metavar="NAME", help="withhold them until FOLDER has this file")


def run(arguments: argparse.Namespace) -> int:
    """Run `author blank`; returns 0, or 1 when the folder is in use or a page is unknown or unreadable."""
    whole, folder = course.Course(), arguments.folder
    known = (*whole.extras, *whole.lessons)
    try:
        stems = {course.choose(name, known) for name in arguments.names} or set(known)
        pages = {
            path: metadata.emptied(page.read(path).notebook)
            for kind in ("notebooks", "exercises")
            for stem in sorted(stems)
            if (path := whole.path(kind, stem)).exists()
        }
        if reason := _in_use(folder):
            print(reason)
            return 1
        folder.mkdir(parents=True, exist_ok=True)
        (folder / MADE).write_text("`author blank` may write into this folder again.\n", encoding="utf-8")
        for path, notebook in pages.items():
            page.write(folder / path.parent.name / path.name, notebook)
        kind, value = _rule(arguments)
        if kind:
            (folder / release.NAME).write_text(json.dumps({kind: value}) + "\n", encoding="utf-8")
        else:
            (folder / release.NAME).unlink(missing_ok=True)
    except (course.UnknownName, page.Unreadable) as error:
        print(error)
        return 1
    except OSError as error:
        print(f"{folder} cannot be written ({error.strerror}). Choose another folder.")
        return 1
    then = NEXT[kind].format(value=value, name=release.NAME)
    print(f"{len(pages)} pages without outputs are in {folder}. {then}")
    return 0


def _in_use(folder: pathlib.Path) -> str:
    """Why a folder is left alone; "" if it may be written."""
    if folder.exists() and not folder.is_dir():
        return f"{folder} is a file. Expected: a new folder."
    if folder.is_dir() and any(folder.iterdir()) and not (folder / MADE).exists():
        return (
            f"{folder} holds other files, and nothing in it was changed. Expected: a new or an empty folder."
        )
    return ""


def _rule(arguments: argparse.Namespace) -> tuple[str, str]:
    """What `class.json` says: its kind and its value; ("", "") if nothing is withheld."""
    if arguments.word:
        return "word", release.digest(arguments.word)
    if arguments.at:
        return "at", arguments.at
    return ("file", arguments.file) if arguments.file else ("", "")


def _word(text: str) -> str:
    if not text.strip():
        raise argparse.ArgumentTypeError("an empty word withholds nothing")
    return text


def _time(text: str) -> str:
    try:
        datetime.datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no time such as 2026-12-01T10:30") from None
    return text


def _name(text: str) -> str:
    if not text.strip() or pathlib.PurePath(text).name != text or text in (release.NAME, MADE):
        raise argparse.ArgumentTypeError(f"{text!r} is no plain name of a new file")
    return text
