"""Names of files with letters beyond ASCII, where this machine's file system takes them.

In a true ASCII locale Python itself cannot write such a name, so no learner there has one.
"""

import os


def possible(name: str) -> str:
    """The name, or one without its letters beyond ASCII where they cannot be written."""
    try:
        os.fsencode(name)
    except UnicodeEncodeError:
        return name.encode("ascii", "ignore").decode()
    return name
