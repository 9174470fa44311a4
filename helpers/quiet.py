"""Keeps the log lines of TensorFlow's C++ part out of a notebook.

No setting silences the first of them on a machine without a graphics card, so the error stream itself
points at nothing while they are written. Python's own errors are not touched: they are raised, not printed.
"""

import collections.abc
import contextlib
import os
import warnings


@contextlib.contextmanager
def native_errors() -> collections.abc.Iterator[None]:
    """Send what is written to file descriptor 2 to nowhere, until the block ends."""
    kept = os.dup(2)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


@contextlib.contextmanager
def conversions() -> collections.abc.Iterator[None]:
    """Leave out what converters say of themselves: C++ log lines, and Python's warnings on their own code."""
    with native_errors(), warnings.catch_warnings(action="ignore"):
        yield
