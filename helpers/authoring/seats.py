"""`author seats`: how much memory so many learners take on this machine, all at work at once."""

import argparse

from helpers.authoring import course, page
from helpers.authoring.measure import room

ROOMS = (30, 300)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `author seats` to a parser."""
    parser.add_argument("number", type=int, nargs="?", default=10, help="kernels at once (default: 10)")
    parser.add_argument("--lesson", default="02", help="the lesson that all of them run (default: 02)")


def run(arguments: argparse.Namespace) -> int:
    """Run `author seats`; returns 0, or 1 when a kernel or the server fails."""
    whole = course.Course()
    if arguments.number < 1:
        print(f"{arguments.number} kernels tell nothing. Choose 1 or more.")
        return 1
    try:
        stem = course.choose(arguments.lesson, whole.lessons)
        print(f"Starting {arguments.number} kernels that run lesson {stem[:2]} at once; this takes minutes.")
        seats = room.measure(arguments.number, page.read(whole.path("notebooks", stem)))
    except (course.UnknownName, page.Unreadable, room.Failed) as error:
        print(error)
        return 1
    print(text(seats))
    return 0


def text(seats: room.Seats) -> str:
    """What was measured, and what follows for a room on one server."""
    lines = [
        _line("TensorFlow loaded", seats.loaded),
        _line("lesson finished", seats.finished),
        f"JupyterLab's server: {seats.server.private:.0f} MB its own, {seats.server.resident:.0f} MB in all.",
    ]
    for number in ROOMS:
        lines.append(f"{number} learners on one server: about {gigabytes(seats, number):.0f} GB.")
    return "\n".join([*lines, f"Measured in {seats.seconds:.0f} seconds by psutil (USS and PSS)."])


def gigabytes(seats: room.Seats, learners: int) -> float:
    """Memory for so many learners, each with a server and one kernel: what is shared counts once."""
    each = mean([taken.private for taken in seats.finished]) + seats.server.private
    return (shared(seats.finished) + learners * each) / 1000


def shared(kernels: list[room.Taken]) -> float:
    """Megabytes that the kernels have in common: all their shares without what is private."""
    return sum(taken.share - taken.private for taken in kernels)


def mean(values: list[float]) -> float:
    """The mean of some numbers."""
    return sum(values) / len(values)


def _line(what: str, kernels: list[room.Taken]) -> str:
    private, share, resident = (
        [getattr(taken, name) for taken in kernels] for name in ("private", "share", "resident")
    )
    return (
        f"{what}: {mean(private):.0f} MB a learner of its own (the largest {max(private):.0f}), "
        f"{mean(share):.0f} MB with its share of what all use, {mean(resident):.0f} MB mapped; "
        f"{shared(kernels):.0f} MB are shared by all {len(kernels)}."
    )
