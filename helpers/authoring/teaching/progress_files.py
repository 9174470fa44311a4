"""Reads a folder of progress files that others handed in: what is wrong with one is said, not raised."""

import collections
import dataclasses
import json
import pathlib
import sqlite3

from helpers.core import progress

LARGEST = 5_000_000  # bytes; a learner who answers each question ten times has a tenth of that
# Two learners may choose the same in the same second. That many answers alike is one learner, twice.
ENOUGH = 3
ONCE = "which counts"
TWICE = f"with fewer than {ENOUGH} answers, so both count: two learners may have chosen alike"


@dataclasses.dataclass(frozen=True)
class Answers:
    """One learner: for each question the options chosen, oldest first, and when; the state of exercises."""

    name: str
    quiz: dict[str, list[tuple[str, str]]]
    exercises: dict[str, str] = dataclasses.field(default_factory=dict)  # "correct" or "not_yet", by exercise

    @property
    def entries(self) -> frozenset[tuple[str, int, str, str]]:
        """Each answer with its question, its place among the answers to it, its option and its time."""
        return frozenset(
            (identifier, place, choice, at)
            for identifier, given in self.quiz.items()
            for place, (choice, at) in enumerate(given)
        )


@dataclasses.dataclass(frozen=True)
class Room:
    """The learners that count, and a sentence for each file with something amiss."""

    learners: list[Answers]
    remarks: list[str]


class Unusable(ValueError):
    """A file holds no answers; the text says why."""


def read(folder: pathlib.Path) -> Room:
    """Every file of a folder and of the folders in it. Hidden ones are passed over.

    Raises:
        NotADirectoryError: there is no such folder.
    """
    if not folder.is_dir():
        raise NotADirectoryError(f"{folder} is no folder. Put the learners' progress files into one.")
    learners, remarks = [], []
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_dir() or any(part.startswith(".") for part in path.relative_to(folder).parts):
            continue
        try:
            learners.append(Answers(name, *_content(path)))
        except Unusable as error:
            remarks.append(f"{name}: {error}.")
    kept, copies = _without_copies(learners)
    return Room(kept, sorted(remarks + copies))


def _content(path: pathlib.Path) -> tuple[dict[str, list[tuple[str, str]]], dict[str, str]]:
    """The answers to questions and the state of exercises in one file.

    Raises:
        Unusable: there are none, for whatever reason.
    """
    if path.suffix.lower() not in (".json", progress.SUFFIX):
        raise Unusable(f"no {progress.SUFFIX} or .json file")
    if not path.is_file():  # a pipe or a device would wait for ever, a broken link has nothing
        raise Unusable("no ordinary file")
    try:
        if path.stat().st_size > LARGEST:
            raise Unusable(f"larger than {LARGEST // 1_000_000} MB, which no progress file is")
        content = path.read_bytes()
    except OSError as error:
        raise Unusable(f"cannot be read ({error.strerror})") from None
    if not content.strip():
        raise Unusable("empty")
    record = _database(path) if path.suffix.lower() == progress.SUFFIX else _text(content)
    quiz = record.get("quiz") if isinstance(record, dict) else None
    if not isinstance(quiz, dict):
        raise Unusable("no progress file: it has no table of questions")
    answers = {identifier: _given(identifier, entries) for identifier, entries in quiz.items()}
    exercises = _exercises(record.get("check"))
    if not any(answers.values()) and not exercises:
        raise Unusable("no question answered and no exercise checked")
    return {identifier: given for identifier, given in answers.items() if given}, exercises


def _exercises(checks: object) -> dict[str, str]:
    """The state of each exercise that was begun: once correct it stays so."""
    found = {}
    for identifier, entries in checks.items() if isinstance(checks, dict) else ():
        outcomes = (
            [entry.get("outcome") for entry in entries if isinstance(entry, dict)]
            if isinstance(entries, list)
            else []
        )
        if "correct" in outcomes:
            found[identifier] = "correct"
        elif "not_yet" in outcomes:
            found[identifier] = "not_yet"
    return found


def _database(path: pathlib.Path) -> progress.Record:
    try:
        return progress.read_file(path)
    except sqlite3.Error as error:
        raise Unusable(f"damaged, or no progress file ({error})") from None


def _text(content: bytes) -> object:
    """What a file of an earlier course holds."""
    try:
        return json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise Unusable("damaged: no JSON text") from None


def _given(identifier: str, entries: object) -> list[tuple[str, str]]:
    shaped = isinstance(entries, list) and all(
        isinstance(entry, dict) and isinstance(entry.get("choice"), str) and isinstance(entry.get("at"), str)
        for entry in entries
    )
    if not shaped:
        raise Unusable(f"damaged: the answers to {identifier[:40]!r} are no list of choices with a time")
    return [(entry["choice"], entry["at"]) for entry in entries]


def _without_copies(learners: list[Answers]) -> tuple[list[Answers], list[str]]:
    """The learners without copies and earlier states of the same record, and a sentence for each of those."""
    kept: list[Answers] = []
    said = []
    for one in sorted(learners, key=lambda learner: -len(learner.entries)):
        whole = next((other for other in kept if one.entries <= other.entries), None)
        enough = len(one.entries) >= ENOUGH
        if whole is None or not enough:
            kept.append(one)
        if whole is not None and one.entries == whole.entries:
            said.append(f"{one.name}: the same as {whole.name}, {ONCE if enough else TWICE}.")
        elif whole is not None and enough:
            said.append(f"{one.name}: an earlier state of {whole.name}, {ONCE}.")
    return sorted(kept, key=lambda learner: learner.name), said


# Counts a room's answers: for each question how often each option was chosen, at first and at last.


@dataclasses.dataclass(frozen=True)
class Count:
    """One question. The keys are the ids of its options, in the order of the question."""

    identifier: str
    learners: int
    again: int  # of them have answered more than once
    before: dict[str, int]
    after: dict[str, int]


def count(learners: list[Answers], items: dict[str, dict]) -> list[Count]:
    """A count for each question that anybody answered, in the order of the items.

    Args:
        learners: who counts.
        items: the questions of the course, by id, with their options. An answer that is none of them does
            not count: it comes from another state of the course.
    """
    counts = []
    for identifier, entry in items.items():
        given = [
            choices
            for one in learners
            if (
                choices := [
                    choice for choice, _ in one.quiz.get(identifier, []) if choice in entry["options"]
                ]
            )
        ]
        if given:
            before, after = (collections.Counter(choices[place] for choices in given) for place in (0, -1))
            counts.append(
                Count(
                    identifier,
                    len(given),
                    sum(len(choices) > 1 for choices in given),
                    {option: before[option] for option in entry["options"]},
                    {option: after[option] for option in entry["options"]},
                )
            )
    return counts


def strangers(learners: list[Answers], items: dict[str, dict]) -> list[str]:
    """The sentences on answers that belong to no question of this course, by file."""
    said = []
    for one in learners:
        unknown = sorted(
            identifier
            for identifier, given in one.quiz.items()
            if identifier not in items
            or any(choice not in items[identifier]["options"] for choice, _ in given)
        )
        if unknown:
            said.append(
                f"{one.name}: answers to {len(unknown)} questions, such as {unknown[0][:40]!r}, "
                "are of another state of the course and do not count."
            )
    return said
