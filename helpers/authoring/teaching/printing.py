"""`author print`: a notebook as one HTML file that a browser prints, complete in itself and without the net.

Tags of cells say what paper gets: `print-none` leaves a cell out, `print-input` its outputs, `print-output`
its code. A page with `print-wide` cells is set in two columns, and those cells span both.
"""

import argparse
import collections.abc
import copy
import html
import os
import pathlib
import re

import bs4
from helpers.authoring.notebooks import course, metadata, page, parts
from helpers.authoring.teaching import questions
from helpers.core import scratch, texts
import nbconvert
import nbformat
import pygments.formatters
import traitlets.config

NONE, INPUT, OUTPUT, WIDE = metadata.PRINT_TAGS
FITTING, MOST = 88, 120  # columns of a result that fit on A4, and that still do in smaller letters
STYLE = pathlib.Path(__file__).with_name("printing.css")
PAGE = """<!DOCTYPE html>
<html lang="{language}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title><style>{style}</style></head>
<body><main class="{kind}">{body}</main><footer>{made_with}</footer></body>
</html>
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of `author print` to a parser."""
    parser.add_argument(
        "names", nargs="+", metavar="NAME", help="cheat_sheet, 02, 02_save_and_load or a path"
    )
    parser.add_argument(
        "--to", type=pathlib.Path, metavar="FOLDER", help="where the files go (default: scratch/print)"
    )


def run(arguments: argparse.Namespace) -> int:
    """Run `author print`; returns 0, or 1 when a name is unknown or a notebook cannot be read."""
    whole = course.Course()
    folder = arguments.to or scratch.writable() / "print"
    hint = "open it in a browser and print it, on A4 or Letter"
    return write_pages(arguments.names, (*whole.extras, *whole.lessons), folder, printed, hint)


def write_lessons(
    names: list[str],
    folder: pathlib.Path,
    made: collections.abc.Callable[[page.Page], str],
    hint: str,
    ending: str = "",
) -> int:
    """As write_pages, for lessons; the name `all` means each of them."""
    lessons = course.Course().lessons
    return write_pages(list(lessons) if "all" in names else names, lessons, folder, made, hint, ending)


def write_pages(
    names: list[str],
    known: tuple[str, ...],
    folder: pathlib.Path,
    made: collections.abc.Callable[[page.Page], str],
    hint: str,
    ending: str = "",
) -> int:
    """Write what is made of notebooks, each as an HTML file under its name; returns the exit code.

    Args:
        names: which notebooks, in any form that course.choose takes.
        known: the notebooks that may be chosen.
        folder: where the files go; it is made if need be.
        made: gives the HTML of a notebook.
        hint: what to do with a file, said after its path.
        ending: stands after the notebook's name in the name of its file.
    """
    whole = course.Course()
    try:
        pages = [page.read(whole.path("notebooks", course.choose(name, known))) for name in names]
    except (course.UnknownName, page.Unreadable) as error:
        print(error)
        return 1
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for one in pages:
            path = folder / f"{one.stem}{ending}.html"
            path.write_text(made(one), encoding="utf-8")
            print(f"{path}: {hint}.")
    except page.NotExecuted as error:
        print(error)
        return 1
    except OSError as error:
        print(f"{folder} cannot be written ({error.strerror}). Choose another folder with --to.")
        return 1
    return 0


def printed(one: page.Page) -> str:
    """The HTML of a notebook, as paper gets it: questions have boxes, and their answers stand at the end."""
    notebook = copy.deepcopy(one.notebook)
    answers = _on_paper(notebook)
    for cell in notebook.cells:
        # What is copied from paper goes into the file itself, without the magic.
        cell.source = re.sub(r"^%%writefile (?:-a )?(\S+)", r"# \1", cell.source)
    wide = any(WIDE in cell.metadata.get("tags", []) for cell in one.notebook.cells)
    return PAGE.format(
        language=html.escape(os.environ.get("COURSE_LANGUAGE", "en")),
        title=html.escape(title(one.notebook)),
        style=style(STYLE),
        kind="columns" if wide else "column",
        body=body(notebook, one.path.parent)
        if wide
        else fitted(body(notebook, one.path.parent)) + "".join(answers),
        made_with=html.escape(made_with(one.notebook)),
    )


def _on_paper(notebook: nbformat.NotebookNode) -> list[str]:
    """Let each cell that asks show its question without the answer; returns the answers, below a heading."""
    answers = []
    for cell in notebook.cells:
        if (identifier := parts.asked_by(cell)) in texts.table("quiz"):
            item = (len(answers) + 1, identifier, texts.table("quiz")[identifier])
            cell.metadata.tags = [*cell.metadata.get("tags", []), OUTPUT]
            shown = {"text/html": f'<div class="asked">{questions.asked(*item)}</div>'}
            cell.outputs = [nbformat.v4.new_output("display_data", shown)]
            answers.append(questions.solved(*item))
    if not answers:
        return []
    heading = f"<h2>{html.escape(texts.words('paper_answers'))}</h2>"
    return [f'<div class="answers">{heading}', *answers, "</div>"]


def style(path: pathlib.Path) -> str:
    """A file of CSS, and before it the colours of code."""
    return pygments.formatters.HtmlFormatter(style="bw").get_style_defs(".highlight") + path.read_text(
        encoding="utf-8"
    )


def body(notebook: nbformat.NotebookNode, folder: pathlib.Path) -> str:
    """The cells of a notebook as HTML, complete in itself: one element a cell, pictures embedded.

    Args:
        notebook: what is shown.
        folder: where it lies, from which its pictures are taken.
    """
    filters = {"remove_cell_tags": [NONE], "remove_all_outputs_tags": [INPUT], "remove_input_tags": [OUTPUT]}
    exporter = nbconvert.HTMLExporter(
        template_name="basic",
        exclude_input_prompt=True,
        exclude_output_prompt=True,
        exclude_anchor_links=True,
        embed_images=True,
        config=traitlets.config.Config(TagRemovePreprocessor={"enabled": True, **filters}),
    )
    content, _ = exporter.from_notebook_node(notebook, {"metadata": {"path": str(folder)}})
    return without_local_links(content)


def fitted(content: str) -> str:
    """The same HTML for paper: nothing folded, wide results in smaller letters, so that no table is torn."""
    soup = bs4.BeautifulSoup(content, "html.parser")
    for folded in soup.select("details"):
        folded["open"] = ""  # nobody unfolds paper
    for result in soup.select(".output pre, .output_area pre"):
        columns = max(map(len, result.get_text().splitlines()), default=0)
        if FITTING < columns <= MOST:
            result["style"] = f"font-size: min(0.88em, calc(186mm / {0.61 * columns:.1f}))"
    return str(soup)


def title(notebook: nbformat.NotebookNode) -> str:
    """The first heading of a notebook."""
    return notebook.cells[0].source.splitlines()[0].lstrip("# ")


def made_with(notebook: nbformat.NotebookNode) -> str:
    """The versions that the notebook was executed with, which its set-up cell has printed; empty if none."""
    printed_by = {cell.id: cell.outputs for cell in notebook.cells if cell.cell_type == "code"}
    texts = [output.get("text", "") for output in printed_by.get("set-up", [])]
    return "".join(texts).partition("\n")[0]


def without_local_links(body: str) -> str:
    """The same HTML without links to files: paper cannot follow them, and a browser shows no notebook."""
    soup = bs4.BeautifulSoup(body, "html.parser")
    for anchor in soup.find_all("a", href=True):
        if not anchor["href"].startswith(("https://", "http://", "#")):
            anchor.unwrap()
    return str(soup)
