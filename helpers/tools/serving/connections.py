"""Bounds for connections, and the server with which a service is run.

uvicorn itself closes a connection that is idle after an answer. It waits without end for a request that never
comes or never ends, and takes any number of connections. This protocol ends both.
"""

import asyncio
import http
import json
import os
import socket
import typing

import fastapi
import uvicorn
from uvicorn.protocols.http import httptools_impl

SECONDS = 10.0  # for a request to arrive, counted from its first byte or from the connection
IDLE_SECONDS = 15  # without a request after an answer
HEAD_BYTES = 65_536
MOST = 500
GRACE = 30  # seconds that a stop waits for what is under way


def most() -> int:
    """How many connections are kept: half of what this process may open, and MOST at the utmost."""
    try:
        import resource
    except ModuleNotFoundError:  # Windows
        return MOST
    allowed, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return MOST if allowed == resource.RLIM_INFINITY else min(MOST, max(8, allowed // 2))


class Connection(httptools_impl.HttpToolsProtocol):
    """One connection: a request has a time limit, and where all are taken, the longest idle one goes."""

    most = MOST

    def __init__(self, *arguments: typing.Any, **named: typing.Any) -> None:
        super().__init__(*arguments, **named)
        self._timer: asyncio.TimerHandle | None = None  # runs while a request has not arrived
        self._since = self.loop.time()  # when its time began, or the last answer ended
        self._in_head, self._head = False, 0  # whether a head has begun and not ended, and its bytes

    def connection_made(self, transport: asyncio.Transport) -> None:
        """Take it, if one may be closed for it."""
        super().connection_made(transport)
        self._await_request()
        if len(self.connections) <= self.most:
            return
        idle = [one for one in self.connections if one is not self and one.is_idle]
        if idle:
            min(idle, key=lambda one: one._since).transport.abort()
        else:
            self._say(503, "Too many connections are open. Ask again in a second.")

    @property
    def is_idle(self) -> bool:
        """Whether nothing has to be answered on it."""
        waits = self._timer is not None or self.timeout_keep_alive_task is not None
        return waits and not self.transport.is_closing()

    def data_received(self, data: bytes) -> None:
        """Read on, as long as the head is not longer than any head has to be."""
        begun = self.cycle
        super().data_received(data)
        # After a whole request only what comes next belongs to the head; it is counted from then on.
        self._head = self._head + len(data) if self._in_head and self.cycle is begun else 0
        if self._head > HEAD_BYTES:
            self._say(431, f"The head of the request is longer than {HEAD_BYTES:,} bytes.")

    def on_message_begin(self) -> None:
        """The first byte of a request: its time begins."""
        super().on_message_begin()
        self._in_head = True
        self._await_request()

    def on_headers_complete(self) -> None:
        """The last byte of a head."""
        self._in_head = False
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """The last byte of a request."""
        self._end_timer()
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """An answer has been sent."""
        self._since = self.loop.time()
        super().on_response_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        """It is closed, whoever did it."""
        self._end_timer()
        super().connection_lost(exc)

    def send_400_response(self, msg: str) -> None:
        """What is no HTTP gets an answer in the form of all others."""
        self._say(400, msg)

    def _await_request(self) -> None:
        self._end_timer()
        self._since = self.loop.time()
        self._timer = self.loop.call_later(SECONDS, self._too_late)

    def _end_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _too_late(self) -> None:
        self._say(408, f"The request did not arrive within {SECONDS:g} seconds.")

    def _say(self, status: int, sentence: str) -> None:
        """Answer at once, unless an answer is under way, and close."""
        if self.transport.is_closing():
            return
        if self.cycle is None or not self.cycle.response_started or self.cycle.response_complete:
            body = json.dumps({"error": sentence}).encode()
            head = (
                f"HTTP/1.1 {status} {http.HTTPStatus(status).phrase}\r\ncontent-type: application/json\r\n"
                f"content-length: {len(body)}\r\nconnection: close\r\n"
            )
            retry = "retry-after: 1\r\n" if status == http.HTTPStatus.SERVICE_UNAVAILABLE else ""
            self.transport.write(f"{head}{retry}\r\n".encode() + body)
        self.transport.close()


def listener(host: str, port: int) -> socket.socket:
    """A socket that listens; port 0 is any free one.

    With its protocol named, asyncio sends each part of an answer at once. Otherwise the second part waits for
    the client's receipt of the first, 40 milliseconds a request.

    Raises:
        OSError, OverflowError: nothing can listen there.
    """
    found = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if os.name == "posix":  # elsewhere it means that two may listen at one port
            found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        found.bind((host, port))
        found.listen(backlog())
    except BaseException:
        found.close()
        raise
    return found


def backlog() -> int:
    """So many connections may be taken before one is closed for them."""
    return min(128, most() // 2)


def server(application: fastapi.FastAPI, log_level: str) -> uvicorn.Server:
    """The server that runs a service, with bounds for its connections."""
    bounded = type("Bounded", (Connection,), {"most": most()})
    return uvicorn.Server(
        uvicorn.Config(
            application,
            http=bounded,
            ws="none",
            backlog=backlog(),
            timeout_keep_alive=IDLE_SECONDS,
            timeout_graceful_shutdown=GRACE,
            log_level=log_level,
            access_log=False,
        )
    )
