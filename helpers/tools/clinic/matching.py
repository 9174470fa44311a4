"""Which entries a text leads to, in order: the one that most of its words lead to first.

Three kinds of finding, in this order: words of an error that nothing else says, words that several errors
share, and words of a description.
"""

import dataclasses
import functools
import html
import re
import typing

from helpers.tools.clinic import entries

# Pieces of error texts, written so that a reader of the data sees the error and not a regular expression.
#
# `…` stands for up to 300 characters of anything, ` & ` for "and, anywhere in the text". Spaces and backticks
# do not count: a screen breaks lines where it likes. Nothing here can repeat inside a repetition, so a long
# text takes a time that grows with its length and no faster.


GAP = "…"
_WIDEST = 300  # characters that a gap may hold


def squeezed(text: str) -> str:
    """A text without spaces and backticks, the form in which pieces are looked for."""
    return "".join(text.replace("`", "").split())


def weight_of(pattern: str) -> int:
    """How many characters a pattern fixes: the more, the more it says."""
    return len(squeezed(pattern.replace(GAP, "").replace(" & ", "")))


def found_at(pattern: str, squeezed_text: str, squeezed_whole: str) -> int | None:
    """Where a pattern begins in a squeezed text, or None. What follows ` & ` stands anywhere in the whole."""
    first, *others = _parts(pattern)
    if any(other.search(squeezed_whole) is None for other in others):
        return None
    last = None
    for match in first.finditer(squeezed_text):
        last = match.start()  # the last error of a chain is the one that ended the program
    return last


@functools.cache
def _parts(pattern: str) -> tuple[re.Pattern[str], ...]:
    return tuple(_compiled(part) for part in pattern.split(" & "))


def _compiled(part: str) -> re.Pattern[str]:
    pieces = [re.escape(squeezed(piece)) for piece in part.split(GAP)]
    return re.compile(f".{{0,{_WIDEST}}}?".join(pieces))


# What a pasted text says, without what differs from one screen to the next.
#
# A pasted error has colours, frames around it, lines that the screen broke, code of other people's files
# between, and one error inside the other. What is left: the messages, each on one line.


LONGEST = 400_000  # characters that are read; of more, the beginning and the end
MOST_MESSAGES = 60  # different messages that are looked at: of more, the first ones and the last ones
_COLOUR = re.compile(r"(?:\x1b\[|\x9b)[0-9;?]*[a-zA-Z]|\x1b\][^\x07]{0,200}\x07|\[(?:\d{1,3};){0,4}\d{1,3}m")
_QUOTES = str.maketrans("‘’‚“”„´│┃║╎┆", "'''\"\"\"'     ", "`\r\ufeff\u200b")
# Lines of source that IPython shows around the failing one: they hold words of errors that did not happen.
# They are indented, or have an arrow: a number at the beginning may be a message that a screen broke there.
_SOURCE = re.compile(r"(?:\s+|\s*-+>\s*)\d+(?:\s|$)")
_HEAD = re.compile(r"(?:^|[\s.:])(?P<line>[A-Z]\w{0,60}(?:Error|Warning|Exception|Interrupt)(?::\s|:?$).*)$")
_END = re.compile(
    r"\s*(?:Traceback \(most recent|During handling of|The above exception|File \S|Cell In\[|-{20,}$)"
)


class Cleaned(typing.NamedTuple):
    """A text in two ways: its error messages one by one, in order, and all of it, without line breaks."""

    messages: list[str]
    whole: str
    readable: bool

    @property
    def last(self) -> str:
        """The beginning of the last message, for an answer that quotes it."""
        return self.messages[-1][:160] if self.messages else ""

    @property
    def innermost(self) -> str:
        """What stands after the last `Exception encountered:`, where an error wraps another one, or ""."""
        _, found, inner = self.whole.rpartition("Exception encountered: ")
        return re.split(r" (?=Traceback \(most|File \")", inner)[0][:300].strip() if found else ""


def decoded(raw: bytes) -> str:
    """The text in bytes: UTF-8, or the UTF-16 that a redirection in PowerShell writes."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw.decode("utf-16", errors="replace")
    return raw.decode("utf-8-sig", errors="replace")


def clean(raw: str | bytes) -> Cleaned:
    """Bring a pasted text into the form that is compared."""
    text = decoded(raw) if isinstance(raw, bytes) else str(raw)
    if len(text) > LONGEST:
        text = f"{text[: LONGEST // 4]}\n{text[-LONGEST * 3 // 4 :]}"
    strange = sum(
        not (sign.isprintable() or sign in "\n\r\t\x1b\x07\x08") or sign == "\ufffd" for sign in text
    )
    readable = strange <= len(text) // 10
    text = html.unescape(_COLOUR.sub("", text)).translate(_QUOTES)
    lines = [line for line in text.split("\n") if not _SOURCE.match(line)]
    return Cleaned(_messages(lines), _on_one_line(lines), readable)


def _messages(lines: list[str]) -> list[str]:
    """From each line that names an error or a warning up to the next traceback or the next such line."""
    found: list[list[str]] = []
    inside = False
    for line in lines:
        if head := _HEAD.search(line):
            found.append([head["line"]])
            inside = True
        elif _END.match(line):
            inside = False
        elif inside:
            found[-1].append(line)
    return _bounded([_on_one_line(message) for message in found])


def _bounded(messages: list[str]) -> list[str]:
    """Each message once, where it stands last, and of very many the first and the last ones.

    A log repeats one line half a million times. What is left to compare is bounded.
    """
    different = list(dict.fromkeys(reversed(messages)))[::-1]
    if len(different) <= MOST_MESSAGES:
        return different
    return different[: MOST_MESSAGES // 4] + different[-MOST_MESSAGES * 3 // 4 :]


def _on_one_line(lines: list[str]) -> str:
    return " ".join(" ".join(lines).split())


CERTAIN, SHARED, DESCRIBED = "certain", "shared", "described"
_ORDER = (DESCRIBED, SHARED, CERTAIN)
_LONGEST_DESCRIPTION = 60  # words; a longer text without an error is a log


@dataclasses.dataclass(frozen=True)
class Match:
    """An entry, by what it was found, and how much of the text says so."""

    entry: entries.Entry
    kind: str  # CERTAIN, SHARED or DESCRIBED
    words: str  # the pattern, or the words of the description
    weight: int  # characters, or words of a description
    place: tuple[int, int]  # whether in a message and in which, and where in it

    @property
    def rank(self) -> tuple[int, int, int, tuple[int, int]]:
        """What comes first: the kind, then a message before other text, then the weight, then the last."""
        return _ORDER.index(self.kind), int(self.place[0] > 0), self.weight, self.place


def find(raw: str | bytes) -> tuple[list[Match], Cleaned]:
    """The entries that a text leads to, the best first and each once, and the text as it was compared."""
    text = clean(raw)
    if not text.readable:
        return [], text
    best: dict[str, Match] = {}
    for match in [*_by_error(text), *_by_description(text)]:
        before = best.get(match.entry.identifier)
        if before is None or before.rank < match.rank:
            best[match.entry.identifier] = match
    return sorted(best.values(), key=lambda match: match.rank, reverse=True), text


def shared_with(matches: list[Match]) -> list[Match]:
    """The matches that the first one's words do not tell apart from it, itself included."""
    return [
        match
        for match in matches
        if match.kind == SHARED == matches[0].kind and match.words == matches[0].words
    ]


def _by_error(text: Cleaned) -> list[Match]:
    whole = squeezed(text.whole)
    parts = [whole, *map(squeezed, text.messages)]
    found = []
    for entry in entries.load().values():
        for kind, wanted in ((CERTAIN, entry.patterns), (SHARED, entry.weak)):
            for pattern in wanted:
                for number, part in enumerate(parts):
                    if any(found_at(other, part, part) is not None for other in entry.unless):
                        continue  # words that belong to another cause stand beside these
                    if (start := found_at(pattern, part, whole)) is not None:
                        weight = weight_of(pattern)
                        found.append(Match(entry, kind, pattern, weight, (number, start)))
    return found


def says_no_cause(text: Cleaned) -> bool:
    """Whether the text holds a line that says that something failed, and not why."""
    whole = squeezed(text.whole)
    return any(found_at(line, whole, whole) is not None for line in entries.lines_without_a_cause())


def _by_description(text: Cleaned) -> list[Match]:
    words = re.findall(r"\w[\w.-]*", text.whole.lower())
    if text.messages or len(words) > _LONGEST_DESCRIPTION:
        return []
    found = []
    for entry in entries.load().values():
        for description in entry.described:
            wanted = [choice.split("|") for choice in description.lower().split()]
            # A beginning is enough: "resum" finds resume, resumed and resuming.
            seen = [next((word for word in words if word.startswith(tuple(one))), "") for one in wanted]
            if all(seen):
                found.append(Match(entry, DESCRIBED, ", ".join(seen), len(seen), (0, 0)))
    return found
