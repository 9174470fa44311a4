"""`author build --check`: says what is out of date, and in words what it has not looked at."""

import collections.abc

from helpers.authoring import build, course, execute, page, pictures, rules
from helpers.authoring.rules import identity, parts, register

NOT_EXECUTED = (
    "Not checked: whether today's code still prints the outputs in the files. "
    "`uv run author build --check --run` executes everything and compares, as `uv run pytest` does."
)


def report(whole: course.Course, stems: list[str], run: bool) -> int:
    """Print every problem; returns 1 if there is one, else 0."""
    count = 0
    for problem in problems(whole, stems, run):
        print(problem, flush=True)
        count += 1
    print(f"{count} problem{'' if count == 1 else 's'}." if count else "Up to date: every rule holds.")
    if not run:
        print(NOT_EXECUTED)
    return 1 if count else 0


def problems(
    whole: course.Course, stems: list[str], run: bool
) -> collections.abc.Iterator[register.Problem | str]:
    """The problems of the chosen notebooks, and those of the folders that concern them."""
    everything = set(stems) == {*whole.lessons, *whole.extras}
    unreadable = False
    for path in whole.found():
        if path.stem in stems:
            try:
                yield from of_notebook(page.read(path), run)
            except (page.Unreadable, execute.Failed) as error:
                unreadable |= isinstance(error, page.Unreadable)
                yield str(error)
    if unreadable:
        yield "The folders were not compared: a notebook in them cannot be read."
        return
    for problem in rules.check_course(whole):
        if everything or any(stem in problem.place for stem in stems):
            yield problem


def of_notebook(one: page.Page, run: bool) -> collections.abc.Iterator[register.Problem]:
    """What the rules find in one notebook and, if it is to be executed, the outputs that have changed."""
    yield from rules.check_page(one)
    if run and one.kind != "exercise":
        new = page.Page(one.path, build.executed(one))
        for before, after in zip(parts.code_cells(one), parts.code_cells(new), strict=True):
            if identity.IGNORE not in parts.tags(before) and differ(before.outputs, after.outputs):
                yield register.Problem(
                    one.at(before),
                    f"the output of today's code is {shown(after.outputs)}",
                    f"the one in the file, {shown(before.outputs)}",
                    f"Run `uv run author build {one.stem}` if the new one is right.",
                )


def differ(before: list, after: list) -> bool:
    """Whether outputs differ in more than the bytes of pictures."""
    return [pictures.without_pictures(one) for one in before] != [
        pictures.without_pictures(one) for one in after
    ]


def shown(outputs: list) -> str:
    """The beginning of what the outputs say."""
    texts = [output.get("text") or output.get("data", {}).get("text/plain", "") for output in outputs]
    return repr("".join(texts)[:120])
