"""Which entries a text leads to, in order: the one that most of its words lead to first.

Three kinds of finding, in this order: words of an error that nothing else says, words that several errors
share, and words of a description.
"""

import dataclasses
import re

from helpers.clinic import cleaning, entries, patterns

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


def find(raw: str | bytes) -> tuple[list[Match], cleaning.Cleaned]:
    """The entries that a text leads to, the best first and each once, and the text as it was compared."""
    text = cleaning.clean(raw)
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


def _by_error(text: cleaning.Cleaned) -> list[Match]:
    whole = patterns.squeezed(text.whole)
    parts = [whole, *map(patterns.squeezed, text.messages)]
    found = []
    for entry in entries.load().values():
        for kind, wanted in ((CERTAIN, entry.patterns), (SHARED, entry.weak)):
            for pattern in wanted:
                for number, part in enumerate(parts):
                    if (start := patterns.found(pattern, part, whole)) is not None:
                        weight = patterns.weight(pattern)
                        found.append(Match(entry, kind, pattern, weight, (number, start)))
    return found


def _by_description(text: cleaning.Cleaned) -> list[Match]:
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
