"""Cell magics of the cheat sheet: each line of the cell is run as it stands, and a table says what came.

`%%old_and_today`: lines `old line -> today's line`. The old one may fail; today's may not.
`%%jobs`: lines `job | line that saves | line that loads`. The value of the load is what came back.
"""

import ast
import contextlib
import html
import io
import re
import warnings

import IPython.display

# Lines of code that are run one by one, and what is said of each: its error, its value, or nothing.


LONGEST = 64  # characters of an error's first sentence
NO_ERROR = "no error"


def run(line: str, names: dict[str, object]) -> object:
    """Run a line; returns the value of its last statement if that is an expression, else None.

    What it prints is dropped, warnings too.

    Raises:
        Exception: whatever the line raises.
    """
    body = ast.parse(line).body
    last = body.pop() if isinstance(body[-1], ast.Expr) else None
    with contextlib.ExitStack() as quiet:
        quiet.enter_context(contextlib.redirect_stdout(io.StringIO()))
        quiet.enter_context(contextlib.redirect_stderr(io.StringIO()))
        quiet.enter_context(warnings.catch_warnings(action="ignore"))
        exec(compile(ast.Module(body, []), "<line>", "exec"), names)
        return eval(compile(ast.Expression(last.value), "<line>", "eval"), names) if last else None


def outcome(line: str, names: dict[str, object]) -> str:
    """What came of a line that may fail."""
    try:
        seen = value(run(line, names))
    except Exception as error:  # that it fails, and how, is what the reader wants to know
        return failure(error)
    return f"{NO_ERROR} → {seen}" if seen else NO_ERROR


def failure(error: Exception) -> str:
    """Class and first sentence of an error, as in "TypeError: '_UserObject' object is not callable"."""
    text = " ".join(str(error).split())
    # Keras puts the cause behind a long sentence on what could not be deserialized.
    telling = re.search(r"Could not locate.*?(?=\. )", text)
    sentence = telling[0] if telling else re.split(r"\.(?= [A-Z]|$)", text)[0]
    if len(sentence) > LONGEST:
        sentence = sentence[:LONGEST].rsplit(" ", 1)[0].rstrip(",.:") + " …"
    return f"{type(error).__name__}: {sentence}"


def value(seen: object) -> str:
    """What a value says in few words: a plain value, a shape, an optimizer with its step, or nothing."""
    if hasattr(seen, "iterations"):
        return f"{type(seen).__name__}, step {int(seen.iterations)}"
    if isinstance(seen, bool | int | str | list):
        return repr(seen)
    shape = getattr(seen, "shape", None)
    return "" if shape is None else f"shape {tuple(shape)}"


def fields(cell: str, sign: str, count: int) -> list[list[str]]:
    """The parts of each line of a cell that is not blank.

    Raises:
        ValueError: a line has more parts, or fewer.
    """
    rows = [[part.strip() for part in line.split(sign)] for line in cell.splitlines() if line.strip()]
    for row in rows:
        if len(row) != count:
            raise ValueError(
                f"{sign.join(row)!r} has {len(row)} parts. Expected: {count}, with {sign} between."
            )
    return rows


COMPARED = ("your old line", "what it does today", "today's line")
JOBS = ("your job", "save", "load", "same answers", "fit goes on")
_LEFT = 'style="text-align: left; vertical-align: top; white-space: normal"'


def old_and_today(cell: str, names: dict[str, object]) -> list[list[str]]:
    """Run old and new lines: each old line, what came of it, today's line with its value, as HTML.

    Raises:
        Exception: today's line failed.
    """
    rows = []
    for old, today in fields(cell, "->", 2):
        seen = outcome(old, names)
        gives = value(run(today, names))
        kind = "silent" if seen.startswith(NO_ERROR) else "refused"
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
    for job, save, load in fields(cell, "|", 3):
        run(save, names)
        back = run(load, names)
        if getattr(back, "optimizer", None) is not None:
            further = value(back.optimizer)
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
