"""Starts a service file in a process of its own, on a free port of this machine, and stops it again.

The process is forked from the fork server of `%%fresh` where there is one, which has imported TensorFlow
already. Elsewhere a new Python does the same and takes a few seconds longer.
"""

import contextlib
import importlib
import multiprocessing.connection
import os
import socket
import sys
import threading

from helpers.core import errors, localhost, process_child, processes

ADDRESS = "127.0.0.1"


class Server:
    """A running service; `address` is where it listens. It ends with `stop()`, and with this kernel."""

    def __init__(self, module: str) -> None:
        """Start `application` of a Python module in the current folder, such as "digits_service".

        Raises:
            errors.Stop: the service ended before it listened; the text holds its last line.
        """
        localhost.go_straight()
        self._process, self._connection = processes.converse(serve, module, os.getcwd(), dict(os.environ))
        said = "it ended without a word"
        with contextlib.suppress(EOFError, OSError):
            said = self._connection.recv()
        if not said.startswith("http://"):
            self.stop()
            raise errors.Stop(f"the service {module!r} did not start: {said}.")
        self.address = said

    def stop(self) -> None:
        """End the service and wait until it is gone. Stopping twice does nothing more."""
        self._connection.close()  # the service ends itself when nobody holds the other end
        self._process.join(10)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()


def serve(
    starter: multiprocessing.connection.Connection, module: str, folder: str, environment: dict[str, str]
) -> None:
    """The other side: listen on a free port, say where, and go on until the starter is gone."""
    _settle(folder, environment)
    from helpers.core import backend  # noqa: F401  (quiet, and the backend of the course)
    import uvicorn

    # With its protocol named, asyncio sends each part of an answer at once. Otherwise the second part waits
    # for the client's receipt of the first, 40 milliseconds a request.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.bind((ADDRESS, 0))
    listener.listen()
    try:
        service = importlib.import_module(module).application
    except Exception as error:  # whatever the file does wrong, the notebook wants to hear it
        starter.send(errors.one_line(error))
        sys.exit(1)
    server = uvicorn.Server(uvicorn.Config(service, log_level="critical", access_log=False))

    def wait() -> None:
        with contextlib.suppress(EOFError, OSError):
            starter.recv()
        server.should_exit = True

    threading.Thread(target=wait, daemon=True).start()
    starter.send(f"http://{ADDRESS}:{listener.getsockname()[1]}")
    server.run(sockets=[listener])


def _settle(folder: str, environment: dict[str, str]) -> None:
    """Work in the learner's folder, with the learner's environment, and print nothing into the notebook."""
    process_child.settle(folder, environment)
    sys.path.insert(0, "")
    process_child.print_nowhere()
