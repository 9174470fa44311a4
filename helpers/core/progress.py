"""What this learner has done: one SQLite file beside the scratch folders, `progress.sqlite`.

It stays on this machine. COURSE_PROGRESS names another file, or turns the record off with "off". Each answer
is a transaction, so notebooks may write at the same time, and what ends the process leaves whole answers.
An earlier course kept `progress.json`. It is read once and stays where it is.
"""

import collections.abc
import contextlib
import datetime
import json
import os
import pathlib
import sqlite3
import typing

from helpers.core import scratch

Record = dict[str, dict[str, list[dict]]]
Result = typing.TypeVar("Result")

SUFFIX = ".sqlite"
PATIENCE = 30  # seconds that one notebook waits for another's transaction
LARGEST = 50_000_000  # bytes of an old file; a learner fills a thousandth
# What an entry of a kind holds beside its time; one without it counts for nothing.
FORMS: dict[str, dict[str, type]] = {"quiz": {"choice": str, "right": bool}, "check": {"outcome": str}}
# PRAGMA user_version says how far a file is: whether its table is made, and the old file read.
TABLE_MADE, OLD_READ = 1, 2

_said: set[str] = set()  # each sentence once a session, not once a question


def path() -> pathlib.Path | None:
    """Where the record is kept; None while it is off."""
    chosen = os.environ.get("COURSE_PROGRESS", "")
    if chosen.lower() == "off":
        return None
    place = pathlib.Path(chosen).expanduser() if chosen else scratch.root() / "progress"
    return place.with_suffix(SUFFIX) if place.suffix in ("", ".json") else place


def read() -> Record:
    """The record: {"quiz": {id: [answers]}, "check": {id: [outcomes]}}, oldest first; empty if there is none.

    A file that is no database is set aside under another name, and a new record begins. A file that cannot be
    read stays as it is.
    """
    place = path()
    if place is None or not (os.path.lexists(place) or _old(place).exists()):
        return _empty()
    try:
        return _retried(place, _everything)
    except (sqlite3.Error, OSError) as error:
        _say(f"Your progress in {place} cannot be read ({_reason(error)}); this session goes on without it.")
    return _empty() if os.path.lexists(place) else _collected(_old_entries(place) or [])


def add(kind: str, identifier: str, **entry: object) -> None:
    """Note one answer or outcome. Never raises: a record that cannot be written must not stop a lesson."""
    place = path()
    if place is None:
        return
    now = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")

    def insert(connection: sqlite3.Connection) -> None:
        values = (kind, identifier, now, json.dumps(entry, ensure_ascii=False))
        connection.execute("INSERT INTO entries (kind, item, at, entry) VALUES (?, ?, ?, ?)", values)

    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        _retried(place, insert)
    except (sqlite3.Error, OSError) as error:
        _say(
            f"Your progress cannot be written to {place} ({_reason(error)}). What was there stays. "
            "COURSE_SCRATCH chooses another place."
        )


def read_file(place: pathlib.Path, steps: int = 20_000_000) -> Record:
    """The record in another learner's file, which is neither locked nor written.

    Args:
        place: the file.
        steps: how many steps SQLite may take, because a hostile file may ask for endless ones.

    Raises:
        sqlite3.Error: it is no database, or not one of a learner's progress.
    """
    address = f"{place.absolute().as_uri()}?mode=ro&immutable=1"
    left = iter(range(steps // 1_000))
    with contextlib.closing(sqlite3.connect(address, uri=True)) as connection:
        connection.set_progress_handler(lambda: next(left, None) is None, 1_000)
        connection.execute("PRAGMA trusted_schema = OFF")
        kinds = connection.execute("SELECT type FROM sqlite_master WHERE name = 'entries'").fetchall()
        if kinds != [("table",)]:
            raise sqlite3.DatabaseError("it has no table of answers")
        return _everything(connection)


def _everything(connection: sqlite3.Connection) -> Record:
    rows = connection.execute("SELECT kind, item, at, entry FROM entries ORDER BY number")
    return _collected(_rows(rows))


def _rows(rows: collections.abc.Iterable[tuple]) -> collections.abc.Iterator[tuple[str, str, dict]]:
    for kind, item, at, text in rows:
        with contextlib.suppress(ValueError, TypeError, RecursionError):  # edited by somebody else
            yield kind, item, {**json.loads(text), "at": at}


def _collected(entries: collections.abc.Iterable[tuple[str, str, dict]]) -> Record:
    record = _empty()
    for kind, item, entry in entries:
        form = FORMS.get(kind, {"": object})
        sound = isinstance(item, str) and all(isinstance(entry.get(key), form[key]) for key in form)
        if sound and _time(entry.get("at")):
            record[kind].setdefault(item, []).append(entry)
    return record


def _empty() -> Record:
    return {kind: {} for kind in FORMS}


def _retried(place: pathlib.Path, work: collections.abc.Callable[[sqlite3.Connection], Result]) -> Result:
    """Work in one transaction; where the file turns out to be no database, in a new one."""
    if os.path.lexists(place) and not place.is_file():
        raise OSError("it is no ordinary file")  # a pipe would wait for ever
    seen = _identity(place)
    try:
        with _opened(place) as connection:
            return work(connection)
    except sqlite3.OperationalError:
        raise  # locked, full, unreadable: the file may be whole
    except sqlite3.DatabaseError:
        if seen is not None and seen == _identity(place):  # else another notebook has begun a new one
            _set_aside(place)
        with _opened(place) as connection:
            return work(connection)


@contextlib.contextmanager
def _opened(place: pathlib.Path) -> collections.abc.Iterator[sqlite3.Connection]:
    """The database in a transaction, its table made and the old file read.

    SQLite's own journal and not WAL: a network folder has no shared memory, which WAL needs. A folder that
    may only be read can be read, and what a teacher collects is one file.
    """
    with contextlib.closing(sqlite3.connect(place, timeout=PATIENCE, isolation_level=None)) as connection:
        state = connection.execute("PRAGMA user_version").fetchone()[0]
        if state >= OLD_READ and not os.access(place, os.W_OK):
            yield connection
            return
        connection.execute("BEGIN IMMEDIATE")
        try:
            _settle(connection, place)
            yield connection
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise


def _settle(connection: sqlite3.Connection, place: pathlib.Path) -> None:
    """Make the table, and read the old file once: its entries come before all others."""
    state = connection.execute("PRAGMA user_version").fetchone()[0]
    if state < TABLE_MADE:
        connection.execute(
            "CREATE TABLE IF NOT EXISTS entries "
            "(number INTEGER PRIMARY KEY, kind TEXT, item TEXT, at TEXT, entry TEXT)"
        )
        connection.execute(f"PRAGMA user_version = {TABLE_MADE}")
    if state < OLD_READ and (entries := _old_entries(place)) is not None:
        for number, (kind, item, entry) in enumerate(entries, start=-len(entries)):
            values = (number, kind, item, entry.pop("at"), json.dumps(entry, ensure_ascii=False))
            connection.execute("INSERT INTO entries VALUES (?, ?, ?, ?, ?)", values)
        connection.execute(f"PRAGMA user_version = {OLD_READ}")


def _old(place: pathlib.Path) -> pathlib.Path:
    return place.with_suffix(".json")


def _old_entries(place: pathlib.Path) -> list[tuple[str, str, dict]] | None:
    """What an earlier course wrote; none where its file is damaged, None where it cannot be read now."""
    old = _old(place)
    if not os.path.lexists(old):
        return []
    try:
        if not old.is_file() or old.stat().st_size > LARGEST:
            raise ValueError("no file of answers")
        written = datetime.datetime.fromtimestamp(old.stat().st_mtime, datetime.UTC)
        record = json.loads(old.read_text(encoding="utf-8"))
        entries = [
            (kind, item, {**entry, "at": _time(entry.get("at")) or written.isoformat(timespec="seconds")})
            for kind in FORMS
            for item, given in record[kind].items()
            for entry in given
        ]
        json.dumps(entries, ensure_ascii=False).encode()
    except OSError as error:
        _say(f"Your earlier answers in {old} cannot be read ({_reason(error)}). They are tried again later.")
        return None
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        _say(f"Your earlier answers in {old.name} are damaged. The file is kept, and a new record begins.")
        return []
    return entries


def _time(text: object) -> str | None:
    """A time with its zone, as text; None where the text is no time."""
    try:
        found = datetime.datetime.fromisoformat(text)
    except (TypeError, ValueError):
        return None
    return text if found.tzinfo else found.replace(tzinfo=datetime.UTC).isoformat()


def _identity(place: pathlib.Path) -> tuple[int, int] | None:
    try:
        facts = place.stat()
    except OSError:
        return None
    return facts.st_dev, facts.st_ino


def _set_aside(place: pathlib.Path) -> None:
    number = 1
    while (damaged := place.with_name(f"{place.stem}.damaged-{number}{place.suffix}")).exists():
        number += 1
    place.rename(damaged)
    journal = place.with_name(place.name + "-journal")  # of the damaged file, not of the next one
    with contextlib.suppress(FileNotFoundError):
        journal.rename(damaged.with_name(damaged.name + "-journal"))
    _say(f"Your progress file was damaged. It is kept as {damaged.name}, and a new one begins.")


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)


def _say(sentence: str) -> None:
    if sentence not in _said:
        _said.add(sentence)
        print(sentence)
