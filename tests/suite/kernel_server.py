"""The warm process: imports what notebooks import, runs no operation, and forks a kernel for each request.

A request is a line of JSON on standard input; the answer, the new process's number, a line on standard
output. When the input ends, the process ends, and each kernel notices that its parent is gone.
"""

import gc
import importlib
import json
import os
import signal
import sys
import typing

from tests.suite import kernel_spare

# What set-up cells import, and what a kernel is made of.
IMPORTED = ("helpers.core.backend", "keras", "numpy", "matplotlib.pyplot", "anywidget", "ipykernel.ipkernel")


class Request(typing.TypedDict):
    """What a kernel needs to know: its command line after `-m ipykernel_launcher`, folder, environment."""

    arguments: list[str]
    folder: str
    environment: dict[str, str]


def main() -> None:
    """Answer requests until there are no more; a process forked on the way becomes a kernel."""
    if request := serve():
        become_kernel(request)


def serve() -> Request | None:
    """Fork for each request: returns the request in the new process, and None in this one at the end."""
    replies = os.dup(1)
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, 1)
    for name in IMPORTED:
        importlib.import_module(name)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the system clears away kernels that have ended
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C ends the tests, and they end this process
    gc.collect()
    gc.freeze()  # or the first collection in a kernel would copy all that is shared
    with os.fdopen(0, "rb", closefd=False) as requests:
        for line in requests:
            if number := os.fork():
                os.write(replies, b"%d\n" % number)
                continue
            os.close(replies)
            for stream in (0, 1, 2):
                os.dup2(nowhere, stream)
            return json.loads(line)
    return None


def become_kernel(request: Request) -> None:
    """Do what `python -m ipykernel_launcher` does, as if this process had been started for it alone."""
    parent = os.getppid()
    os.setsid()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.environ.clear()
    os.environ.update(request["environment"])
    os.environ["JPY_PARENT_PID"] = str(parent)
    os.chdir(request["folder"])
    if not sys.flags.safe_path:
        del sys.path[0]  # the folder this process was started in
    for name in [name for name in sys.modules if name.split(".")[0] == "helpers"]:
        del sys.modules[name]  # the set-up cell's own import settles the environment anew

    import ipykernel.kernelapp
    import ipykernel_launcher
    import numpy

    kernel_spare.keep()
    numpy.random.seed()  # Python's own generator is seeded anew by the fork, NumPy's is not
    sys.argv = [ipykernel_launcher.__file__, *request["arguments"]]
    # ipykernel has read the parent's number when it was imported, from the environment of that moment.
    sys.argv.append(f"--IPKernelApp.parent_handle={parent}")
    ipykernel.kernelapp.IPKernelApp.launch_instance()


if __name__ == "__main__":
    main()
