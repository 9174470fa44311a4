"""`author build`: writes exercises from solutions, executes lessons and solutions, cleans them."""

import argparse
import pathlib
import tempfile
import time

from helpers.authoring import clean, course, execute, exercises, page, pictures, places
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
        from helpers.authoring import freshness  # it uses this module

        return freshness.report(whole, stems, arguments.run)
    if places.write(whole):
        print("helpers/data/headings.json: written")
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
    return new if force else pictures.keep(new, one.notebook)


def written(changed: bool) -> str:
    """What to say about a file."""
    return "written" if changed else "unchanged"
