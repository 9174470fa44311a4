"""What a kernel finds in its environment when a test or the author's build starts it.

Both use these values, so that the outputs are written under the conditions they are compared under.
"""

import os
import pathlib

from helpers import scratch

# Each of these changes the width of what a library prints.
REMOVED = ("COLUMNS", "LINES", "JUPYTER_COLUMNS", "JUPYTER_LINES")


def for_kernels(scratch_folder: pathlib.Path) -> dict[str, str]:
    """The environment variables to set: paths, and what is off while nobody learns."""
    paths = [str(scratch.COURSE), *os.environ.get("PYTHONPATH", "").split(os.pathsep)]
    return {
        "COURSE_SCRATCH": str(scratch_folder),
        "COURSE_PROGRESS": "off",
        # A kernel chooses this one by itself unless the caller's shell has chosen another.
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "PYTHONPATH": os.pathsep.join(dict.fromkeys(path for path in paths if path)),
    }
