"""Starts a service file in a process of its own, on a free port of this machine, and stops it again."""

import importlib
import os
import pathlib
import socket
import subprocess
import sys
import threading

from helpers import fresh_child, own_machine, stop

ADDRESS = "127.0.0.1"


class Server:
    """A running service; `address` is where it listens. It ends with `stop()`, and with this kernel."""

    def __init__(self, module: str) -> None:
        """Start `application` of a Python module in the current folder, such as "digits_service".

        Raises:
            stop.Stop: the service ended before it listened; the text holds its last line.
        """
        own_machine.go_straight()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "helpers.server", module],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env=_environment(),
        )
        said = self._process.stdout.readline().strip()
        if not said.startswith("http://"):
            self.stop()
            raise stop.Stop(f"the service {module!r} did not start: {said or 'it ended without a word'}.")
        self.address = said

    def stop(self) -> None:
        """End the service and wait until it is gone. Stopping twice does nothing more."""
        if not self._process.stdin.closed:
            self._process.stdin.close()  # the service ends itself when this pipe closes
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process.stdout.close()


def _environment() -> dict[str, str]:
    root = str(pathlib.Path(__file__).parent.parent)
    return {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(filter(None, [root, os.environ.get("PYTHONPATH", "")])),
    }


def serve(module: str) -> None:
    """The other side: listen on a free port, say where, and go on until standard input closes."""
    from helpers import backend  # noqa: F401  (quiet, and the backend of the course)
    import uvicorn

    sys.path.insert(0, "")
    # With its protocol named, asyncio sends each part of an answer at once. Otherwise the second part waits
    # for the client's receipt of the first, 40 milliseconds a request.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.bind((ADDRESS, 0))
    listener.listen()
    try:
        service = importlib.import_module(module).application
    except Exception as error:  # whatever the file does wrong, the notebook wants to hear it
        print(fresh_child.one_line(error), flush=True)
        sys.exit(1)
    server = uvicorn.Server(uvicorn.Config(service, log_level="critical", access_log=False))

    def wait() -> None:
        sys.stdin.read()
        server.should_exit = True

    threading.Thread(target=wait, daemon=True).start()
    print(f"http://{ADDRESS}:{listener.getsockname()[1]}", flush=True)
    server.run(sockets=[listener])


if __name__ == "__main__":
    serve(sys.argv[1])
