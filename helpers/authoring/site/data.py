"""What the clinic of the website knows: its entries, and the patterns by which a text is understood.

A page opened from a disk may not fetch, so each file of JavaScript hands its content over by a call.
"""

import json
import pathlib
import re

from helpers.core import texts
from helpers.tools.clinic import asking, entries, matching, sheet

WORDS = (
    *("site_paste", "site_find", "clinic_sure", "clinic_also", "clinic_certain", "clinic_perhaps"),
    *("clinic_likely", "clinic_shared", "clinic_first", "clinic_unknown", "clinic_nothing"),
    *("clinic_shared_file", "clinic_no_cause", "clinic_inner", "clinic_no_inner"),
    *("clinic_file", "clinic_inspect"),
    *("clinic_unreadable", "clinic_last", "clinic_how", "clinic_ask_where", "clinic_describe"),
)
ASKED = ("versions", "lines", "saving", "loading", "small")


def write(folder: pathlib.Path) -> None:
    """Write `words.js` and `clinic.data.js` into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    _file(folder / "words.js", "words", words())
    _file(folder / "clinic.data.js", "clinic", clinic())


def words() -> dict:
    """The phrases that the scripts of the site say themselves."""
    found = {key: texts.table("words")[key] for key in WORDS}
    return found | {"clinic_asked": [texts.words(f"clinic_ask_{one}") for one in ASKED]}


def clinic() -> dict:
    """The entries of the clinic with their sheets as HTML, and the patterns by which a text is understood."""
    found = []
    for one in entries.load().values():
        above = asking.described(one, one.lesson, f"{one.lesson}.html")
        state = texts.words(f"clinic_{one.state}", identifier=one.identifier, seen=one.seen)
        below = [sheet.Part(texts.words("clinic_state"), state)]
        if one.threads:
            below.append(sheet.Part(texts.words("clinic_threads"), ", ".join(one.threads)))
        found.append(
            {
                "identifier": one.identifier,
                "title": one.title,
                "patterns": [pieces(pattern) for pattern in one.patterns],
                "weak": [pieces(pattern) for pattern in one.weak],
                "unless": [pieces(pattern) for pattern in one.unless],
                "inspect": one.inspect,
                "described": [[word.split("|") for word in line.lower().split()] for line in one.described],
                "above": sheet.Sheet("", above)._repr_html_(),
                "below": sheet.Sheet("", below)._repr_html_(),
            }
        )
    return {"entries": found, "rules": rules()}


def pieces(pattern: str) -> dict:
    """A pattern as data: its words, what it weighs, and the pieces between its gaps, part by part."""
    parts = [
        [matching.squeezed(piece) for piece in part.split(matching.GAP)] for part in pattern.split(" & ")
    ]
    return {"words": pattern, "weight": matching.weight_of(pattern), "parts": parts}


def rules() -> dict:
    """What the matching does with any text, as JavaScript takes it."""
    return {
        "longest": matching.LONGEST,
        "widest": matching._WIDEST,
        "mostMessages": matching.MOST_MESSAGES,
        "withoutCause": [pieces(line) for line in entries.lines_without_a_cause()],
        "longestDescription": matching._LONGEST_DESCRIPTION,
        "colour": expression(matching._COLOUR.pattern),
        "source": expression(matching._SOURCE.pattern),
        "head": expression(matching._HEAD.pattern),
        "end": expression(matching._END.pattern),
        "word": expression(r"\w[\w.-]*"),
        "space": expression(r"\s"),
        "quotes": {chr(sign): replaced or "" for sign, replaced in _quotes().items()},
    }


def _quotes() -> dict[int, str]:
    return {sign: chr(to) if isinstance(to, int) else to for sign, to in matching._QUOTES.items()}


# What the classes of Python's expressions hold, in JavaScript's words; the two count other signs as spaces.
CLASSES = {
    "s": r"\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000",
    "w": r"\p{L}\p{N}_",
    "d": r"\p{Nd}",
}


def expression(pattern: str) -> str:
    """A regular expression of Python as JavaScript reads it with the flags `u` and `s`.

    Raises:
        ValueError: it uses what is not translated.
    """
    out, inside = [], False
    for token in re.findall(r"\\x[0-9a-f]{2}|\\.|\(\?P<|\(\?.|.", pattern, re.DOTALL):
        kind = token[1:].lower() if token[0] == "\\" and len(token) == 2 else ""
        if token == "(?P<":
            out.append("(?<")
        elif token.startswith("(?") and token != "(?:":
            raise ValueError(f"{pattern!r} has {token!r}, which data.expression does not translate.")
        elif kind in CLASSES:
            negative = token[1].isupper()
            if negative and inside:
                raise ValueError(f"{pattern!r} has {token!r} in a class, which is not translated.")
            out.append(CLASSES[kind] if inside else f"[{'^' if negative else ''}{CLASSES[kind]}]")
        elif kind and token[1].isalnum():
            raise ValueError(f"{pattern!r} has {token!r}, which data.expression does not translate.")
        else:
            inside = {"[": True, "]": False}.get(token, inside)
            # Outside of classes JavaScript lets no sign be escaped that needs none.
            out.append(token[1] if kind and token[1] in "'\" #&~-" and not inside else token)
    return "".join(out)


def _file(path: pathlib.Path, name: str, content: object) -> None:
    text = json.dumps(content, ensure_ascii=True)
    path.write_text(f"course.take({json.dumps(name)}, {text});\n", encoding="utf-8")
