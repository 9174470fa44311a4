"""What this learner has done: one small file beside the scratch folders, written safely.

It stays on this machine. COURSE_PROGRESS names another file, or turns the record off with "off".
"""

import datetime
import json
import os
import pathlib
import tempfile

from helpers.core import scratch


def path() -> pathlib.Path | None:
    """Where the record is kept; None while it is off."""
    chosen = os.environ.get("COURSE_PROGRESS", "")
    if chosen.lower() == "off":
        return None
    return pathlib.Path(chosen).expanduser() if chosen else scratch.root() / "progress.json"


def read() -> dict[str, dict[str, list[dict]]]:
    """The record: {"quiz": {id: [answers]}, "check": {id: [outcomes]}}, oldest first; empty if there is none.

    A file that cannot be understood is set aside under another name and a new record begins.
    """
    empty: dict[str, dict[str, list[dict]]] = {"quiz": {}, "check": {}}
    place = path()
    if place is None:
        return empty
    try:
        record = json.loads(place.read_text(encoding="utf-8"))
        for kind in empty:
            for entries in record[kind].values():
                if not all(isinstance(entry["at"], str) for entry in entries):
                    raise TypeError("an entry without a time")
        return {kind: record[kind] for kind in empty}
    except FileNotFoundError:
        return empty
    except OSError as error:
        print(f"Your progress in {place} cannot be read ({error.strerror}); this session goes on without it.")
        return empty
    except (ValueError, TypeError, KeyError, AttributeError):
        _set_aside(place)
        return empty


def add(kind: str, identifier: str, **entry: object) -> None:
    """Note one answer or outcome. Never raises: a record that cannot be written must not stop a lesson."""
    place = path()
    if place is None:
        return
    record = read()
    entry["at"] = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
    record[kind].setdefault(identifier, []).append(entry)
    try:
        _replace(place, json.dumps(record, indent=1, ensure_ascii=False))
    except OSError as error:
        print(
            f"Your progress cannot be written to {place} ({error.strerror}). "
            "COURSE_SCRATCH chooses another place."
        )


def _replace(place: pathlib.Path, content: str) -> None:
    """Write aside, force to disk, then rename: a reader sees the old record or the new one, never half."""
    place.parent.mkdir(parents=True, exist_ok=True)
    handle, aside = tempfile.mkstemp(dir=place.parent, prefix=".progress-")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(aside, place)
    except BaseException:
        pathlib.Path(aside).unlink(missing_ok=True)
        raise


def _set_aside(place: pathlib.Path) -> None:
    number = 1
    while (damaged := place.with_name(f"{place.stem}.damaged-{number}{place.suffix}")).exists():
        number += 1
    try:
        place.rename(damaged)
    except OSError:
        return
    print(f"Your progress file was damaged. It is kept as {damaged.name}, and a new one begins.")
