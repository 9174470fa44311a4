"""Lets a kernel with a fork server end by itself, so that it takes its temporary files along.

At its end a kernel terminates its children and waits for them. The resource tracker that multiprocessing
starts beside the fork server ignores that, so the kernel is killed after some seconds, and what TensorFlow
and multiprocessing would remove at the exit stays in the temporary folder. Here both are ended first.
"""

import contextlib
import multiprocessing.forkserver
import multiprocessing.resource_tracker
import os
import signal

from helpers import fresh


def stop() -> None:
    """End the fork server and the resource tracker of this process; harmless where there are none."""
    if not fresh.can_fork():
        return
    # The standard library has no public way to do this; its own tests use the same one.
    server = multiprocessing.forkserver._forkserver
    if server._forkserver_pid is not None:
        with contextlib.suppress(ProcessLookupError):
            # Asked to end, it would take seconds to put TensorFlow away, and it has nothing to lose.
            os.kill(server._forkserver_pid, signal.SIGKILL)
    server._stop()
    multiprocessing.resource_tracker._resource_tracker._stop()


def by_itself(shell: object) -> None:
    """Have the kernel of an IPython shell do so when it is told to end; other shells are left alone."""
    kernel = getattr(shell, "kernel", None)
    if kernel is None or getattr(kernel.do_shutdown, "stops_children", False):
        return
    shut_down = kernel.do_shutdown

    def do_shutdown(restart: bool) -> object:
        stop()
        return shut_down(restart)

    do_shutdown.stops_children = True
    kernel.do_shutdown = do_shutdown
