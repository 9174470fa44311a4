"""The rule on links inside the course: the file is there, and so is the heading."""

import collections.abc
import pathlib
import re
import urllib.parse

from helpers.authoring import markdown, page
from helpers.authoring.rules import parts, register

OUTSIDE = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)  # https:, mailto:, attachment:, data:


@register.for_pages()
def links_resolve(one: page.Page) -> collections.abc.Iterator[register.Problem]:
    """A relative link or picture names a file that exists, and after # a heading or cell in it."""
    for cell in parts.cells(one):
        if cell.cell_type != "markdown":
            continue
        pictures = [source for source, _ in markdown.pictures(markdown.rendered(cell.source))]
        for link in markdown.links(cell.source) + pictures:
            if not OUTSIDE.match(link) and (seen := broken(one, link)):
                yield register.Problem(
                    one.at(cell),
                    f"the link {link}: {seen}",
                    "a file and a heading that exist",
                    "Correct the link.",
                )


def broken(one: page.Page, link: str) -> str:
    """What is wrong with a relative link, or nothing."""
    name, _, anchor = urllib.parse.unquote(link).partition("#")
    if name.startswith("/"):
        return "it is absolute"
    target = one.path.parent / name if name else one.path
    if not target.exists():
        return f"there is no {name}"
    # The name is compared too: a file system that ignores case would find what others do not.
    if name and target.name not in {entry.name for entry in target.parent.iterdir()} | {
        "..",
        ".",
    }:
        return f"there is no {name} in this spelling"
    if anchor and target.suffix == ".ipynb":
        there = one if not name else page.read(pathlib.Path(target))
        if anchor not in anchors(there):
            return f"there is no heading for #{anchor}"
    return ""


def anchors(one: page.Page) -> set[str]:
    """What may follow #, the way JupyterLab names it: a heading with hyphens for spaces, or cell-id=name."""
    found = {f"cell-id={cell.get('id')}" for cell in parts.cells(one)}
    for cell in parts.cells(one):
        if cell.cell_type == "markdown":
            found |= {heading.replace(" ", "-") for heading in markdown.headings(cell.source)}
    return found
