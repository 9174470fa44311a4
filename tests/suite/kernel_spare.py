"""A second process beside each forked kernel: it becomes the fork server of `%%fresh` when that is wanted.

A plain kernel starts Python anew for its fork server, which imports TensorFlow once more. Here the new
Python is a copy that was made before the kernel began, and so knows as little of the notebook. It gets the
very command, environment and files that multiprocessing would have started a program with.
"""

import json
import multiprocessing.util
import os
import socket
import sys

SERVER = "from multiprocessing.forkserver import main"
LONGEST = 2**20  # bytes of a request
MOST = 16  # files that go with it


def keep() -> None:
    """Make the copy, and let multiprocessing use it for its first fork server. It ends with this process."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    number = os.fork()
    if number == 0:
        ours.close()
        _wait(theirs)  # which does not return
    theirs.close()
    start = multiprocessing.util.spawnv_passfds

    def start_or_wake(path: str, command: list[str], files: list[int]) -> int:
        nonlocal number
        if not number or not command[-1].startswith(SERVER):
            return start(path, command, files)
        words = {
            "command": [os.fsdecode(word) for word in command],
            "folder": os.getcwd(),
            "environment": dict(os.environ),
            "files": files,
        }
        request = json.dumps(words).encode()
        try:
            socket.send_fds(ours, [request], files)
        except OSError:  # too long a request, or the copy has been ended
            return start(path, command, files)
        woken, number = number, 0
        ours.close()
        return woken

    multiprocessing.util.spawnv_passfds = start_or_wake


def _wait(requests: socket.socket) -> None:
    """Become the program of the request; without one, end."""
    text, files, *_ = socket.recv_fds(requests, LONGEST, MOST)
    if not text:
        os._exit(0)
    request = json.loads(text)
    requests.close()
    _place(files, request["files"])
    os.environ.clear()
    os.environ.update(request["environment"])
    os.chdir(request["folder"])
    sys.orig_argv[:] = request["command"]
    sys.argv[:] = ["-c"]
    exec(request["command"][-1], {"__name__": "__main__"})
    sys.exit()  # with the exit functions, as Python ends


def _place(files: list[int], wanted: list[int]) -> None:
    """Give files that were received the numbers that the command speaks of."""
    free = max(*files, *wanted) + 1
    for step, file in enumerate(files):
        os.dup2(file, free + step)
        os.close(file)
    for step, number in enumerate(wanted):
        os.dup2(free + step, number)
        os.close(free + step)
