"""Starts a service file in a process of its own, on a free port of this machine, and stops it again.

The process is forked from the fork server of `%%fresh` where there is one, which has imported TensorFlow
already. Elsewhere a new Python does the same and takes a few seconds longer.
"""

import collections
import contextlib
import importlib
import logging
import multiprocessing.connection
import os
import sys
import threading
import weakref

from helpers.core import errors, localhost, process_child, processes

ADDRESS = "127.0.0.1"
PATIENCE = 35  # seconds for a stop: what is under way is answered before
_RUNNING: weakref.WeakSet = weakref.WeakSet()


class Server:
    """A running service; `address` is where it listens. It ends with `stop()`, and with this kernel."""

    def __init__(self, module: str) -> None:
        """Start `application` of a Python module in the current folder, such as "digits_service".

        Raises:
            errors.Stop: the service ended before it listened; the text holds its last line.
        """
        localhost.go_straight()
        self._module, self._stopped = module, False
        self._lines: collections.deque[str] = collections.deque(maxlen=200)
        self._process, self._connection = processes.converse(serve, module, os.getcwd(), dict(os.environ))
        said = "it ended without a word"
        with contextlib.suppress(EOFError, OSError):
            said = self._connection.recv()
        if not said.startswith("http://"):
            self.stop()
            raise errors.Stop(f"the service {module!r} did not start: {said}.")
        self.address = said
        _RUNNING.add(self)
        self._listener = threading.Thread(target=_listen, args=[self], daemon=True)
        self._listener.start()

    @property
    def log(self) -> str:
        """What the service has noted: versions that were not ready, faults of its own. Empty if nothing."""
        return "\n".join(self._lines)

    def stop(self) -> None:
        """End the service and wait until it is gone. Stopping twice does nothing more."""
        self._stopped = True
        _RUNNING.discard(self)
        with contextlib.suppress(OSError):
            self._connection.send(None)  # the service ends itself at this, or when nobody holds the other end
        self._process.join(PATIENCE)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()
        self._connection.close()


def serve(
    starter: multiprocessing.connection.Connection, module: str, folder: str, environment: dict[str, str]
) -> None:
    """The other side: listen on a free port, say where, and go on until the starter is gone."""
    _settle(folder, environment)
    from helpers.core import backend  # noqa: F401  (quiet, and the backend of the course)
    from helpers.tools.serving import connections

    listener = connections.listener(ADDRESS, 0)
    try:
        service = importlib.import_module(module).application
    except Exception as error:  # whatever the file does wrong, the notebook wants to hear it
        starter.send(errors.one_line(error))
        sys.exit(1)
    server = connections.server(service, log_level="error")

    def wait() -> None:
        with contextlib.suppress(EOFError, OSError):
            starter.recv()
        server.should_exit = True

    threading.Thread(target=wait, daemon=True).start()
    starter.send(f"http://{ADDRESS}:{listener.getsockname()[1]}")
    for name in ("helpers", "uvicorn"):
        logging.getLogger(name).addHandler(_Teller(starter))
    server.run(sockets=[listener])


class _Teller(logging.Handler):
    """Tells the notebook what the service logs: whether it is a fault, and the text."""

    def __init__(self, starter: multiprocessing.connection.Connection) -> None:
        super().__init__(logging.WARNING)
        self._starter = starter

    def emit(self, record: logging.LogRecord) -> None:
        """Send one record; a notebook that has gone misses nothing."""
        with contextlib.suppress(OSError, ValueError):
            self._starter.send((record.levelno >= logging.ERROR, self.format(record)))


def _listen(server: Server) -> None:
    """Collect what a service logs. A fault, or an end that nobody asked for, is shown where it happens."""
    while True:
        try:
            fault, text = server._connection.recv()
        except (EOFError, OSError, TypeError):
            break
        server._lines.append(text)
        if fault:
            print(f"The service {server._module} failed:\n{text}", file=sys.stderr)
    if not server._stopped:
        print(f"The service {server._module} ended by itself.\n{server.log}".rstrip(), file=sys.stderr)


def logs() -> str:
    """What the running services of this notebook have noted, for whoever waits for one in vain."""
    return "\n".join(server.log for server in _RUNNING if server.log)


def _settle(folder: str, environment: dict[str, str]) -> None:
    """Work in the learner's folder, with the learner's environment, and print nothing into the notebook."""
    process_child.settle(folder, environment)
    sys.path.insert(0, "")
    process_child.print_nowhere()
