"""`author slides`: a lesson as slides of reveal.js, one HTML file that any browser shows without the net.

What stands on which slide says `slide_pieces`. Turning, scaling to the projector, the overview, the speaker's
window and the pages of a PDF are reveal.js's, which the package sphinx-revealjs brings along.
"""

import argparse
import html
import importlib.util
import os
import pathlib

from helpers.authoring.notebooks import page
from helpers.authoring.teaching import printing, slide_pieces
from helpers.core import scratch

STYLE = pathlib.Path(__file__).with_name("slides.css")
SIZE = {"width": slide_pieces.WIDTH, "height": slide_pieces.HEIGHT}
SCRIPTS = ("dist/reveal.js", "plugin/notes/notes.js", "plugin/zoom/zoom.js")
HINT = (
    "open it in a browser; Space, arrow keys or a clicker turn the slides, S opens your notes, O the "
    "overview, Alt and a click (Ctrl on Linux) enlarge a part of a picture, and with ?print-pdf after "
    "its address the browser prints a PDF"
)
MISSING = (
    "Slides need reveal.js, which is not installed here. Type: uv run --group site author slides {names}"
)
PAGE = """<!DOCTYPE html>
<html lang="{language}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title><style>{style}</style></head>
<body>
<main class="reveal"><div class="slides">
{slides}
</div></main>
<script>{script}
Reveal.initialize({{
  width: {width}, height: {height}, margin: 0, maxScale: 10, center: false, controls: false, hash: true,
  slideNumber: "c/t", navigationMode: "linear", transition: "none", pdfSeparateFragments: false,
  plugins: [RevealNotes, RevealZoom],
}});
</script>
</body>
</html>
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of `author slides` to a parser."""
    parser.add_argument("names", nargs="+", metavar="LESSON", help="04, 04_formats, or all")
    parser.add_argument(
        "--to", type=pathlib.Path, metavar="FOLDER", help="where the files go (default: scratch/slides)"
    )


def run(arguments: argparse.Namespace) -> int:
    """Run `author slides`; returns 0, or 1 when a name is unknown or a notebook is not ready."""
    if importlib.util.find_spec("sphinx_revealjs") is None:
        print(MISSING.format(names=" ".join(arguments.names)))
        return 1
    folder = arguments.to or scratch.writable() / "slides"
    return printing.write_lessons(arguments.names, folder, slides, HINT)


def slides(one: page.Page) -> str:
    """The HTML of a notebook as slides, complete in itself.

    Raises:
        page.NotExecuted: it has no outputs, so its slides would show no result.
    """
    page.need_outputs(one)
    columns: list[list[str]] = []
    for slide in slide_pieces.slides(one):
        if slide.begins or not columns:
            columns.append([])
        columns[-1].append(_section(slide))
    return PAGE.format(
        language=html.escape(os.environ.get("COURSE_LANGUAGE", "en")),
        title=html.escape(printing.title(one.notebook)),
        style="\n".join([_reveal("dist/reset.css"), _reveal("dist/reveal.css"), printing.style(STYLE)]),
        # The slides of a section stand below each other in the overview.
        slides="\n".join(f"<section>{''.join(column)}</section>" for column in columns),
        script="".join(map(_reveal, SCRIPTS)),
        **SIZE,
    )


def _section(slide: slide_pieces.Slide) -> str:
    level, words = ("h1", slide.title) if slide.first else ("h2", slide.title)
    head = f"<{level}{'' if slide.begins else ' class=running'}>{words}</{level}>"
    body = "".join(
        f'<div class="fragment">{piece.html}</div>' if piece.later else f"<div>{piece.html}</div>"
        for piece in slide.pieces
    )
    notes = f'<aside class="notes">{"".join(slide.notes)}</aside>' if slide.notes else ""
    return f"<section>{head}{body}{notes}</section>\n"


def _reveal(name: str) -> str:
    """A file of reveal.js, so that it may stand inside a page."""
    package = importlib.util.find_spec("sphinx_revealjs")
    text = (pathlib.Path(package.origin).parent / "_static" / "revealjs" / name).read_text(encoding="utf-8")
    return text.replace("</script", "<\\/script") if name.endswith(".js") else text
