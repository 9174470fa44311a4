"""What the fork server of `%%fresh` does for itself: it takes its socket away when it ends.

A kernel is often ended from outside, and then nobody else would remove the folder of the socket.
"""

import atexit
import os
import shutil
import sys

FOLDER = "COURSE_FRESH_FOLDER"  # tells the server, and nobody else, where its socket lies


def _is_server() -> bool:
    return "multiprocessing.forkserver" in " ".join(sys.orig_argv)


if _is_server() and (folder := os.environ.pop(FOLDER, "")):
    # The processes forked from here end without this: they leave by os._exit.
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
