"""Text from a file made safe to print, and numbers in words."""

import collections.abc
import re
import textwrap

WIDTH = 100
_LABEL = 18
_NAME = 80  # characters of one name
# A shape is not broken between two lines.
_SHAPE, _TIE = re.compile(r"\((?:None|\d+)(?:, (?:None|\d+))*\)"), "\N{NO-BREAK SPACE}"


def plain(value: object, limit: int = _NAME) -> str:
    """A name as one printable line: control signs, which could steer a terminal, are spelled out.

    Anything but text is named by its type: in a file that follows its format, a name is text.
    """
    if not isinstance(value, str):
        return f"({type(value).__name__})"
    shown = value if len(value) <= limit else value[: limit - 3] + "..."
    if shown.isprintable():
        return shown
    return "".join(
        sign if sign.isprintable() else sign.encode("unicode_escape").decode("ascii") for sign in shown
    )


def quoted(value: object, limit: int = _NAME) -> str:
    """A name in quotation marks, as safe to print as `plain`."""
    return f"'{plain(value, limit)}'"


def count(number: int, noun: str) -> str:
    """A number with its noun, as in "1 array" and "9,610 numbers"."""
    return f"{number:,} {noun}" + ("" if number == 1 else "s")


def listing(names: collections.abc.Iterable[str], limit: int = 8) -> str:
    """Names with commas; the rest as a number."""
    kept = list(names)
    more = len(kept) - limit
    return ", ".join(kept[:limit]) + (f" and {more:,} more" if more > 0 else "")


def lines(entries: collections.abc.Sequence[str], limit: int = 12) -> str:
    """Entries one below the other; the rest as a number."""
    more = len(entries) - limit
    return "\n".join(entries[:limit]) + (f"\nand {more:,} more" if more > 0 else "")


def kinds(names: collections.abc.Sequence[str], limit: int = 8) -> str:
    """Names in the order of their first appearance, a repeated one with how often: "3 Dense, Dropout"."""
    tally: dict[str, int] = {}
    for name in names:
        tally[name] = tally.get(name, 0) + 1
    return listing([f"{times} {name}" if times > 1 else name for name, times in tally.items()], limit)


def optimizer(name: str, steps: int | None, arrays: int) -> str:
    """The finding on an optimizer; an empty name is a class that is not recorded, steps may be unknown."""
    if not arrays:
        return f"{name}, but none of its arrays: it begins anew" if name else "none"
    counted = "steps unknown" if steps is None else count(steps, "step")
    return f"{name or 'class not recorded'}, {counted}, {count(arrays, 'array')}"


def shape(sizes: collections.abc.Iterable[object]) -> str:
    """A shape as NumPy writes one: "(None, 64)"; what is no number is None, any size."""
    parts = [str(size) if isinstance(size, int) and size >= 0 else "None" for size in sizes]
    return f"({parts[0]},)" if len(parts) == 1 else f"({', '.join(parts)})"


def paragraph(sentence: str) -> str:
    """Sentences, at most WIDTH columns wide."""
    return textwrap.fill(sentence, WIDTH, break_on_hyphens=False)


def table(title: str, rows: collections.abc.Iterable[tuple[str, str]]) -> str:
    """Rows below a title, at most WIDTH columns wide; a line break in a finding begins a new line."""
    printed = [title]
    for label, finding in rows:
        start = label.ljust(_LABEL)
        for line in finding.split("\n"):
            tied = _SHAPE.sub(lambda match: match[0].replace(" ", _TIE), line)
            wrapped = textwrap.wrap(tied, WIDTH, initial_indent=start, subsequent_indent=" " * (_LABEL + 2))
            printed += [part.replace(_TIE, " ") for part in wrapped] or [start.rstrip()]
            start = " " * _LABEL
    return "\n".join(printed)
