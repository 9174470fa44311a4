"""`course --clinic < error.txt`: the clinic in a terminal. It needs no TensorFlow, so it answers at once."""

import sys

from helpers import text
from helpers.clinic import asking

MOST = 20_000_000  # bytes that are read


def main() -> int:
    """Read an error from standard input and print what the clinic says: 0 if it knows the error, else 1."""
    if sys.stdin is None:
        print(text.words("clinic_nothing"))
        return 1
    if sys.stdin.isatty():
        print(text.words("clinic_paste"), flush=True)
    answer = asking.ask(sys.stdin.buffer.read(MOST))
    if hasattr(sys.stdout, "reconfigure"):
        # A terminal of Windows may not have the letters of every language.
        sys.stdout.reconfigure(errors="replace")
    print(answer)
    return 0 if answer.found else 1
