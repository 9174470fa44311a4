"""Cell magics of the cheat sheet: each line of the cell is run as it stands, and a table says what came.

`%%old_and_today`: lines `old line -> today's line`. The old one may fail; today's may not.
`%%jobs`: lines `job | line that saves | line that loads`. The value of the load is what came back.
"""

import html
import re

from helpers import lines
import IPython.display

COMPARED = ("your old line", "what it does today", "today's line")
JOBS = ("your job", "save", "load", "same answers", "trains on")
_LEFT = 'style="text-align: left; vertical-align: top; white-space: normal"'


def old_and_today(cell: str, names: dict[str, object]) -> list[list[str]]:
    """Run old and new lines: each old line, what came of it, today's line with its value, as HTML.

    Raises:
        Exception: today's line failed.
    """
    rows = []
    for old, today in lines.fields(cell, "->", 2):
        seen = lines.outcome(old, names)
        gives = lines.value(lines.run(today, names))
        kind = "silent" if seen.startswith(lines.NO_ERROR) else "refused"
        shown = f'<span class="{kind}">{html.escape(seen)}</span>'
        rows.append([_code(old), shown, _code(today) + (f" → {html.escape(gives)}" if gives else "")])
    return rows


def jobs(cell: str, names: dict[str, object]) -> list[list[str]]:
    """Run saves and loads: each job, its two lines, and what came back, as HTML.

    Args:
        cell: the lines.
        names: the names they see, among them `same`, a function that compares the answers of what came back.

    Raises:
        Exception: a line failed.
    """
    rows = []
    for job, save, load in lines.fields(cell, "|", 3):
        lines.run(save, names)
        back = lines.run(load, names)
        if getattr(back, "optimizer", None) is not None:
            further = lines.value(back.optimizer)
        else:
            further = "after compile" if hasattr(back, "compile") else "no"
        same = "yes" if names["same"](back) else "no"
        rows.append([html.escape(job), _code(save), _code(load), same, further])
    return rows


def table(headings: tuple[str, ...], rows: list[list[str]], kind: str) -> str:
    """The HTML of a table; cells are HTML already. `kind` is its class, by which a printed page sets it."""
    head = "".join(f'<th scope="col" {_LEFT}>{heading}</th>' for heading in headings)
    body = "".join(f"<tr>{''.join(f'<td {_LEFT}>{cell}</td>' for cell in row)}</tr>" for row in rows)
    return f'<table class="{kind}"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'


def plain(headings: tuple[str, ...], rows: list[list[str]]) -> str:
    """The same as text, a line for each cell."""
    pairs = [(heading, cell) for row in rows for heading, cell in zip(headings, row, strict=True)]
    return "\n".join(f"{heading}: {html.unescape(re.sub('<[^>]+>', '', cell))}" for heading, cell in pairs)


def _code(text: str) -> str:
    # A narrow column breaks a line of code between two calls, if anywhere.
    return f"<code>{html.escape(text).replace(').', ')<wbr>.')}</code>"


def load_ipython_extension(shell: object) -> None:
    """`%load_ext helpers.cheat_sheet` makes the two magics known."""
    for name, headings, fill in [("old_and_today", COMPARED, old_and_today), ("jobs", JOBS, jobs)]:

        def magic(line: str, cell: str, kind=name, headings=headings, fill=fill) -> None:
            rows = fill(cell, shell.user_ns)
            shown = {"text/html": table(headings, rows, kind), "text/plain": plain(headings, rows)}
            IPython.display.display(shown, raw=True)

        shell.register_magic_function(magic, "cell", name)
