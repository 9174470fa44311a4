"""A small page of labelled parts, the same words as HTML in a notebook and as text in a terminal."""

import dataclasses
import html
import re
import textwrap

from helpers.core import terminal

_WIDTH = 96  # characters of a line in a terminal
_LEFT = 'style="text-align: left; vertical-align: top; white-space: normal"'


@dataclasses.dataclass(frozen=True)
class Part:
    """A label and what stands under it: prose with `code` in it, or lines of code."""

    label: str
    body: str
    code: bool = False
    folded: bool = False  # in a notebook, behind a click
    link: str = ""  # what the body leads to


@dataclasses.dataclass(frozen=True)
class Sheet:
    """A heading and its parts. The last expression of a cell shows it, `print` writes it."""

    heading: str
    parts: list[Part]

    def __str__(self) -> str:
        return terminal.spelled_out("\n".join([self.heading, *(_plain(part) for part in self.parts)]))

    __repr__ = __str__

    def _repr_html_(self) -> str:
        shown = "".join(map(_html, self.parts))
        return terminal.spelled_out(f"<div><p><strong>{marked(self.heading)}</strong></p>{shown}</div>")


@dataclasses.dataclass(frozen=True)
class Table:
    """Rows of prose under headings."""

    headings: tuple[str, ...]
    rows: list[tuple[str, ...]]

    def __str__(self) -> str:
        return "\n".join(" · ".join(cell for cell in row if cell) for row in self.rows)

    __repr__ = __str__

    def _repr_html_(self) -> str:
        head = "".join(f'<th scope="col" {_LEFT}>{heading}</th>' for heading in self.headings)
        body = "".join(
            f"<tr>{''.join(f'<td {_LEFT}>{_linked(cell)}</td>' for cell in row)}</tr>" for row in self.rows
        )
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _linked(cell: str) -> str:
    """A cell as HTML; the name of a lesson leads to it."""
    return f'<a href="{cell}.ipynb">{cell}</a>' if re.fullmatch(r"\d\d_[a-z0-9_]+", cell) else marked(cell)


def marked(line: str) -> str:
    """Prose as HTML, with `code` and nothing else of Markdown."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", html.escape(line, quote=False))


def _plain(part: Part) -> str:
    if part.code:
        lines = textwrap.indent(part.body, " " * 8)
        return f"\n{part.label}\n{lines}" if part.label else f"\n{lines}"
    filled = "\n".join(textwrap.fill(line, _WIDTH) for line in part.body.splitlines())
    indented = textwrap.indent(filled, " " * 4)
    return f"\n{part.label}\n{indented}" if part.label else indented


def _html(part: Part) -> str:
    if part.code:
        block = f"<pre><code>{html.escape(part.body, quote=False)}</code></pre>"
        if part.folded:
            return f"<details><summary>{marked(part.label)}</summary>{block}</details>"
        return (f"<p><em>{marked(part.label)}</em></p>" if part.label else "") + block
    body = marked(part.body).replace("\n", "<br>")
    if part.link:
        body = f'<a href="{html.escape(part.link)}">{body}</a>'
    return f"<p><em>{marked(part.label)}</em><br>{body}</p>"
