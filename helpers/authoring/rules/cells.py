"""Rules on single cells of the lessons: their length, and that no code needs the net."""

import collections
import collections.abc
import re

from helpers.authoring.notebooks import exercises, markdown, metadata, page, parts
from helpers.authoring.rules import register
import nbformat

Problems = collections.abc.Iterator[register.Problem]

CODE_LINES, SET_UP_LINES, MODULE_LINES = 12, 16, 20
WORDS = 60
NETWORK = {
    # This machine is no network: a lesson may ask a server that it has started itself, with httpx.
    r"https?://(?!(?:127\.0\.0\.1|localhost)(?![\w.-]))\S*": "an address",
    r"\burllib\.request\b": "urllib",
    r"^\s*(?:import|from)\s+(?:urllib|requests)\b": "a library that asks the net",
    r"\b(?:pip|conda|apt-get|apt) install\b": "an installation",
    r"^\s*[!%]\s*(?:pip|conda|curl|wget)\b": "a command that asks the net",
    r"\bget_file\b": "a download",
    r"\bkeras\.datasets\b": "a data set that is downloaded",
    r"\bkeras\.applications\b(?![^\n]*weights\s*=\s*None)": "weights that are downloaded",
}


@register.for_pages("lesson", "extra")
def code_is_short(one: page.Page) -> Problems:
    """A code cell has at most 12 lines that are not blank; the set-up 16, a module that it writes 20."""
    for cell in parts.code_cells(one):
        lines = sum(bool(line.strip()) for line in cell.source.splitlines())
        most = SET_UP_LINES if cell.get("id") == "set-up" else CODE_LINES
        most = MODULE_LINES if cell.source.startswith("%%writefile") else most
        if lines > most:
            yield register.Problem(
                one.at(cell),
                f"{lines} lines of code",
                f"at most {most}",
                "Split the cell: one idea each.",
            )


@register.for_pages("lesson")
def text_is_short(one: page.Page) -> Problems:
    """A Markdown cell between the set-up and "Key points" has at most 60 words."""
    for cell in parts.taught(one):
        if cell.cell_type == "markdown" and (count := markdown.words(cell.source)) > WORDS:
            yield register.Problem(
                one.at(cell),
                f"{count} words",
                f"at most {WORDS}",
                "Cut it, or let a cell show part of it.",
            )


@register.for_pages()
def code_needs_no_network(one: page.Page) -> Problems:
    """No code cell asks anything of the net."""
    for cell in parts.code_cells(one):
        for pattern, meaning in NETWORK.items():
            if match := re.search(pattern, cell.source, re.MULTILINE):
                yield register.Problem(
                    one.at(cell),
                    f"{meaning}: {match[0].strip()!r}",
                    "code that runs without the net",
                    "Use the data and files of the project.",
                )


# Rules on what a notebook and its cells are called, and on what the file keeps beside them.


NAME_WORDS = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
RANDOM = re.compile(r"[0-9a-f]{8}")
UNCOMPARED_IDS = ("set-up", "machine-", "timing-")
IGNORE = "nbval-ignore-output"
# Marks and tags by which nbval or nbclient skip a cell, leave it uncompared or let it fail.
MARKS = re.compile(r"^\s*#\s*(PYTEST_VALIDATE_IGNORE_OUTPUT|NBVAL_[A-Z_]+)\s*$", re.MULTILINE)
TAGS = re.compile(r"nbval-.*|raises-exception|skip-execution|pytest-validate-ignore-output")


@register.for_pages()
def ids_are_words(one: page.Page) -> Problems:
    """Each cell has its own id of lower-case words, such as save-keras."""
    for cell in parts.cells(one):
        identifier = cell.get("id", "")
        if not NAME_WORDS.fullmatch(identifier) or RANDOM.fullmatch(identifier):
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
    """The format is 4.5; the metadata are kernel python3, language python, and the tags of cells.

    With the state of widgets in the file, the page without a kernel would stay blank.
    """
    found = f"{one.notebook.nbformat}.{one.notebook.nbformat_minor}"
    if found != "4.5":  # the first in which cells have ids
        yield register.Problem(one.place, f"format {found}", "format 4.5", "Run `uv run author build`.")
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


@register.for_pages()
def solutions_are_marked(one: page.Page) -> Problems:
    """The tag `solution` stands on Markdown cells of solutions, the solution marks in code of solutions."""
    for cell in parts.cells(one):
        tagged = exercises.SOLUTION_TAG in parts.tags(cell)
        marked = exercises.BEGIN in cell.source or exercises.END in cell.source
        if one.kind != "solution" and (tagged or marked):
            yield register.Problem(
                one.at(cell),
                "a solution tag or mark",
                "none outside solutions/",
                "Remove it, or build the exercise.",
            )
        elif tagged and cell.cell_type == "code":
            yield register.Problem(
                one.at(cell),
                "the tag solution on a code cell",
                "the tag on Markdown cells only",
                "Use the marks in code.",
            )


# The rule on pictures: each says in words what it shows.


SHORTEST = 20  # characters


@register.for_pages()
def pictures_have_alt_text(one: page.Page) -> Problems:
    """Every picture has an alternative text; a figure's is the output's plain text too."""
    for cell in parts.cells(one):
        for shown, alt, plain in _pictures(cell):
            if len(alt.strip()) < SHORTEST:
                yield register.Problem(
                    one.at(cell),
                    f"{shown} with the text {alt!r}",
                    f"an alternative text of at least {SHORTEST} characters",
                    'Say what it shows; a figure by figures.show(figure, alt="...").',
                )
            elif plain.strip() != alt.strip():
                yield register.Problem(
                    one.at(cell),
                    f"the plain text {plain[:60]!r} beside the picture",
                    "the alternative text, for readers without pictures",
                    'Show the figure with figures.show(figure, alt="...").',
                )


def _pictures(cell: nbformat.NotebookNode) -> collections.abc.Iterator[tuple[str, str, str]]:
    """What each picture is, its alternative text, and the text shown where there are no pictures."""
    texts = [markdown.rendered(cell.source)] if cell.cell_type == "markdown" else []
    for output in cell.get("outputs", []):
        data = output.get("data", {})
        for kind in [kind for kind in data if kind.startswith("image/")]:
            alt = output.metadata.get(kind, {}).get("alt", "")
            yield f"an {kind} output", alt, data.get("text/plain", "")
        texts.append(markdown.html(data.get("text/html", "")))
    for text in texts:
        for source, alt in markdown.pictures(text):
            yield f"the picture {source[:60]}", alt, alt
