"""`author wheels`: a folder of wheels, made once, from which a class installs the course without the net."""

import argparse
import pathlib
import subprocess
import tempfile

from helpers.authoring import pinned, target, wheelhouse
import uv

ROOT = pathlib.Path(__file__).resolve().parents[2]
INSTALL = """\
    {venv} -m venv .venv
    {python} -m pip install --no-index --find-links "{folder}" --require-hashes -r requirements.txt
    {python} -m pip install --no-index --find-links "{folder}" --no-deps --editable .
    {course} --check
    {course}
"""
HOW_TO = """\
How to install the course without the net
=========================================

This folder holds every package of the course for:
{targets}

Copy the course folder to each machine, without .venv, uv.lock and scratch. Put this folder into it, under the
name `{folder}`. Then type, in the course folder:

Linux and macOS
{posix}
Windows
{windows}"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `author wheels` to a parser."""
    parser.add_argument("folder", type=pathlib.Path, help="where the wheels go; what is there is kept")
    parser.add_argument(
        "--machine", choices=target.MACHINES, help="for such machines (default: this one's kind)"
    )
    parser.add_argument("--python", choices=target.PYTHONS, help="for this Python (default: this one)")
    parser.add_argument("--verify", action="store_true", help="only say which wheels are missing or damaged")


def run(arguments: argparse.Namespace) -> int:
    """Run `author wheels`; return 0 when the folder is complete, else 1."""
    requirements = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    try:
        wanted = chosen(arguments.machine, arguments.python)
    except target.NoWheels as error:
        print(error)
        return 1
    if not arguments.verify:
        for command, text in downloads(arguments.folder, requirements, wanted):
            if fetch(command, text):
                print("The download stopped. Run the same command again: pip keeps what it has fetched.")
                return 1
        (arguments.folder / "HOW_TO_INSTALL.txt").write_text(
            how_to(arguments.folder, requirements), encoding="utf-8"
        )
    absent = wheelhouse.missing(arguments.folder, requirements, wanted)
    for pin in absent:
        print(f"{pin} is missing or damaged.")
    print(f"{arguments.folder} is {'not ' if absent else ''}complete for {wanted}.")
    return 1 if absent else 0


def chosen(machine: str | None, python: str | None) -> target.Target:
    """Return the target the options name; what they leave open is as on this machine."""
    if machine and python:
        return target.Target(machine, python)
    this = target.here()
    return target.Target(machine or this.machine, python or this.python)


def downloads(folder: pathlib.Path, requirements: str, wanted: target.Target) -> list[tuple[list[str], str]]:
    """Return the pip commands that fill the folder, each with the requirements text it reads from `-r`.

    pip evaluates markers for the machine it runs on; here this is done before, for the target. A package that
    is pinned twice, for older and newer releases of one Python, takes a second command.
    """
    pins, hashes = pinned.parse(requirements), pinned.hashes(requirements)
    commands, done = [], []
    for release in wanted.releases():
        needed = [pin for pin in wanted.needed(pins, release) if pin not in done]
        done += needed
        lines = [" ".join([f"{pin.name}{pin.specifier}", *hashes[pinned.text(pin)]]) for pin in needed]
        platforms = [f"--platform={tag}" for tag in wanted.platforms()]
        options = ["--no-deps", "--require-hashes", "--only-binary=:all:", "--implementation=cp", *platforms]
        command = ["pip", "download", *options, f"--python-version={release}", f"--dest={folder}"]
        if lines:
            commands.append((command, "\n".join(lines) + "\n"))
    return commands


def fetch(command: list[str], requirements: str) -> int:
    """Run one pip command; returns its exit code.

    A wheel that is already there is not fetched again; a damaged one is, because its hash is wrong.
    """
    with tempfile.TemporaryDirectory() as name:
        file = pathlib.Path(name) / "requirements.txt"
        file.write_text(requirements, encoding="utf-8")
        whole = [uv.find_uv_bin(), "tool", "run", *command, "-r", str(file)]
        try:
            return subprocess.run(whole, check=False).returncode
        except KeyboardInterrupt:
            return 1


def how_to(folder: pathlib.Path, requirements: str) -> str:
    """Return the text for the class: for which machines the folder is complete, and the exact commands."""
    wheels = wheelhouse.inventory(folder)
    machines = [target.Target(machine, python) for machine in target.MACHINES for python in target.PYTHONS]
    complete = [f"- {one}" for one in machines if not wheelhouse.lacking(wheels, requirements, one)]
    name = folder.resolve().name
    posix = {"venv": "python3", "python": ".venv/bin/python", "course": ".venv/bin/course"}
    windows = {"venv": "py", "python": r".venv\Scripts\python", "course": r".venv\Scripts\course"}
    return HOW_TO.format(
        targets="\n".join(complete) or "- no kind of machine yet: run `author wheels` again",
        folder=name,
        posix=INSTALL.format(folder=name, **posix),
        windows=INSTALL.format(folder=name, **windows),
    )
