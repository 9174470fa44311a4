"""The prose of the website's pages: what a page says in place of its notebook, and in another language.

A translation is a gettext catalogue such as `fr.po`, anywhere below `helpers`. Its messages are paragraphs,
headings, items of a list and rows of a table, without the signs of Markdown before them.
"""

import collections.abc
import functools
import pathlib
import re
import tomllib

from babel.messages import catalog, pofile
from helpers.authoring.notebooks import course, page, parts
from helpers.core import texts

INSTEAD = pathlib.Path(__file__).with_name("instead.toml")
BESIDE = ("solutions/README.md", ".github/CHANGELOG.md")
FENCE = re.compile(r"\s*(```|~~~)")
MARK = re.compile(r"\s*(#+ |[-*] |\d+\. |\| (?=\S))?")
RULE = re.compile(r"\|?[\s|:-]+\|?")
CODE = re.compile(r"`[^`]+`")
TARGET = re.compile(r"\]\(([^()\s]+)\)")


def for_site(source: str) -> str:
    """Markdown of a notebook as a page of the website says it."""
    for notebook, site in sentences():
        source = source.replace(notebook, site)
    return source


@functools.cache
def sentences() -> list[tuple[str, str]]:
    """What holds in a notebook alone, and what the website says in its place."""
    return [
        (one["notebook"], one["site"])
        for one in tomllib.loads(INSTEAD.read_text(encoding="utf-8"))["sentence"]
    ]


def catalogue(language: str) -> dict[str, str]:
    """The translations of a language by their English text, without those left empty or marked as unsure."""
    found = {}
    for path in sorted(texts.FOLDER.rglob(f"{language}.po")):
        with path.open("rb") as file:
            messages = pofile.read_po(file, locale=language)
        found |= {one.id: one.string for one in messages if one.id and one.string and not one.fuzzy}
    return found


def pages(whole: course.Course) -> dict[str, list[str]]:
    """The messages of each page of the website, by its place such as "notebooks/02_save_and_load.ipynb"."""
    found = {}
    for path in whole.expected():
        place = path.relative_to(whole.root).as_posix()
        if path.suffix == ".ipynb" and not place.startswith("solutions/"):
            cells = [cell for cell in parts.cells(page.read(path)) if cell.cell_type == "markdown"]
            found[place] = [words for cell in cells for words in messages(for_site(cell.source))]
    for place in BESIDE:
        found[place] = list(messages((whole.root / place).read_text(encoding="utf-8")))
    return found


def messages(source: str) -> collections.abc.Iterator[str]:
    """What a translator translates of some Markdown, in its order."""
    return (words for _, words in _pieces(source) if words)


def translated(source: str, known: dict[str, str]) -> str:
    """The same Markdown with each known message in its translation; headings keep their English address."""
    lines = []
    for mark, words in _pieces(source):
        said = known.get(words, words)
        if mark.startswith("##") and anchor(said) != anchor(words):
            lines += [f'<span id="{anchor(words)}"></span>', ""]
        lines.append(mark + said)
    return "\n".join(lines)


def anchor(heading: str) -> str:
    """The address of a heading inside of its page, as MyST makes it."""
    return re.sub(r"[^\w-]", "", heading.strip().lower().replace(" ", "-"))


def mistakes(language: str, whole: course.Course) -> list[str]:
    """Translations of what no page says any more, and those in which code or the target of a link differs."""
    there = {words for found in pages(whole).values() for words in found}
    lines = []
    for words, said in catalogue(language).items():
        shown = words if len(words) <= 60 else f"{words[:60]}..."
        if words not in there:
            lines.append(f"{language}.po: no page says {shown!r} any more.")
        for name, pattern in (("pieces of code", CODE), ("targets of links", TARGET)):
            here, english = sorted(pattern.findall(said)), sorted(pattern.findall(words))
            if here != english:
                lines.append(f"{language}.po: {shown!r} has the {name} {here}, English has {english}.")
    return lines


def gaps(language: str, whole: course.Course) -> dict[str, list[str]]:
    """For each page the messages that a language does not have; complete pages are left out."""
    known = catalogue(language)
    found = {name: [words for words in said if words not in known] for name, said in pages(whole).items()}
    return {name: missing for name, missing in found.items() if missing}


def write_gaps(language: str, whole: course.Course, path: pathlib.Path) -> int:
    """Write what is missing as a catalogue to fill in; returns the number of its messages.

    Raises:
        OSError: the file cannot be written.
        babel.UnknownLocaleError: there is no such language.
    """
    empty = catalog.Catalog(locale=language, project="Saved for Good")
    for place, missing in gaps(language, whole).items():
        for words in missing:
            empty.add(words, locations=[(place, None)])
    with path.open("wb") as file:
        pofile.write_po(file, empty, width=110, omit_header=False)
    return len(empty)


def _pieces(source: str) -> collections.abc.Iterator[tuple[str, str]]:
    """Markdown in lines and paragraphs: the sign at the beginning of each, and the message ("" for none)."""
    paragraph: list[str] = []
    fenced = False
    for line in [*source.split("\n"), ""]:
        fence = bool(FENCE.match(line))
        mark = MARK.match(line)[0]
        alone = fence or fenced or not line.strip() or mark.strip() or RULE.fullmatch(line)
        if paragraph and alone:
            first = MARK.match(paragraph[0])[0]
            yield first, "\n".join(paragraph).removeprefix(first)
            paragraph = []
        if fence or fenced or not line.strip() or RULE.fullmatch(line):
            yield line, ""
        else:
            paragraph.append(line)
        fenced ^= fence
