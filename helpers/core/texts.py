"""All words of quizzes, checks and hints, as data by id: a language is one more file beside each `en.toml`.

English is complete. Another language (COURSE_LANGUAGE=fr) replaces, id by id, what it has translated.
"""

import functools
import os
import pathlib
import tomllib

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


def _laid_over(below: dict, above: dict) -> dict:
    merged = dict(below)
    for key, value in above.items():
        merged[key] = _laid_over(below[key], value) if isinstance(value, dict) and key in below else value
    return merged
