"""All words of quizzes, checks and hints, as data by id: a language is one more file beside each `en.toml`.

English is complete. Another language (COURSE_LANGUAGE=fr) replaces, id by id, what it has translated.
"""

import collections.abc
import functools
import json
import os
import pathlib
import sys
import tomllib
import urllib.parse

FOLDER = pathlib.Path(__file__).parent.parent  # each room keeps its own words, beside the code that says them


@functools.cache
def load(language: str = "en") -> dict[str, dict]:
    """The tables "quiz", "exercise", "clinic" and "words" of every file of a language, laid over English.

    Raises:
        ValueError: two files of a language define the same id.
    """
    tables: dict[str, dict] = {"quiz": {}, "exercise": {}, "clinic": {}, "words": {}}
    for path in files(language).values():
        for name, entries in tomllib.loads(path.read_text(encoding="utf-8")).items():
            if twice := tables[name].keys() & entries.keys():
                raise ValueError(
                    f"{path.relative_to(FOLDER).as_posix()} defines {sorted(twice)} a second time"
                )
            tables[name] |= entries
    return tables if language == "en" else _laid_over(load("en"), tables)


def files(language: str) -> dict[str, pathlib.Path]:
    """Every file of words in a language, by its room such as "lessons/lesson_02"."""
    return {
        path.parent.relative_to(FOLDER).as_posix(): path for path in sorted(FOLDER.rglob(f"{language}.toml"))
    }


def table(name: str) -> dict[str, dict]:
    """One table in the learner's language."""
    return load(os.environ.get("COURSE_LANGUAGE", "en"))[name]


def words(key: str, **facts: object) -> str:
    """One phrase of the course itself, such as the label of a button, with facts filled in."""
    return table("words")[key].format(**facts)


def printable_anywhere() -> None:
    """Let a terminal whose locale lacks a letter show a sign in its place, instead of an error.

    A kernel's streams take every letter and have no such setting.
    """
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


def to_the_end(action: collections.abc.Callable[[], int]) -> int:
    """Run a command and write out what it has printed; a reader that leaves early, as `head` does, ends it.

    Returns the command's exit code, and 0 where nobody reads on.
    """
    try:
        code = action()
        if sys.stdout is not None:
            sys.stdout.flush()
    except BrokenPipeError:
        # Python writes once more when it ends: into nothing, and not into the pipe that would complain.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return code


def spelled_out(text: str) -> str:
    """A text whose control signs, which could steer a terminal or turn a line around, are spelled out."""
    return "".join(
        sign if sign.isprintable() or sign == "\n" else sign.encode("unicode_escape").decode("ascii")
        for sign in text
    )


def _laid_over(below: dict, above: dict) -> dict:
    merged = dict(below)
    for key, value in above.items():
        merged[key] = _laid_over(below[key], value) if isinstance(value, dict) and key in below else value
    return merged


# Where a cell stands, in words a reader can follow: a link to the heading above it.
#
# JupyterLab does not show the names of cells, so the headings above them are kept in `words/headings.json`,
# which `author build` writes.


FILE = pathlib.Path(__file__).parent / "words" / "headings.json"


@functools.cache
def headings() -> dict[str, str]:
    """The heading above each cell that settles a question, by its place such as "04_formats#fresh-trap"."""
    return json.loads(FILE.read_text(encoding="utf-8"))


def shown(place: str) -> str:
    """A place as a link to its heading, in words; as it is if no heading is known."""
    lesson = place.partition("#")[0]
    if place not in headings():
        return place
    heading = headings()[place]
    named = words("place", lesson=lesson.split("_")[0], heading=heading)
    # JupyterLab makes the name of a heading of its words, with a dash for each space.
    return f"[{named}]({lesson}.ipynb#{urllib.parse.quote(heading.replace(' ', '-'))})"
