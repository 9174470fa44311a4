"""What a translation still lacks: `author gaps fr`. A text without translation appears in English.

Words of quizzes, checks and hints stand in `fr.toml` files, the prose of the website in `fr.po` files.
"""

import argparse
import pathlib
import re
import tomllib

from helpers.authoring.notebooks import course
from helpers.authoring.site import prose
from helpers.core import texts

# What is the same in every language: which option is right, where it is seen, which claims it settles.
NOT_WORDS = {"kind", "level", "right", "seen_in", "settles"}
NOT_WORDS |= {"lesson", "patterns", "state", "threads", "weak"}  # of the clinic
NOT_WORDS |= {"unless", "threads_found", "inspect"}
PLACES = re.compile(r"\{[^}]*\}")
CODE = re.compile(r"`[^`]+`")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the language."""
    parser.add_argument("language", help="such as fr, for the files fr.toml beside those named en.toml")
    parser.add_argument(
        "--write",
        type=pathlib.Path,
        metavar="FILE",
        help="write what the pages still lack as a gettext catalogue to fill in, such as fr.po",
    )


def run(chosen: argparse.Namespace) -> int:
    """Print what is missing and what is wrong; the exit code says whether something is wrong."""
    if not texts.files(chosen.language):
        print(f"There is no {chosen.language}.toml beside any en.toml. Begin with the one of a lesson.")
        return 1
    whole = course.Course()
    wrong = mistakes(chosen.language) + prose.mistakes(chosen.language, whole)
    missing = gaps(chosen.language) | prose.gaps(chosen.language, whole)
    for line in wrong:
        print(f"wrong: {line}")
    for name, keys in missing.items():
        first = keys[0] if len(keys[0]) <= 60 else f"{keys[0][:60]}..."
        print(f"missing in {name}: {len(keys)}, the first is {first}")
    if chosen.write:
        if chosen.write.exists():
            print(f"{chosen.write} is there already, and was left as it is. Name a new file.")
            return 1
        try:
            count = prose.write_gaps(chosen.language, whole, chosen.write)
        except OSError as error:
            print(f"{chosen.write} cannot be written ({error.strerror}). Name another place.")
            return 1
        print(f"{chosen.write}: {count} texts of the pages to fill in. Save it as a .po file below helpers.")
    print(f"{sum(map(len, missing.values()))} texts appear in English. {len(wrong)} are wrong.")
    return 1 if wrong else 0


def gaps(language: str) -> dict[str, list[str]]:
    """For each English file the keys that a language does not have; complete files are left out."""
    found = {}
    translated = texts.files(language)
    for room, path in texts.files("en").items():
        there = _texts(translated[room]) if room in translated else {}
        if missing := sorted(_texts(path).keys() - there.keys()):
            found[room] = missing
    return found


def mistakes(language: str) -> list[str]:
    """Texts for keys that English does not have, and texts in which a place or a piece of code differs."""
    lines = []
    english_files = texts.files("en")
    for room, path in texts.files(language).items():
        english = _texts(english_files[room]) if room in english_files else {}
        for key, words in _texts(path).items():
            if key not in english:
                lines.append(f"{room}: {key} does not exist in English.")
                continue
            for name, pattern in (("places to fill", PLACES), ("pieces of code", CODE)):
                here, there = sorted(pattern.findall(words)), sorted(pattern.findall(english[key]))
                if here != there:
                    lines.append(f"{room}: {key} has the {name} {here}, English has {there}.")
    return lines


def _texts(path: pathlib.Path) -> dict[str, str]:
    """Every text of a file by its path of keys."""
    found: dict[str, str] = {}

    def collect(value: object, keys: tuple[str, ...]) -> None:
        if isinstance(value, str):
            if not NOT_WORDS & set(keys):
                found[" / ".join(keys)] = value
        elif isinstance(value, dict):
            for key, inner in value.items():
                collect(inner, (*keys, key))
        elif isinstance(value, list):
            for number, inner in enumerate(value, start=1):
                collect(inner, (*keys, str(number)))

    collect(tomllib.loads(path.read_text(encoding="utf-8")), ())
    return found
