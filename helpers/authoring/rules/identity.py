"""Rules on what a notebook and its cells are called, and on what the file keeps beside them."""

import collections
import collections.abc
import re

from helpers.authoring import exercises, metadata, page
from helpers.authoring.rules import parts, register

Problems = collections.abc.Iterator[register.Problem]

WORDS = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
RANDOM = re.compile(r"[0-9a-f]{8}")
UNCOMPARED_IDS = ("set-up", "machine-", "timing-")
IGNORE = "nbval-ignore-output"
# Marks and tags by which nbval or nbclient skip a cell, leave it uncompared or let it fail.
MARKS = re.compile(r"^\s*#\s*(PYTEST_VALIDATE_IGNORE_OUTPUT|NBVAL_[A-Z_]+)\s*$", re.MULTILINE)
TAGS = re.compile(r"nbval-.*|raises-exception|skip-execution|pytest-validate-ignore-output")


@register.for_pages()
def format_is_4_5(one: page.Page) -> Problems:
    """Notebooks have format 4.5, the first in which cells have ids."""
    found = f"{one.notebook.nbformat}.{one.notebook.nbformat_minor}"
    if found != "4.5":
        yield register.Problem(one.place, f"format {found}", "format 4.5", "Run `uv run author build`.")


@register.for_pages()
def ids_are_words(one: page.Page) -> Problems:
    """Each cell has its own id of lower-case words, such as save-keras."""
    for cell in parts.cells(one):
        identifier = cell.get("id", "")
        if not WORDS.fullmatch(identifier) or RANDOM.fullmatch(identifier):
            yield register.Problem(
                one.at(cell),
                f"the cell id is {identifier!r}",
                "words with hyphens, such as save-keras, and not a random id",
                f"Name the cell by what it shows; it begins {cell.source[:40]!r}.",
            )
    counts = collections.Counter(cell.get("id") for cell in parts.cells(one))
    for identifier in [identifier for identifier, count in counts.items() if count > 1]:
        yield register.Problem(
            f"{one.place}#{identifier}",
            f"{counts[identifier]} cells have this id",
            "one",
            "Rename the others.",
        )


@register.for_pages()
def metadata_is_bare(one: page.Page) -> Problems:
    """The metadata are the kernel python3, the language python, and the tags of cells."""
    bare = metadata.bare(one.notebook)
    if one.notebook.metadata != bare.metadata:
        yield register.Problem(
            one.place,
            f"notebook metadata {dict(one.notebook.metadata)!r:.200}",
            "the kernelspec python3 and the language's name only",
            "Run `uv run author build`.",
        )
    for cell, copied in zip(parts.cells(one), bare.cells, strict=True):
        if cell.metadata != copied.metadata:
            extra = ", ".join(sorted(set(cell.metadata) - {"tags"})) or "an empty list of tags"
            yield register.Problem(
                one.at(cell),
                f"cell metadata {extra}",
                "tags only",
                "Run `uv run author build`.",
            )


@register.for_pages()
def comparison_is_only_off_where_allowed(one: page.Page) -> Problems:
    """Only set-up, machine and timing cells may go uncompared, by the tag; nothing is skipped or may fail."""
    for cell in parts.cells(one):
        marks = MARKS.findall(cell.source) if cell.cell_type == "code" else []
        for tag in marks + [tag for tag in parts.tags(cell) if TAGS.fullmatch(tag)]:
            if tag != IGNORE or not cell.get("id", "").startswith(UNCOMPARED_IDS):
                yield register.Problem(
                    one.at(cell),
                    f"{tag!r} on this cell",
                    f"only the tag {IGNORE}, on cells whose id starts with {', '.join(UNCOMPARED_IDS)}",
                    "Print what is the same on every machine, or catch the error and print its first line.",
                )


@register.for_pages()
def print_tags_are_known(one: page.Page) -> Problems:
    """A tag that begins with `print-` is one that `author print` obeys."""
    for cell in parts.cells(one):
        for tag in parts.tags(cell):
            if tag.startswith("print-") and tag not in metadata.PRINT_TAGS:
                yield register.Problem(
                    one.at(cell),
                    f"the tag {tag!r}",
                    f"one of {', '.join(metadata.PRINT_TAGS)}",
                    "Correct it.",
                )


@register.for_pages("lesson", "extra", "exercise")
def solution_tag_is_for_solutions(one: page.Page) -> Problems:
    """The tag `solution` and the solution marks stand in solutions only."""
    for cell in parts.cells(one):
        if (
            exercises.SOLUTION_TAG in parts.tags(cell)
            or exercises.BEGIN in cell.source
            or exercises.END in cell.source
        ):
            yield register.Problem(
                one.at(cell),
                "a solution tag or mark",
                "none outside solutions/",
                "Remove it, or build the exercise.",
            )
