r"""Pieces of error texts, written so that a reader of the data sees the error and not a regular expression.

`…` stands for up to 300 characters of anything, ` & ` for "and, anywhere in the text". Spaces and backticks
do not count: a screen breaks lines where it likes. Nothing here can repeat inside a repetition, so a long
text takes a time that grows with its length and no faster.
"""

import functools
import re

GAP = "…"
_WIDEST = 300  # characters that a gap may hold


def squeezed(text: str) -> str:
    """A text without spaces and backticks, the form in which pieces are looked for."""
    return "".join(text.replace("`", "").split())


def weight(pattern: str) -> int:
    """How many characters a pattern fixes: the more, the more it says."""
    return len(squeezed(pattern.replace(GAP, "").replace(" & ", "")))


def found(pattern: str, squeezed_text: str, squeezed_whole: str) -> int | None:
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
