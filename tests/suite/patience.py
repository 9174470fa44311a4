"""Waiting for another process: for a sign it gives, with an end for the case that the sign never comes."""

import collections.abc
import subprocess
import threading
import time

import psutil

# No test is faster because this is short: it is the time after which nobody believes in the sign any more.
SECONDS = 300


def line(process: subprocess.Popen) -> str:
    """The next line that a process prints, stripped; "" if it ends, or is killed because it says nothing."""
    end = threading.Timer(SECONDS, process.kill)
    end.start()
    try:
        said = process.stdout.readline()
    finally:
        end.cancel()
    return (said if isinstance(said, str) else said.decode()).strip()


def until(condition: collections.abc.Callable[[], object]) -> bool:
    """Whether a condition becomes true. A process that has gone while it was asked about counts as true."""
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        try:
            if condition():
                return True
        except psutil.NoSuchProcess:
            return True
        time.sleep(0.05)
    return False
