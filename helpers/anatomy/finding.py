"""What every reader hands back: the same aspects in the same order, or one sentence why there are none."""

import collections.abc
import dataclasses
import pathlib

ASPECTS = (
    "format",
    "size",
    "written by",
    "architecture",
    "weights",
    "optimizer",
    "compile settings",
    "endpoints",
    "custom classes",
    "code it would run",
    "preprocessing",
    "protected by",
    "load with",
    "not good for",
)
# The format has no place for it. "none" says that there is a place, and nothing in it.
NOT_HERE = "not in this format"
AGAIN = "Get it again from where it came, or go back to the version before it."


class Unreadable(Exception):
    """Not a model this course reads; the text says what was seen, what was expected, what to do."""


@dataclasses.dataclass(frozen=True)
class Anatomy:
    """What is inside one saved artefact; `size` in bytes, `rows` a pair (aspect, finding) each."""

    path: pathlib.Path
    format: str
    size: int
    rows: tuple[tuple[str, str], ...]

    def finding(self, aspect: str) -> str:
        """The finding for one aspect.

        Raises:
            KeyError: there is no such aspect; ASPECTS lists them.
        """
        return dict(self.rows)[aspect]


def anatomy(path: pathlib.Path, form: str, size: int, **findings: str) -> Anatomy:
    """Put findings in order; an aspect is named with underscores, one left out is not in this format.

    Raises:
        TypeError: a finding was given for an aspect that does not exist.
    """
    known: collections.abc.Mapping[str, str] = {
        "format": form,
        "size": f"{size:,} bytes",
        **{name.replace("_", " "): text for name, text in findings.items()},
    }
    if unknown := known.keys() - set(ASPECTS):
        raise TypeError(f"no such aspect: {', '.join(sorted(unknown))}")
    return Anatomy(path, form, size, tuple((aspect, known.get(aspect, NOT_HERE)) for aspect in ASPECTS))
