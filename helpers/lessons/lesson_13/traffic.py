"""Steady requests to a service, so many a second whatever it does, and what came of each of them."""

import collections.abc
import concurrent.futures
import contextlib
import itertools
import random
import threading
import time
import typing

from helpers.tools.serving import local_server
import httpx
import numpy


def until(condition: collections.abc.Callable[[], bool], seconds: float = 60) -> None:
    """Wait until a condition holds, or until its time is over: then the log of the service says why."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() >= end:
            print(f"It did not come in {seconds:g} seconds. The service notes:\n{local_server.logs()}")
            return
        time.sleep(0.1)


class Request(typing.NamedTuple):
    """One request and its answer.

    Attributes:
        second: when it was sent, in seconds after the first.
        wait: seconds until the answer.
        status: the HTTP status; 0 if no answer came at all.
        version: which version answered; 0 if none did.
        right: whether it named the digit.
        user: who asked.
        digit: the place of the digit among the rows.
    """

    second: float
    wait: float
    status: int
    version: int
    right: bool
    user: str = ""
    digit: int = 0


class Load:
    """Users ask for digits until `stop()`, or until this kernel ends; both are drawn by lot.

    The next request is sent when its time has come, answered or not: a service that stands still is seen.
    """

    def __init__(
        self,
        address: str,
        rows: numpy.ndarray,
        labels: numpy.ndarray,
        each_second: float = 30,
        users: int = 500,
    ) -> None:
        """Begin. `address` ends in :predict; `rows` has shape (digits, 64), `labels` (digits,)."""
        self.requests: list[Request] = []
        self._address = address
        self._digits = list(zip(rows.tolist(), labels.tolist(), strict=True))
        self._users = users
        self._lots = random.Random(7)
        self._pause = 1 / each_second
        self._stopped = threading.Event()
        self._began = time.perf_counter()
        self._thread = threading.Thread(target=self._send, name="load", daemon=True)
        self._thread.start()

    def stop(self) -> list[Request]:
        """Send no more, wait for what is under way, and return all requests in the order of sending."""
        self._stopped.set()
        self._thread.join()
        self.requests.sort()
        return self.requests

    def now(self) -> float:
        """Seconds after the first request."""
        return time.perf_counter() - self._began

    def _send(self) -> None:
        with (
            # The service is on this machine: no setting of a proxy concerns it.
            httpx.Client(timeout=60, trust_env=False) as client,
            concurrent.futures.ThreadPoolExecutor(32, "load") as senders,
        ):
            for count in itertools.count():
                if self._stopped.wait(max(0.0, count * self._pause - self.now())):
                    return
                with contextlib.suppress(RuntimeError):  # Python is ending, and takes no more work
                    user = f"user-{self._lots.randrange(self._users)}"
                    senders.submit(self._ask, client, user, self._lots.randrange(len(self._digits)))

    def _ask(self, client: httpx.Client, user: str, digit: int) -> None:
        row, label = self._digits[digit]
        second, status, version, right = self.now(), 0, 0, False
        try:
            reply = client.post(self._address, json={"instances": [row]}, headers={"X-User": user})
            status = reply.status_code
            if status == 200:
                version = int(reply.headers.get("X-Model-Version", 0))  # TensorFlow Serving does not say
                right = int(numpy.argmax(reply.json()["predictions"][0])) == label
        except httpx.HTTPError:
            pass  # no answer: status stays 0
        self.requests.append(Request(second, self.now() - second, status, version, right, user, digit))
