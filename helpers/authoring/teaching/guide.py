"""What solutions/README.md tells a teacher of each lesson, read as data: `read` and what is wrong in it."""

import collections.abc
import dataclasses
import pathlib
import re

from helpers.authoring.notebooks import course, page, parts
from helpers.core import texts

SESSIONS = (45, 90, 180)
ALWAYS = ("The question", "Myths", "Key points")  # a session without these has shown nothing
HEADING = re.compile(r"^## (\d\d) · (.+)$", re.MULTILINE)
MINUTES = re.compile(r"^\*(\d+) minutes to read · (\d+) minutes to practise\*$", re.MULTILINE)
ROW = re.compile(r"^\| (\d+) minutes \| (.+) \|$", re.MULTILINE)
PARTS = ("Say first", "Misconceptions", "Discuss", "Skip")


@dataclasses.dataclass(frozen=True)
class Skip:
    """What a session leaves out of a lesson, and the lesson that follows it; "" if none does."""

    headings: tuple[str, ...]
    tasks: tuple[str, ...]
    companion: str = ""


@dataclasses.dataclass(frozen=True)
class Entry:
    """One lesson as a teacher finds it; minutes are None, and parts empty, where they were not found."""

    number: str
    title: str
    minutes: tuple[int, int] | None
    parts: dict[str, str]
    skips: dict[int, Skip]

    @property
    def items(self) -> list[str]:
        """The ids of the quiz items that show a misconception."""
        return re.findall(r"^- `([^`]+)`: \S", self.parts.get("Misconceptions", ""), re.MULTILINE)

    @property
    def prompts(self) -> list[str]:
        """The questions to discuss."""
        return re.findall(r"^- (.+(?:\n  .+)*)", self.parts.get("Discuss", ""), re.MULTILINE)


def path(whole: course.Course) -> pathlib.Path:
    """Where the teacher's page lies."""
    return whole.root / "solutions" / "README.md"


def read(content: str) -> list[Entry]:
    """The lessons of a teacher's page, in order."""
    found = list(HEADING.finditer(content))
    ends = [match.start() for match in found[1:]] + [len(content)]
    return [_entry(match, content[match.end() : end]) for match, end in zip(found, ends, strict=True)]


def of(number: str, whole: course.Course) -> Entry:
    """The entry of one lesson, such as "04".

    Raises:
        LookupError: the teacher's page has none.
    """
    for entry in read(path(whole).read_text(encoding="utf-8")):
        if entry.number == number:
            return entry
    raise LookupError(f"solutions/README.md has no section for lesson {number}.")


def problems(content: str, whole: course.Course) -> collections.abc.Iterator[str]:
    """A sentence for whatever the teacher's page says that the course does not, or the other way round."""
    entries = read(content)
    seen, wanted = [entry.number for entry in entries], [stem[:2] for stem in whole.lessons]
    if seen != wanted:
        yield f"There are sections for {seen}. Expected: one for each lesson of the course, {wanted}."
    for stem in whole.lessons:
        for entry in entries:
            if entry.number == stem[:2]:
                lesson, solution = (page.read(whole.path(name, stem)) for name in ("notebooks", "solutions"))
                for sentence in (*_facts(entry, lesson), *_skips(entry, lesson, solution, wanted)):
                    yield f"{entry.number}: {sentence}"


def _entry(match: re.Match, section: str) -> Entry:
    pieces = re.split(r"^\*\*(" + "|".join(PARTS) + r")\.?\*\*", section, flags=re.MULTILINE)
    parts = {name: body.strip() for name, body in zip(pieces[1::2], pieces[2::2], strict=True)}
    minutes = MINUTES.search(section)
    skips = {int(row[1]): _skip(row[2]) for row in ROW.finditer(parts.get("Skip", ""))}
    return Entry(match[1], match[2], minutes and (int(minutes[1]), int(minutes[2])), parts, skips)


def _skip(cell: str) -> Skip:
    companion = re.search(r"with lesson (\d\d)", cell)
    tasks = tuple(re.findall(r"\b\d\d\.\d\b", cell))
    return Skip(tuple(re.findall(r"\*(.+?)\*", cell)), tasks, companion[1] if companion else "")


def _facts(entry: Entry, lesson: page.Page) -> collections.abc.Iterator[str]:
    (title, read_and_practise) = parts.title_and_minutes(lesson)
    if entry.title != title:
        yield f"the heading says {entry.title!r}. Expected: {title!r}, as in the lesson."
    if entry.minutes != read_and_practise:
        yield f"the minutes are {entry.minutes}. Expected: {read_and_practise}, as in the lesson."
    for part in PARTS:
        if not entry.parts.get(part):
            yield f"nothing stands under **{part}**. Expected: text."
    if len(entry.prompts) < 2:
        yield f"{len(entry.prompts)} prompts to discuss. Expected: two or more."
    asked = parts.asked(lesson)
    known = texts.table("quiz")
    for item in entry.items:
        if item not in known or not item.startswith(entry.number):
            yield f"the item {item} is none of this lesson. Choose among {asked}."
    if missing := sorted(set(asked) - set(entry.items)):
        yield f"the misconceptions leave out {missing}. Expected: every item that the lesson asks."


def _skips(
    entry: Entry, lesson: page.Page, solution: page.Page, numbers: list[str]
) -> collections.abc.Iterator[str]:
    if tuple(entry.skips) != SESSIONS:
        yield f"the table Skip has rows for {list(entry.skips)} minutes. Expected: {list(SESSIONS)}."
    headings, tasks = parts.sections(lesson), parts.tasks(solution)
    for session, skip in entry.skips.items():
        for heading in skip.headings:
            if heading not in headings or heading in ALWAYS:
                yield (
                    f"in {session} minutes {heading!r} is left out. "
                    f"Choose among {[name for name in headings if name not in ALWAYS]}."
                )
        for task in skip.tasks:
            if task not in tasks:
                yield f"in {session} minutes {task} is left out. Choose among {list(tasks)}."
        if tasks and set(tasks) <= set(skip.tasks):
            yield f"in {session} minutes nothing is practised. Expected: one task at least."
        if skip.companion and (skip.companion == entry.number or skip.companion not in numbers):
            yield f"in {session} minutes lesson {skip.companion} follows. Choose another of {numbers}."
