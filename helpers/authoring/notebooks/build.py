"""`author build`: writes exercises from solutions, executes lessons and solutions, cleans them."""

import argparse
import collections.abc
import pathlib
import tempfile
import time

from helpers.authoring import rules
from helpers.authoring.notebooks import clean, course, execute, exercises, headings, page, parts
from helpers.authoring.rules import cells, register
import nbformat


class Overtaken(Exception):
    """A notebook has changed on disk while it was executed, so what was executed is no longer it."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of `author build` to a parser."""
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help="02, 02_save_and_load or a path; all if none is named"
    )
    parser.add_argument(
        "--check", action="store_true", help="write nothing; say what is out of date (seconds)"
    )
    parser.add_argument(
        "--run", action="store_true", help="with --check: execute too, and compare the outputs"
    )
    parser.add_argument(
        "--force", action="store_true", help="take new pictures even where the cell has not changed"
    )


def run(arguments: argparse.Namespace) -> int:
    """Run `author build`; returns 0, or 1 when something failed or is out of date."""
    whole = course.Course()
    try:
        stems = chosen(whole, arguments.names)
    except course.UnknownName as error:
        print(error)
        return 1
    if arguments.run and not arguments.check:
        print("--run belongs to --check; without --check everything is executed anyway.")
        return 1
    if arguments.check:
        # it uses this module

        return report(whole, stems, arguments.run)
    if headings.write(whole):
        print("helpers/core/words/headings.json: written")
    results = [build(whole, stem, arguments.force) for stem in stems]
    return 0 if all(results) else 1


def chosen(whole: course.Course, names: list[str]) -> list[str]:
    """The notebooks that the names mean, in the order of the course; all if there are no names.

    Raises:
        course.UnknownName: a name means none of them.
    """
    every = (*whole.extras, *whole.lessons)
    wanted = {course.choose(name, every) for name in names} or set(every)
    return [stem for stem in sorted(every) if stem in wanted]


def build(whole: course.Course, stem: str, force: bool) -> bool:
    """Build the notebooks of one lesson and say what was done; returns whether all went well.

    A notebook that fails stays on disk as it was; the others are built.
    """
    steps = [("notebooks", rebuild)]
    if stem in whole.lessons:
        steps += [("exercises", regenerate), ("solutions", rebuild)]
    well = True
    for folder, step in steps:
        path = whole.path(folder, stem)
        try:
            print(f"{folder}/{path.name}: {step(whole, path, force)}", flush=True)
        except (page.Unreadable, exercises.Unbalanced, execute.Failed, Overtaken) as error:
            print(f"{folder}/{path.name}: not written. {error}", flush=True)
            well = False
    return well


def regenerate(whole: course.Course, path: pathlib.Path, force: bool) -> str:
    """Write an exercise from its solution."""
    solution = page.read(whole.path("solutions", path.stem))
    return written(page.write(path, exercises.generate(solution.notebook)))


def rebuild(whole: course.Course, path: pathlib.Path, force: bool) -> str:
    """Execute and clean a notebook, and write it if anything has changed.

    Raises:
        page.Unreadable, execute.Failed, Overtaken: the file is as it was, or as someone else has saved it.
    """
    before = path.read_bytes() if path.exists() else b""
    old = page.read(path)
    started = time.perf_counter()
    new = executed(old, force)
    if path.read_bytes() != before:
        raise Overtaken("The file was saved by someone else while it was executed. Build it again.")
    return f"{written(page.write(path, new))}, {time.perf_counter() - started:.1f} s"


def executed(
    one: page.Page, force: bool = False, timeout: int = execute.CELL_TIMEOUT
) -> nbformat.NotebookNode:
    """The notebook as a build would write it: executed, cleaned, with the old pictures unless forced.

    `timeout` is in seconds, for each cell.

    Raises:
        execute.Failed: a cell did not run to its end.
    """
    with tempfile.TemporaryDirectory(prefix="course-") as folder:
        # Resolved, because that is how a kernel prints it.
        own = pathlib.Path(folder).resolve()
        new = clean.without_folder(
            clean.clean(execute.execute(one, own, timeout=timeout)), str(own), "scratch"
        )
    return new if force else clean.keep(new, one.notebook)


def written(changed: bool) -> str:
    """What to say about a file."""
    return "written" if changed else "unchanged"


# `author build --check`: says what is out of date, and in words what it has not looked at.


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
        new = page.Page(one.path, executed(one))
        for before, after in zip(parts.code_cells(one), parts.code_cells(new), strict=True):
            if cells.IGNORE not in parts.tags(before) and differ(before.outputs, after.outputs):
                yield register.Problem(
                    one.at(before),
                    f"the output of today's code is {shown(after.outputs)}",
                    f"the one in the file, {shown(before.outputs)}",
                    f"Run `uv run author build {one.stem}` if the new one is right.",
                )


def differ(before: list, after: list) -> bool:
    """Whether outputs differ in more than the bytes of pictures."""
    return [clean.without_pictures(one) for one in before] != [clean.without_pictures(one) for one in after]


def shown(outputs: list) -> str:
    """The beginning of what the outputs say."""
    texts = [output.get("text") or output.get("data", {}).get("text/plain", "") for output in outputs]
    return repr("".join(texts)[:120])
