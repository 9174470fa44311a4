"""The rules on pictures: each says in words what it shows."""

import collections.abc

from helpers.authoring import markdown, page
from helpers.authoring.rules import parts, register

Problems = collections.abc.Iterator[register.Problem]

SHORTEST = 20  # characters
EXPECTED = f"an alternative text of at least {SHORTEST} characters"


@register.for_pages()
def markdown_pictures_have_alt_text(one: page.Page) -> Problems:
    """A picture in a Markdown cell has an alternative text."""
    for cell in parts.cells(one):
        if cell.cell_type == "markdown":
            for source, alt in markdown.pictures(markdown.rendered(cell.source)):
                if len(alt.strip()) < SHORTEST:
                    yield register.Problem(
                        one.at(cell),
                        f"the picture {source[:60]} with the text {alt!r}",
                        EXPECTED,
                        "Say what it shows.",
                    )


@register.for_pages()
def output_pictures_have_alt_text(one: page.Page) -> Problems:
    """A figure has its alternative text in the output's metadata and as the output's plain text."""
    remedy = 'Show the figure with figures.show(figure, alt="...").'
    for cell in parts.code_cells(one):
        for output in cell.outputs:
            data = output.get("data", {})
            for kind in [kind for kind in data if kind.startswith("image/")]:
                alt = output.metadata.get(kind, {}).get("alt", "")
                if len(alt.strip()) < SHORTEST:
                    yield register.Problem(
                        one.at(cell),
                        f"an {kind} output with the text {alt!r}",
                        EXPECTED,
                        remedy,
                    )
                elif data.get("text/plain", "").strip() != alt.strip():
                    yield register.Problem(
                        one.at(cell),
                        f"the plain text {data.get('text/plain', '')[:60]!r} beside the picture",
                        "the alternative text, for readers without pictures",
                        remedy,
                    )
            for source, alt in markdown.pictures(markdown.html(data.get("text/html", ""))):
                if len(alt.strip()) < SHORTEST:
                    yield register.Problem(
                        one.at(cell),
                        f"the picture {source[:60]} with the text {alt!r}",
                        EXPECTED,
                        "Say what it shows.",
                    )
