"""The command `author`: what the people who write the course run."""

import argparse
import contextlib
import importlib
import os
import sys

from helpers.core import errors, scratch, terminal

SUBCOMMANDS = {
    "timing": "print the clock of a session: what to do from minute to minute",
    "build": "write exercises from solutions, execute lessons and solutions, clean them",
    "slides": "write a lesson as slides, one file that needs no net",
    "handout": "write what a learner gets on paper, one sheet a lesson, and the key to it",
    "room": "draw what a room answered, before and after, from its progress files",
    "assignment": "write the exercises of a lesson as an assignment for nbgrader",
    "blank": "write the pages for a class: no outputs, and answers withheld if wished",
    "questions": "write the questions for Moodle (GIFT), as QTI, or as a quiz on paper with a key",
    "site": "write the course as a website, a folder for any host",
    "seats": "measure what so many learners take of this machine's memory at once",
    "print": "write a lesson or the cheat sheet as a page to print",
    "benchmark": "measure this machine: lessons, test suite, %%fresh, environment, memory",
    "load": "measure how many requests a second the service answers, with 1, 8 and 32 clients",
    "elsewhere": "run claims and lessons on another TensorFlow, and write down what differs",
    "gaps": "list what a translation lacks, and what is wrong in it",
    "pins": "write every file that names exact versions",
    "capsules": "have other versions of TensorFlow write the files of lesson 11 anew",
    "backends": "have JAX and PyTorch read the files of TensorFlow, and the other way, for lesson 17",
    "wheels": "make the folder of wheels for a class without the net",
}
MODULES = {
    "build": "notebooks.build",
    "timing": "teaching.timing",
    "slides": "teaching.slides",
    "handout": "teaching.handout",
    "room": "teaching.predictions",
    "assignment": "teaching.assignment",
    "blank": "teaching.blank",
    "questions": "teaching.questions",
    "site": "site.command",
    "seats": "teaching.seats",
    "print": "teaching.printing",
    "benchmark": "measure.benchmark",
    "load": "measure.service_load",
    "elsewhere": "other_versions.elsewhere",
    "capsules": "other_versions.capsule_builder",
    "backends": "other_versions.backends",
    "gaps": "release.translation",
    "pins": "release.exact_versions",
    "wheels": "release.wheels",
}


def main(arguments: list[str] | None = None) -> int:
    """Run one subcommand; returns its exit code."""
    terminal.printable_anywhere()
    with contextlib.suppress(errors.Stop):  # what needs a scratch folder says so itself
        os.environ.update(scratch.usable_home())
    given = sys.argv[1:] if arguments is None else arguments
    parser = argparse.ArgumentParser("author", description=__doc__)
    choices = parser.add_subparsers(required=True, metavar="SUBCOMMAND")
    for name, text in SUBCOMMANDS.items():
        one = choices.add_parser(
            name, help=text.replace("%", "%%"), description=f"{text[0].upper()}{text[1:]}.".replace("%", "%%")
        )
        # Only the chosen one is imported: each needs other libraries, and some take a second.
        if given[:1] == [name]:
            module = importlib.import_module(f"helpers.authoring.{MODULES[name]}")
            module.add_arguments(one)
            one.set_defaults(subcommand=module.run)
    chosen = parser.parse_args(given)
    return terminal.to_the_end(lambda: chosen.subcommand(chosen))
