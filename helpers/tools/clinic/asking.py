"""`clinic.ask`: from a pasted text to a sheet that says what it means and what to do."""

import sys
import traceback

from helpers.core import terminal, texts
from helpers.tools.clinic import entries, matching, sheet

_OTHERS = 3  # how many more entries an answer names


class Answer(sheet.Sheet):
    """The sheet of the entry that fits best, or of an unknown error. `found` lists the ids, best first."""

    def __init__(self, heading: str, parts: list[sheet.Part], found: tuple[str, ...]) -> None:
        super().__init__(heading, parts)
        object.__setattr__(self, "found", found)

    __str__ = __repr__ = sheet.Sheet.__str__


def ask(pasted: str | bytes | BaseException | None = None) -> Answer:
    """Look up an error text, its first line, or a description; with nothing given, this session's last error.

    An error that was caught can be handed over itself.

    It does not run what is pasted, and asks nothing of the net. An unknown text gets a sheet too.
    """
    if pasted is None:
        last = getattr(sys, "last_value", None)
        if last is None:
            return Answer(texts.words("clinic_no_error"), [], ())
        pasted = last
    if isinstance(pasted, BaseException):
        pasted = "".join(traceback.format_exception(pasted))
    matches, cleaned = matching.find(pasted)
    if matches:
        return _known(matches)
    return _without_a_cause(cleaned) if matching.says_no_cause(cleaned) else _unknown(cleaned)


def index() -> sheet.Table:
    """Every entry: its id, what one sees, whether it happens here, its lesson."""
    rows = [
        (one.identifier, f"{one.title}. {one.symptom}", one.state, one.lesson)
        for one in entries.load().values()
    ]
    return sheet.Table(("", texts.words("clinic_symptom"), texts.words("clinic_state"), ""), rows)


def described(entry: entries.Entry, lesson: str, link: str) -> list[sheet.Part]:
    """What an entry says whatever was pasted; `lesson` is how the place calls its lesson."""
    parts = [
        sheet.Part(texts.words("clinic_symptom"), entry.symptom),
        sheet.Part(texts.words("clinic_cause"), entry.cause),
        sheet.Part(texts.words("clinic_cure"), entry.cure),
        sheet.Part("", entry.code, code=True),
    ]
    if entry.inspect:
        parts.append(sheet.Part(texts.words("clinic_file"), texts.words("clinic_inspect")))
    if entry.lesson:
        parts.append(sheet.Part(texts.words("clinic_lesson"), lesson, link=link))
    return parts


def _known(matches: list[matching.Match]) -> Answer:
    first = matches[0]
    entry = first.entry
    parts = described(entry, f"notebooks/{entry.lesson}.ipynb", f"{entry.lesson}.ipynb")
    parts.append(sheet.Part(texts.words("clinic_sure"), _how_sure(matches)))
    parts.append(sheet.Part(texts.words("clinic_state"), _state(entry)))
    if said := _threads(entry):
        parts.append(sheet.Part(texts.words("clinic_threads"), said))
    others = [match for match in matches[1:] if match.kind == first.kind][:_OTHERS]
    if others:
        named = "; ".join(f"{match.entry.identifier} · {match.entry.title}" for match in others)
        parts.append(sheet.Part(texts.words("clinic_also"), named))
    return Answer(
        f"{entry.identifier} · {entry.title}", parts, tuple(match.entry.identifier for match in matches)
    )


def _how_sure(matches: list[matching.Match]) -> str:
    first = matches[0]
    key = {
        matching.CERTAIN: "clinic_certain",
        matching.SHARED: "clinic_perhaps",
        matching.DESCRIBED: "clinic_likely",
    }[first.kind]
    said = texts.words(key, words=first.words)
    same = matching.shared_with(matches)
    if len(same) > 1:
        named = ", ".join(match.entry.identifier for match in same)
        shared = "clinic_shared_file" if all(match.entry.inspect for match in same) else "clinic_shared"
        return f"{said}. {texts.words(shared, count=len(same), entries=named)}"
    if first.kind == matching.CERTAIN and any(match.kind == matching.CERTAIN for match in matches[1:]):
        return f"{said}. {texts.words('clinic_first', count=first.weight)}"
    return said


def _state(entry: entries.Entry) -> str:
    return texts.words(f"clinic_{entry.state}", identifier=entry.identifier, seen=entry.seen)


def _threads(entry: entries.Entry) -> str:
    """How many public threads a search found, and some of them to read."""
    found = entry.threads_found
    if found is None:
        return ", ".join(entry.threads)
    key = {0: "clinic_found_none", entries.MOST_FOUND: "clinic_found_most"}.get(found, "clinic_found")
    return " ".join([texts.words(key, count=found), ", ".join(entry.threads)]).strip()


def _without_a_cause(cleaned: matching.Cleaned) -> Answer:
    """Many causes share the line: quote what stands innermost, ask for it where it is missing, name none."""
    inner = cleaned.innermost
    parts = [
        sheet.Part("", texts.words("clinic_inner", line=inner) if inner else texts.words("clinic_no_inner")),
        sheet.Part(texts.words("clinic_file"), texts.words("clinic_inspect")),
    ]
    return Answer(texts.words("clinic_no_cause"), [*parts, *_unknown(cleaned).parts[-3:]], ())


def _unknown(cleaned: matching.Cleaned) -> Answer:
    if not cleaned.readable:
        heading = texts.words("clinic_unreadable")
    elif not cleaned.whole:
        heading = texts.words("clinic_nothing")
    else:
        heading = texts.words("clinic_unknown")
    parts = []
    if cleaned.readable and cleaned.last:
        parts.append(sheet.Part("", texts.words("clinic_last", line=cleaned.last)))
    needed = [
        texts.words(f"clinic_ask_{what}") for what in ("versions", "lines", "saving", "loading", "small")
    ]
    parts.append(sheet.Part(texts.words("clinic_how"), "\n".join(f"- {line}" for line in needed)))
    parts.append(sheet.Part("", texts.words("clinic_ask_where")))
    parts.append(sheet.Part("", texts.words("clinic_describe")))
    return Answer(heading, parts, ())


# `course --clinic < error.txt`: the clinic in a terminal. It needs no TensorFlow, so it answers at once.


MOST = 20_000_000  # bytes that are read


def main() -> int:
    """Read an error from standard input and print what the clinic says: 0 if it knows the error, else 1."""
    if sys.stdin is None:
        print(texts.words("clinic_nothing"))
        return 1
    if sys.stdin.isatty():
        print(texts.words("clinic_paste"), flush=True)
    answer = ask(sys.stdin.buffer.read(MOST))
    terminal.printable_anywhere()
    print(answer)
    return 0 if answer.found else 1
