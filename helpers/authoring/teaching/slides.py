"""`author slides`: a lesson as slides, one HTML file that any browser shows without the net.

nbconvert writes the cells. Its own slides load reveal.js from the net, and packages that bring it along bring
a site generator too; turning pages takes the few lines of slides.js.
"""

import argparse
import copy
import html
import pathlib
import re

import bs4
from helpers.authoring.notebooks import markdown, page
from helpers.authoring.teaching import printing
from helpers.core import scratch
from helpers.core import texts as words
import nbformat

FOLDER = pathlib.Path(__file__).parent
# Nothing to look at together: what is imported, and the links to other notebooks.
LEFT_OUT = ("set-up", "navigation")
ROOM, PICTURE = 20, 14  # lines of code and result on one slide; a picture takes as much as so many
PAGE = """<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title><style>{style}</style></head>
<body>
<main>{slides}</main>
<nav aria-label="Slides">
<button type="button" id="back">Back</button>
<span id="where" role="status"></span>
<button type="button" id="on">On</button>
</nav>
<script>{script}</script>
</body>
</html>
"""
SLIDE = """<section class="slide" tabindex="-1" aria-label="Slide {number} of {count}">
{head}<div>{body}</div>
</section>
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of `author slides` to a parser."""
    parser.add_argument("names", nargs="+", metavar="LESSON", help="04, 04_formats, or all")
    parser.add_argument(
        "--to", type=pathlib.Path, metavar="FOLDER", help="where the files go (default: scratch/slides)"
    )


def run(arguments: argparse.Namespace) -> int:
    """Run `author slides`; returns 0, or 1 when a name is unknown or a notebook cannot be read."""
    folder = arguments.to or scratch.writable() / "slides"
    hint = "open it in a browser; arrow keys, Home and End turn the slides, its print makes a page of each"
    return printing.write_lessons(arguments.names, folder, slides, hint)


def slides(one: page.Page) -> str:
    """The HTML of a notebook as slides."""
    groups = grouped(one.notebook)
    notebook = nbformat.v4.new_notebook(cells=[cell for group in groups for cell in group])
    cells = iter(_elements(printing.body(notebook, one.path.parent)))
    parts, heading = [], ""
    for number, group in enumerate(groups, start=1):
        shown = [_for_a_slide(cell, next(cells)) for cell in group]
        found = [name for cell in group if cell.cell_type == "markdown" for name in headings(cell)]
        # A slide that goes on under the heading of the last one repeats it, small.
        head = "" if found or not heading else f'<p class="running">{html.escape(heading)}</p>'
        heading = found[-1] if found else heading
        parts.append(SLIDE.format(number=number, count=len(groups), head=head, body="".join(map(str, shown))))
    return PAGE.format(
        title=html.escape(printing.title(one.notebook)),
        style=printing.style(FOLDER / "slides.css"),
        slides="".join(parts),
        script=(FOLDER / "slides.js").read_text(encoding="utf-8"),
    )


def grouped(notebook: nbformat.NotebookNode) -> list[list[nbformat.NotebookNode]]:
    """The cells of each slide: what is said, then one cell that runs, then what was to be noticed in it."""
    groups: list[list[nbformat.NotebookNode]] = []
    shown = [cell for cell in notebook.cells if cell.id not in LEFT_OUT]
    for cell in (piece for whole in shown for piece in pieces(whole)):
        last = groups[-1] if groups else []
        # What stands above a heading in the same cell belongs to the cell before it.
        remark = cell.metadata.get("remark") and last
        ran = any(one.cell_type == "code" for one in last)
        if not last or (ran and not remark) or (cell.cell_type == "markdown" and headings(cell)):
            groups.append([cell])
        else:
            last.append(cell)
    return groups


def pieces(cell: nbformat.NotebookNode) -> list[nbformat.NotebookNode]:
    """A cell in parts that may stand on slides of their own, each without its tags.

    A text is cut before each second-level heading. Code with a long result is cut in code and result.
    """
    if cell.cell_type == "code":
        code, result = copy.deepcopy(cell), copy.deepcopy(cell)
        code.metadata, result.metadata = nbformat.NotebookNode(), nbformat.from_dict({"result": True})
        if len(cell.source.splitlines()) + sum(map(_lines, cell.outputs)) <= ROOM:
            return [code]
        code.outputs = []
        result.id = f"{cell.id}-result"
        return [code, result]
    texts = [text for text in re.split(r"^(?=## )", cell.source, flags=re.MULTILINE) if text.strip()]
    return [
        nbformat.v4.new_markdown_cell(
            text, id=f"{cell.id}-{number}", metadata={"remark": number == 0 and len(texts) > 1}
        )
        for number, text in enumerate(texts)
    ]


def _lines(output: nbformat.NotebookNode) -> int:
    """About how many lines an output takes on a slide."""
    data = output.get("data", {})
    return (
        PICTURE
        if "image/png" in data
        else len((output.get("text") or data.get("text/plain", "")).splitlines())
    )


def headings(cell: nbformat.NotebookNode) -> list[str]:
    """The headings of a text, of the first and the second level."""
    return markdown.headings(cell.source, 1) + markdown.headings(cell.source, 2)


def _elements(body: str) -> list[bs4.Tag]:
    return [child for child in bs4.BeautifulSoup(body, "html.parser").children if isinstance(child, bs4.Tag)]


def _for_a_slide(cell: nbformat.NotebookNode, element: bs4.Tag) -> bs4.Tag:
    """A result without the code that stands before it; a question without what only a notebook can do."""
    question = cell.cell_type == "code" and re.fullmatch(r"quiz\.ask\(.*\)", cell.source.strip())
    if question or cell.metadata.get("result"):
        for code in element.select(".input"):
            code.decompose()
    if question:
        for paragraph in element.find_all("p"):
            if paragraph.get_text() == words.words("static"):
                paragraph.decompose()
    return element
