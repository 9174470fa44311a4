"""Whether something ran: the harmless marker file that the files of lesson 10 leave, noted and removed."""

import collections.abc
import pathlib

from helpers import figures

MARKER = pathlib.Path("was_here.txt")  # in the folder in which the code runs
_RUNS = ["runs when loaded", "runs when called"]
ROWS = ["refused", *_RUNS]
_notes: dict[str, dict[str, bool]] = {}


def note(what: str, when: str) -> None:
    """Print and note whether the marker is there, as in note("pickle", "runs when loaded"), and remove it."""
    there = MARKER.exists()
    MARKER.unlink(missing_ok=True)
    add(what, when, there)
    print(f"{what}, {when}: {there}")


def add(what: str, when: str, holds: bool) -> None:
    """Note a finding without printing it."""
    _notes.setdefault(what, {})[when] = holds


def table() -> dict[str, dict[str, bool]]:
    """All findings of this process, in the order of their first note."""
    return {what: dict(found) for what, found in _notes.items()}


def draw(columns: collections.abc.Mapping[str, str]) -> None:
    """Draw what is noted under each name as yes, no, or a dash for what was not tried.

    Raises:
        KeyError: nothing was noted under a name.
    """
    found = {heading: _findings(_notes[what]) for heading, what in columns.items()}
    said = [f"{' '.join(heading.split())}: {_said(noted)}" for heading, noted in found.items()]
    figures.marks(found, ROWS, alt=f"What is noted of each file. {'; '.join(said)}.")


def _findings(noted: collections.abc.Mapping[str, bool]) -> dict[str, bool | None]:
    """A value for each row, None for what was not tried. What ran was not refused."""
    known = {"refused": False} if any(noted.get(row) for row in _RUNS) else {}
    return dict.fromkeys(ROWS) | known | {row: noted[row] for row in ROWS if row in noted}


def _said(noted: collections.abc.Mapping[str, bool | None]) -> str:
    holds = [row for row in ROWS if noted[row]] or ["nothing"]
    open_ones = [row for row in ROWS if noted[row] is None]
    return ", ".join(holds) + (f" (not tried: {', '.join(open_ones)})" if open_ones else "")
