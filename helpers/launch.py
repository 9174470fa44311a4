"""The command `course`: opens JupyterLab on the start page of the course.

Old versions of Python must be able to read this file, so that they can be told what is wrong with them.
"""

from __future__ import annotations

import argparse
import sys

OLDEST, NEWEST = (3, 11), (3, 13)
EPILOG = "Every other option goes to JupyterLab, such as --no-browser; `jupyter lab --help` lists them."


def main(arguments: list[str] | None = None) -> int:
    """Open JupyterLab, or do what an option of ours asks for. Returns the exit code."""
    try:
        code = _chosen(arguments)
        sys.stdout.flush()
        return code
    except BrokenPipeError:  # who reads what is printed, such as `head`, has seen enough
        import os

        # Python flushes the stream once more when it ends, and would complain then.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _chosen(arguments: list[str] | None) -> int:
    parser = argparse.ArgumentParser(
        "course", description=__doc__.splitlines()[0], epilog=EPILOG, allow_abbrev=False
    )
    parser.add_argument("--check", action="store_true", help="check this machine, and open nothing")
    parser.add_argument(
        "--reset",
        metavar="NAME",
        help="put a lesson and its exercise back to their start, such as 02; your versions are kept aside",
    )
    parser.add_argument("--inspect", metavar="PATH", help="say what is in a saved model, without loading it")
    parser.add_argument(
        "--round-trip",
        metavar="PATH",
        help="load a model of yours in a new process, save it, load it anew, compare answers; "
        "a load runs what the file contains, so give files of your own",
    )
    parser.add_argument(
        "--golden",
        metavar="NPZ",
        help="with --round-trip: inputs and answers to compare with, as lesson 02 writes them",
    )
    parser.add_argument(
        "--trust",
        action="store_true",
        help="with --round-trip: load lambdas too, and exports that write files",
    )
    parser.add_argument(
        "--memory", metavar="GB", type=float, help="with --round-trip: how much memory the model may take"
    )
    parser.add_argument(
        "--import",
        metavar="MODULE",
        dest="modules",
        action="append",
        default=[],
        help="with --round-trip: a module that defines classes of the model",
    )
    parser.add_argument(
        "--serve",
        metavar="STORE",
        help="answer requests from a folder of numbered SavedModels; --name, --host and --port go with it",
    )
    parser.add_argument(
        "--break",
        metavar="N",
        dest="flips",
        nargs="?",
        type=int,
        const=150,
        help="repeat the large run of lesson 09: N flipped bits in each format (150), cuts and kills",
    )
    parser.add_argument(
        "--clinic", action="store_true", help="say what an error means: `course --clinic < error.txt`"
    )
    chosen, others = parser.parse_known_args(arguments)
    complaint = python_complaint(sys.version_info)
    if complaint:
        print(complaint, file=sys.stderr)
        return 1
    try:
        # Imported only now: an old version of Python cannot read them, and each takes its time.
        from helpers.core import terminal

        terminal.printable_anywhere()
        if chosen.check:
            from helpers import machine

            return terminal.to_the_end(machine.main)
        if chosen.reset:
            from helpers.authoring.notebooks import exercises

            return exercises.reset(chosen.reset)
        if chosen.inspect is not None:
            from helpers.tools import anatomy

            return terminal.to_the_end(lambda: anatomy.main([chosen.inspect]))
        if chosen.round_trip is not None:
            from helpers.tools import round_trip_command

            return round_trip_command.main(
                chosen.round_trip, chosen.modules, chosen.golden, chosen.trust, chosen.memory
            )
        if chosen.serve is not None:
            from helpers.tools import serve_command

            return serve_command.main(chosen.serve, others)
        if chosen.flips is not None:
            from helpers.lessons.lesson_09 import large_run

            return large_run.main(chosen.flips)
        if chosen.clinic:
            from helpers.tools.clinic import asking as clinic

            return terminal.to_the_end(clinic.main)
        import contextlib

        from helpers.authoring.notebooks import course, exercises
        from helpers.core import errors, jupyterlab

        # Where nothing can be written, the set-up cell of every page says so.
        with contextlib.suppress(errors.Stop, OSError):
            exercises.remember(course.Course())
        return jupyterlab.main(others)
    except ModuleNotFoundError as error:
        print(missing(str(error)), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 0


def python_complaint(version: tuple) -> str:
    """Return a sentence when the course does not run on this version of Python, else ""."""
    if OLDEST <= tuple(version[:2]) <= NEWEST:
        return ""
    seen, oldest, newest = (".".join(map(str, numbers[:2])) for numbers in (version, OLDEST, NEWEST))
    return (
        f"This is Python {seen} ({sys.executable}); the course needs Python {oldest} to {newest}, "
        "the versions TensorFlow is made for. "
        "Run `pip install uv && uv run course`: uv finds or downloads one that fits."
    )


def missing(seen: str) -> str:
    """Return the sentence for a Python in which what the course needs is not installed, or does not work."""
    return (
        f"{seen} (in {sys.executable}). The course needs its packages there. Run `uv run course`, "
        "or install them with `pip install --require-hashes -r requirements.txt`."
    )
