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


# How much of a file from somebody else is read. A declared size is a claim, checked before it is used.


CONFIG = 16 * 2**20  # bytes of one JSON text, held in memory
GRAPH = 64 * 2**20  # bytes of a saved_model.pb, held in memory
PARSED = 384 * 2**20  # bytes of memory that parsing it may take
OPERATIONS = 500_000  # operations, functions, objects of a graph
INDEX = 16 * 2**20  # bytes of a checkpoint's index, held in memory
SHARED_KEY = 4096  # characters of one name in an index
CHECKED = 2**30  # bytes read, in pieces, to compare a checksum; beyond it the finding says "not checked"
UNPACKED = 256 * 2**20  # bytes one compressed member may claim, if it is packed a hundred times smaller
EXPANSION = 100
TEXTS = 1_000_000  # texts in one array of a checkpoint that are compared with their checksum
MEMBERS = 10_000  # members of a zip, files of a folder
DIRECTORY = 4 * 2**20  # bytes of a zip's own list of members
OBJECTS = 20_000  # groups and arrays of an HDF5 file, arrays of a checkpoint
HDF5_SECONDS = 60.0  # until the process that reads an HDF5 file is ended
HDF5_WORK = 5  # seconds of computing it may take, where the system counts them
HDF5_MEMORY = 2 * 2**30  # bytes of address space it may take, where the system counts them
PIECE = 2**22  # bytes read at a time
HEAD = 4096  # bytes that tell what a file is
