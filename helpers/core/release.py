"""Class mode: answers of questions are withheld until the teacher releases them, by a word, a time or a file.

`author blank` writes `class.json` beside the folder of notebooks. Without that file nothing is withheld.
"""

import datetime
import hashlib
import json
import os
import pathlib

from helpers.core import scratch

NAME = "class.json"
_START = pathlib.Path.cwd()  # of the kernel: the folder of its page, until the set-up cell moves to scratch
_given: set[str] = set()  # the digests of words that were typed in this kernel


def place() -> pathlib.Path:
    """The file that switches class mode on: the one COURSE_CLASS names, or beside the folder of the page."""
    chosen = os.environ.get("COURSE_CLASS")
    if chosen:
        return pathlib.Path(chosen).expanduser()
    beside = _START.parent / NAME
    return beside if beside.exists() else scratch.COURSE / NAME


def digest(word: str) -> str:
    """What is kept of a word: learners who open the file cannot read it."""
    plain = " ".join(word.split()).casefold()
    return hashlib.pbkdf2_hmac("sha256", plain.encode(), b"saved for good", 50_000).hex()


def rule() -> dict[str, str]:
    """The one rule of this class, {"word": digest}, {"at": time} or {"file": path}; empty outside class mode.

    A file that cannot be understood withholds the answers, as its author wanted: {"unreadable": why}.
    """
    try:
        found = json.loads(place().read_text(encoding="utf-8"))
        if found.keys() == {"at"}:
            _time(found["at"])
        if (
            len(found) != 1
            or not found.keys() <= {"word", "at", "file"}
            or not isinstance(*found.values(), str)
        ):
            raise ValueError("expected one of word, at and file, with a text")
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, TypeError, AttributeError) as error:
        return {"unreadable": str(error)}
    return found


def withheld(word: str = "") -> dict[str, str]:
    """The rule that still withholds the answers; empty once they are released, or where nothing is withheld.

    Args:
        word: what a learner typed. A right word counts until the kernel ends.
    """
    found = rule()
    if "word" in found and word:
        _given.add(digest(word))
    released = (
        ("word" in found and found["word"] in _given)
        or ("at" in found and datetime.datetime.now(datetime.UTC) >= _time(found["at"]))
        or ("file" in found and (place().parent / found["file"]).exists())
    )
    return {} if released else found


def _time(text: str) -> datetime.datetime:
    """A moment; without a time zone it is one of this machine's clock."""
    return datetime.datetime.fromisoformat(text).astimezone(datetime.UTC)
