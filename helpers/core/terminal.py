"""What the course prints: in any terminal, to any reader, and never what could steer either."""

import collections.abc
import os
import sys


def printable_anywhere() -> None:
    """Let a terminal whose locale lacks a letter show a sign in its place, instead of an error.

    A kernel's streams take every letter and have no such setting.
    """
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


def to_the_end(action: collections.abc.Callable[[], int]) -> int:
    """Run a command and write out what it has printed; a reader that leaves early, as `head` does, ends it.

    Returns the command's exit code, and 0 where nobody reads on.
    """
    try:
        code = action()
        if sys.stdout is not None:
            sys.stdout.flush()
    except BrokenPipeError:
        # Python writes once more when it ends: into nothing, and not into the pipe that would complain.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return code


def spelled_out(text: str) -> str:
    """A text whose control signs, which could steer a terminal or turn a line around, are spelled out."""
    return "".join(
        sign if sign.isprintable() or sign == "\n" else sign.encode("unicode_escape").decode("ascii")
        for sign in text
    )
