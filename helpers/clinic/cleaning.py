"""What a pasted text says, without what differs from one screen to the next.

A pasted error has colours, frames around it, lines that the screen broke, code of other people's files
between, and one error inside the other. What is left: the messages, each on one line.
"""

import html
import re
import typing

LONGEST = 400_000  # characters that are read; of more, the beginning and the end
_COLOUR = re.compile(r"\x1b\[[0-9;?]*[a-zA-Z]|\x1b\][^\x07]{0,200}\x07|\[(?:\d{1,3};){0,4}\d{1,3}m")
_QUOTES = str.maketrans("‘’‚“”„´│┃║╎┆", "'''\"\"\"'     ", "`\r\ufeff\u200b")
# Lines of source that IPython shows around the failing one: they hold words of errors that did not happen.
_SOURCE = re.compile(r"(?:-+>\s*)?\d+(?:\s|$)")
_HEAD = re.compile(r"(?:^|[\s.:])(?P<line>[A-Z]\w{0,60}(?:Error|Warning|Exception|Interrupt)(?::\s|:?$).*)$")
_END = re.compile(
    r"\s*(?:Traceback \(most recent|During handling of|The above exception|File \S|Cell In\[|-{20,}$)"
)


class Cleaned(typing.NamedTuple):
    """A text in two ways: its error messages one by one, in order, and all of it, without line breaks."""

    messages: list[str]
    whole: str
    readable: bool

    @property
    def last(self) -> str:
        """The beginning of the last message, for an answer that quotes it."""
        return self.messages[-1][:160] if self.messages else ""


def decoded(raw: bytes) -> str:
    """The text in bytes: UTF-8, or the UTF-16 that a redirection in PowerShell writes."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw.decode("utf-16", errors="replace")
    return raw.decode("utf-8-sig", errors="replace")


def clean(raw: str | bytes) -> Cleaned:
    """Bring a pasted text into the form that is compared."""
    text = decoded(raw) if isinstance(raw, bytes) else str(raw)
    if len(text) > LONGEST:
        text = f"{text[: LONGEST // 4]}\n{text[-LONGEST * 3 // 4 :]}"
    strange = sum(
        not (sign.isprintable() or sign in "\n\r\t\x1b\x07\x08") or sign == "\ufffd" for sign in text
    )
    readable = strange <= len(text) // 10
    text = html.unescape(_COLOUR.sub("", text)).translate(_QUOTES)
    lines = [line for line in text.split("\n") if not _SOURCE.match(line.strip())]
    return Cleaned(_messages(lines), _on_one_line(lines), readable)


def _messages(lines: list[str]) -> list[str]:
    """From each line that names an error or a warning up to the next traceback or the next such line."""
    found: list[list[str]] = []
    inside = False
    for line in lines:
        if head := _HEAD.search(line):
            found.append([head["line"]])
            inside = True
        elif _END.match(line):
            inside = False
        elif inside:
            found[-1].append(line)
    return [_on_one_line(message) for message in found]


def _on_one_line(lines: list[str]) -> str:
    return " ".join(" ".join(lines).split())
