"""`author timing`: the clock of a session: what to do from minute to minute, and what to leave out."""

import argparse
import dataclasses
import math

from helpers.authoring.notebooks import course, page, parts
from helpers.authoring.teaching import guide

# Minutes. The start: everybody opens the page, and TensorFlow is imported for the first time.
START, SAY, DISCUSS, BUFFER = 5, 3, 5, 5
BREAKS = {120: 15, 90: 5}  # a break of so many minutes between lessons, in a session at least so long
ROOM = 1.4  # a room takes longer to run and look than one reader; an estimate, not measured
SHORTEST = 30


@dataclasses.dataclass(frozen=True)
class Step:
    """Some minutes of a session and what happens in them."""

    minutes: float
    what: str


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of `author timing` to a parser."""
    parser.add_argument(
        "names", nargs="*", metavar="LESSON", help="04 or 04_formats (default: a table of all)"
    )
    parser.add_argument(
        "--minutes",
        type=int,
        default=90,
        help="of the whole session, such as 45, 60, 90 or 180 (default: 90)",
    )


def run(arguments: argparse.Namespace) -> int:
    """Run `author timing`; returns 0, or 1 when a lesson is unknown."""
    whole = course.Course()
    try:
        chosen = list(dict.fromkeys(course.choose(name, whole.lessons) for name in arguments.names))
        print(printed(whole, chosen, arguments.minutes) if chosen else overview(whole))
    except (course.UnknownName, LookupError, page.Unreadable, TooShort) as error:
        print(error)
        return 1
    return 0


class TooShort(ValueError):
    """The lessons do not fit into the session; the text says what would."""


def overview(whole: course.Course) -> str:
    """A line for each lesson: the minutes to read it, to practise it, and both."""
    lines = ["lesson                                        read  practise  together"]
    for stem in whole.lessons:
        title, (read, practise) = parts.title_and_minutes(page.read(whole.path("notebooks", stem)))
        lines.append(f"{stem[:2]} · {title:<40} {read:>4}  {practise:>8}  {read + practise:>8}")
    return "\n".join(
        [*lines, "`author timing 02 04 --minutes 90` prints the clock of one session over both."]
    )


def printed(whole: course.Course, stems: list[str], session: int) -> str:
    """The clock of one session over these lessons, then what to say, to ask and to leave out of each."""
    one = plan(whole, stems, session)
    entries = [guide.of(stem[:2], whole) for stem in one.stems]
    lines = [f"{', '.join(f'{entry.number} · {entry.title}' for entry in entries)}, in {session} minutes", ""]
    clock = 0.0
    for step in one.steps:
        lines.append(f"{_time(clock)}  {step.what}")
        clock += step.minutes
    lines.append(f"{_time(clock)}  end")
    lines.append(f"A room is taken to need {ROOM} times a reader's minutes; that is an estimate.")
    for entry, cut in zip(entries, one.cuts, strict=True):
        left_out = ", ".join((*cut.headings, *cut.tasks)) or "nothing"
        lines += ["", f"Lesson {entry.number}"]
        lines += ["Say first: " + " ".join(entry.parts["Say first"].split())]
        lines += ["Discuss:", *(f"- {' '.join(prompt.split())}" for prompt in entry.prompts)]
        lines += [f"Left out: {left_out}"]
    return "\n".join(lines)


def summary(whole: course.Course, stems: list[str], session: int) -> str:
    """One line about a session: when each lesson, break and the end come."""
    one, clock, parts_of_it = plan(whole, stems, session), 0.0, []
    for step in one.steps:
        number, _, what = step.what.partition(": ")
        if what.startswith("say first"):
            parts_of_it.append(f"{_time(clock)} lesson {number}")
        elif step.what == "break":
            parts_of_it.append(f"{_time(clock)} break")
        clock += step.minutes
    return ", ".join([*parts_of_it, f"{_time(clock)} end"])


@dataclasses.dataclass(frozen=True)
class Plan:
    """The steps of a session; its minutes add up to the session's. A cut says what a lesson leaves out."""

    stems: list[str]
    steps: list[Step]
    cuts: list[guide.Skip]


def plan(whole: course.Course, stems: list[str], session: int) -> Plan:
    """Plan one session: a start, as much of each lesson as fits, breaks, time to talk, a buffer.

    Raises:
        TooShort: not even the shortest cut of the lessons fits.
    """
    if session < SHORTEST:
        raise TooShort(f"A session has at least {SHORTEST} minutes, and {session} were given.")
    pause = next((minutes for least, minutes in BREAKS.items() if session >= least), 0)
    fixed = START + BUFFER + pause * (len(stems) - 1) + DISCUSS * len(stems)
    cuts = [guide.Skip((), ()) for _ in stems]
    shorter = [_cuts(whole, stem) for stem in stems]
    lengths = [_minutes(whole, stem, cut) for stem, cut in zip(stems, cuts, strict=True)]
    while sum(lengths) + fixed > session:
        # The lesson that takes the most time is cut next, as long as it can be.
        able = [place for place, left in enumerate(shorter) if left]
        if not able:
            needed = math.ceil((sum(lengths) + fixed) / 5) * 5
            raise TooShort(
                f"{', '.join(stem[:2] for stem in stems)} cut as far as they go take {needed} minutes, "
                f"and the session has {session}. Choose fewer lessons or a longer session."
            )
        place = max(able, key=lengths.__getitem__)
        cuts[place] = shorter[place].pop(0)
        lengths[place] = _minutes(whole, stems[place], cuts[place])
    talk = DISCUSS + max(0.0, min(10.0, (session - sum(lengths) - fixed) / len(stems)))
    steps = [Step(START, "start: everybody opens the first page and runs its first cell")]
    for number, (stem, cut) in enumerate(zip(stems, cuts, strict=True)):
        steps += [Step(pause, "break")] * bool(number and pause)
        own = [*lesson_steps(whole, stem, cut), Step(talk, "discuss; ask the questions once more")]
        steps += [dataclasses.replace(step, what=f"{stem[:2]}: {step.what}") for step in own]
    steps.append(
        Step(session - sum(step.minutes for step in steps), "buffer: what took longer, open questions")
    )
    return Plan(stems, steps, cuts)


def _cuts(whole: course.Course, stem: str) -> list[guide.Skip]:
    """The cuts of a lesson, each shorter than the last: that of 45 minutes, then fewer tasks and sections."""
    first = guide.of(stem[:2], whole).skips[guide.SESSIONS[0]]
    lesson, solution = (page.read(whole.path(folder, stem)) for folder in ("notebooks", "solutions"))
    cuts = [guide.Skip(first.headings, first.tasks)]
    for task in [task for task in reversed(parts.tasks(solution)) if task not in first.tasks][:-1]:
        cuts.append(guide.Skip(cuts[-1].headings, (*cuts[-1].tasks, task)))
    headings = [one for one in parts.sections(lesson) if one and one not in (*first.headings, *guide.ALWAYS)]
    for heading in reversed(headings[2:]):  # the question's own experiment stands first, and stays
        cuts.append(guide.Skip((*cuts[-1].headings, heading), cuts[-1].tasks))
    return cuts


def _minutes(whole: course.Course, stem: str, cut: guide.Skip) -> float:
    return sum(step.minutes for step in lesson_steps(whole, stem, cut))


def lesson_steps(whole: course.Course, stem: str, skip: guide.Skip) -> list[Step]:
    """The steps of one lesson: what to say, its sections, its tasks; what is skipped is left out."""
    lesson, solution = (page.read(whole.path(folder, stem)) for folder in ("notebooks", "solutions"))
    read = {
        heading: minutes * ROOM
        for heading, minutes in parts.sections(lesson).items()
        if heading not in skip.headings
    }
    after = [heading for heading in ("Myths", "Key points", "If it breaks", "Read on") if heading in read]
    practise = [
        Step(minutes, f"exercise {number}: {title}")
        for number, (title, minutes) in parts.tasks(solution).items()
        if number not in skip.tasks
    ]
    before = [Step(minutes, heading) for heading, minutes in read.items() if heading not in after]
    closing = [Step(read[heading], heading) for heading in after]
    return [Step(SAY, "say first what stands below; predict, hands up, commit"), *before, *practise, *closing]


def _time(minutes: float) -> str:
    whole = round(minutes)
    return f"{whole // 60}:{whole % 60:02}"
