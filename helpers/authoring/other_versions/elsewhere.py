"""The subcommand: makes the environment, runs claims and notebooks one after the other, writes the record."""

import argparse
import collections.abc
import contextlib
import json
import pathlib
import sys
import time
import tomllib

from helpers.authoring.notebooks import course
from helpers.authoring.other_versions import environment, record
from helpers.core import processes, scratch

RECORDS = pathlib.Path("tests", "authoring", "elsewhere")  # in the course
VERSIONS = """
import importlib.metadata, json, platform
found = {name: importlib.metadata.version(name) for name in ("tensorflow", "keras")}
print(json.dumps({"python": platform.python_version(), **found}))
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `author elsewhere` to a parser."""
    parser.add_argument(
        "tensorflow", nargs="?", help="such as 2.20; without it only the table is written anew"
    )
    parser.add_argument("--keras", help="such as 3.11 (default: the course's own, or the newest that fits)")
    here = ".".join(map(str, sys.version_info[:2]))
    parser.add_argument("--python", default=here, help=f"such as 3.12 (default: {here}, as here)")
    parser.add_argument("--folder", type=pathlib.Path, help="where the environment goes (default: scratch/)")


def run(arguments: argparse.Namespace) -> int:
    """Run `author elsewhere`; returns 1 if it was stopped or the environment cannot be made."""
    whole = course.Course()
    if arguments.tensorflow:
        try:
            written = record_version(whole, arguments)
        except environment.Unavailable as error:
            print(error)
            return 1
        except KeyboardInterrupt:
            print("\nStopped. The same command goes on where it was.")
            return 1
        print(f"Wrote {written.relative_to(whole.root).as_posix()}.")
    if record.write(whole.root, record.every(whole.root / RECORDS)):
        print(f"Wrote the table in {record.PAGE.as_posix()}.")
    return 0


def record_version(whole: course.Course, arguments: argparse.Namespace) -> pathlib.Path:
    """Make the environment, run in it what was not run yet, and write the record into the course.

    Raises:
        environment.Unavailable: the environment cannot be made.
        KeyboardInterrupt: it was stopped; what was found so far is kept.
    """
    started = time.monotonic()
    asked = "-".join(filter(None, [arguments.tensorflow, arguments.keras, f"python-{arguments.python}"]))
    folder = (arguments.folder or scratch.root() / "elsewhere").resolve() / asked
    folder.mkdir(parents=True, exist_ok=True)
    print(f"Environment in {folder} (about 3 GB; delete it when you need it no more)", flush=True)
    project = tomllib.loads((whole.root / "pyproject.toml").read_text(encoding="utf-8"))
    resolved = folder / "requirements.txt"
    environment.resolve(project, arguments.tensorflow, arguments.keras, arguments.python, resolved)
    interpreter = environment.install(resolved, arguments.python, folder / "environment")
    there = environment.There(interpreter, folder, whole.root)
    other = environment.relaxed(project, resolved.read_text(encoding="utf-8"))
    notebooks = [path for path in whole.expected() if path.parent.name != "exercises"]
    one = begun(there, other, record.state(whole, notebooks))
    print(" · ".join(f"{name} {version}" for name, version in one.versions.items()), flush=True)
    with kept(one, folder / "record.json"):
        run_claims(one, there)
        run_notebooks(one, there, notebooks)
    target = whole.root / RECORDS / one.name
    one.write(target)
    (folder / "record.json").unlink()  # the next run begins anew
    print(f"{(time.monotonic() - started) / 60:.0f} minutes", flush=True)
    return target


def begun(there: environment.There, other: dict[str, list[str]], state: str) -> record.Record:
    """The record of a run that was stopped, if nothing has changed since; else a new one."""
    said = processes.run_program(there.interpreter, "-c", VERSIONS, check=True)
    new = record.Record(json.loads(said.stdout), time.strftime("%Y-%m"), other, state=state)
    path = there.folder / "record.json"
    if path.exists():
        old = record.read(path)
        if (old.versions, old.packages, old.state) == (new.versions, new.packages, new.state):
            print(f"Going on: {len(old.claims)} claims and {len(old.notebooks)} notebooks are done.")
            return old
    return new


@contextlib.contextmanager
def kept(one: record.Record, path: pathlib.Path) -> collections.abc.Iterator[None]:
    """Keep what was found so far, however the run ends."""
    try:
        yield
    finally:
        one.write(path)


def run_claims(one: record.Record, there: environment.There) -> None:
    """Try all claims in one process, unless that was done; a line for each that has another verdict."""
    if one.claims:
        return
    print("claims ...", flush=True)
    started, found = time.monotonic(), []
    for line in there.answers("tests.claims.trial"):
        found.append(json.loads(line))
        found[-1]["there"] = there.without_places(found[-1]["there"])
        if found[-1]["course"] != found[-1]["there"]:
            print("  {claim}: {course} in the course, here {there}".format(**found[-1]), flush=True)
        if len(found) % 20 == 0:
            print(f"  {len(found)} tried{since(started)}", flush=True)
    for tried in found:  # only now: after a stop, some would count as all
        one.add_claim(tried)
    print(f"  {len(found)} tried, {len(one.changed())} differ{since(started)}", flush=True)


def run_notebooks(one: record.Record, there: environment.There, notebooks: list[pathlib.Path]) -> None:
    """Run each notebook that was not run yet in a process of its own."""
    for number, path in enumerate(notebooks, start=1):
        place = path.relative_to(there.root).as_posix()
        if place in one.notebooks:
            continue
        print(f"{number:2} of {len(notebooks)}  {place:<45} ", end="", flush=True)
        started = time.monotonic()
        lines = list(there.answers("helpers.authoring.other_versions.run_notebook", str(path)))
        found = (
            json.loads(lines[-1]) if lines else {"stops": "the start: its process ended without an answer"}
        )
        if "stops" in found:
            found["stops"] = there.without_places(found["stops"])
        one.notebooks[place] = found
        one.write(there.folder / "record.json")
        print(f"{record.outcome(found)}{since(started)}", flush=True)


def since(started: float) -> str:
    """The seconds that have passed, at the end of a line."""
    return f" · {time.monotonic() - started:.0f} s"
