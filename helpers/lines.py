"""Lines of code that are run one by one, and what is said of each: its error, its value, or nothing."""

import ast
import contextlib
import io
import re
import warnings

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
