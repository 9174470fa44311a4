"""`author timing`: the clock of a session: what to do from minute to minute, and what to leave out."""

import argparse
import dataclasses

from helpers.authoring.notebooks import course, page, parts
from helpers.authoring.teaching import guide

SAY, DISCUSS, BREAK = 3, 5, 15  # minutes; what is left over is for discussion
ROOM = 1.4  # a room takes longer to run and look than one reader; an estimate, not measured
FOLLOWING = 90  # minutes of the lesson after the break


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
        "--minutes", type=int, choices=guide.SESSIONS, default=90, help="of the session (default: 90)"
    )


def run(arguments: argparse.Namespace) -> int:
    """Run `author timing`; returns 0, or 1 when a lesson is unknown."""
    whole = course.Course()
    try:
        chosen = [course.choose(name, whole.lessons) for name in arguments.names]
        texts = [printed(whole, stem, arguments.minutes) for stem in chosen] or [overview(whole)]
    except (course.UnknownName, LookupError, page.Unreadable) as error:
        print(error)
        return 1
    print("\n\n".join(texts))
    return 0


def overview(whole: course.Course) -> str:
    """A line for each lesson: the minutes to read it, to practise it, and both."""
    lines = ["lesson                                        read  practise  together"]
    for stem in whole.lessons:
        title, (read, practise) = parts.title_and_minutes(page.read(whole.path("notebooks", stem)))
        lines.append(f"{stem[:2]} · {title:<40} {read:>4}  {practise:>8}  {read + practise:>8}")
    return "\n".join(
        [*lines, "`author timing 04 --minutes 45` prints the clock of a session (45, 90 or 180)."]
    )


def printed(whole: course.Course, stem: str, session: int) -> str:
    """The clock of one session, with what to say, to ask and to leave out."""
    entry = guide.of(stem[:2], whole)
    lines = [f"{entry.number} · {entry.title}, in {session} minutes", ""]
    clock = 0.0
    for step in steps(whole, stem, session):
        lines.append(f"{_time(clock)}  {step.what}")
        clock += step.minutes
    lines += [f"{_time(clock)}  end", "", "Say first: " + " ".join(entry.parts["Say first"].split())]
    lines += ["", "Discuss:", *(f"- {' '.join(prompt.split())}" for prompt in entry.prompts)]
    skip = entry.skips[session]
    left_out = ", ".join((*skip.headings, *skip.tasks)) or "nothing"
    return "\n".join([*lines, "", f"Left out: {left_out}"])


def steps(whole: course.Course, stem: str, session: int) -> list[Step]:
    """What a session consists of; its minutes add up to the session's, unless the parts need more."""
    skip = guide.of(stem[:2], whole).skips[session]
    first, second = lesson_steps(whole, stem, skip), []
    if skip.companion:
        following = course.choose(skip.companion, whole.lessons)
        second = lesson_steps(whole, following, guide.of(skip.companion, whole).skips[FOLLOWING])
        second = [dataclasses.replace(step, what=f"{skip.companion}: {step.what}") for step in second]
        second = [Step(BREAK, "break"), *second]
    rest = session - sum(step.minutes for step in [*first, *second])
    talk = Step(max(DISCUSS, rest / (2 if second else 1)), "discuss; ask the questions once more")
    return [*first, talk, *second, talk] if second else [*first, talk]


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
