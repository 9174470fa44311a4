"""What a service takes at once, and the door that keeps out the rest before it is read."""

import asyncio
import collections.abc
import contextlib
import dataclasses
import time

import fastapi
from helpers.tools.serving import metrics
import starlette.types

TOO_LARGE, BUSY = 413, 503
LARGE = 32_768  # bytes of a body from which on a request takes turns with others of its size
BEGAN = "began"  # where a request says when it came, in the time of the event loop
PREDICT = ":predict"  # how the path of a request ends that costs the model's time


@dataclasses.dataclass(frozen=True)
class Limits:
    """What one service takes.

    Attributes:
        body_bytes: the longest body of a request.
        rows: the most rows in one request.
        largest: how far a float may be from zero.
        at_once: how many requests the model answers at the same time.
        waiting: how many more may wait for their turn.
        patience: seconds from its beginning that a request waits for its turn; then, and where too many wait,
            it is refused.
    """

    body_bytes: int = 1_000_000
    rows: int = 1_000
    largest: float = 1e9
    at_once: int = 2
    waiting: int = 200
    patience: float = 0.6


def refusal(status: int, sentence: str) -> fastapi.responses.JSONResponse:
    """An answer that says no: TensorFlow Serving's form, with the sentence under "error"."""
    headers = {"Retry-After": "1"} if status == BUSY else None
    return fastapi.responses.JSONResponse({"error": sentence}, status, headers)


class Queue:
    """Requests whose body has arrived wait here for the model, first come, first served.

    A large request waits for other large ones first. So however many of them come, they hold one of the
    places at a time, and small ones pass by the others.
    """

    def __init__(self, bounds: Limits) -> None:
        self._bounds = bounds
        self._places = asyncio.Semaphore(bounds.at_once)
        self._large = asyncio.Semaphore(1)
        self._inside = 0

    @property
    def full(self) -> bool:
        """Whether no more may wait."""
        return self._inside >= self._bounds.at_once + self._bounds.waiting

    @contextlib.asynccontextmanager
    async def turn(self, length: int, began: float) -> collections.abc.AsyncIterator[bool]:
        """Wait for the turn of a request with a body of so many bytes; whether it came in time.

        The patience counts from when it `began`, in the time of the event loop: where many come at once, to
        read them takes as long as to answer them.
        """
        self._inside += 1
        try:
            async with contextlib.AsyncExitStack() as held:
                in_time = True
                try:
                    async with asyncio.timeout_at(began + self._bounds.patience):
                        for places in [self._large] * (length > LARGE) + [self._places]:
                            await held.enter_async_context(places)
                except TimeoutError:
                    in_time = False
                    await held.aclose()
                yield in_time
        finally:
            self._inside -= 1


class Door:
    """ASGI middleware: what is too long or comes while too many wait is refused before it is understood."""

    def __init__(
        self,
        application: starlette.types.ASGIApp,
        bounds: Limits,
        queue: Queue,
        meter: metrics.Meter,
    ) -> None:
        self._application = application
        self._bounds = bounds
        self._queue = queue
        self._meter = meter

    async def __call__(
        self, scope: starlette.types.Scope, receive: starlette.types.Receive, send: starlette.types.Send
    ) -> None:
        """Let a request in with its whole body, or refuse it; requests to the model are counted."""
        if scope["type"] != "http":
            await self._application(scope, receive, send)
            return
        began, status = time.perf_counter(), 500
        scope[BEGAN] = asyncio.get_running_loop().time()

        async def noted(message: starlette.types.Message) -> None:
            nonlocal status
            status = message.get("status", status)
            await send(message)

        asks = scope["path"].endswith(PREDICT)
        try:
            if asks and self._queue.full:
                # Who is refused at once asks again at once. So the refusal takes as long as a turn would.
                await asyncio.sleep(self._bounds.patience)
                await busy()(scope, receive, noted)
            else:
                await self._let_in(scope, receive, noted)
        finally:
            if asks:
                self._meter.note(status, time.perf_counter() - began)

    async def _let_in(
        self, scope: starlette.types.Scope, receive: starlette.types.Receive, send: starlette.types.Send
    ) -> None:
        body, more = bytearray(), True
        while more:
            message = await receive()
            if message["type"] != "http.request":
                return  # the client has gone
            body += message.get("body", b"")
            more = message.get("more_body", False)
            if len(body) > self._bounds.body_bytes:
                said = f"The body is longer than {self._bounds.body_bytes:,} bytes. Send fewer rows at once."
                refused = refusal(TOO_LARGE, said)
                refused.headers["Connection"] = "close"  # the rest of it is not read
                await refused(scope, receive, send)
                return
        messages = iter([{"type": "http.request", "body": bytes(body), "more_body": False}])

        async def replay() -> starlette.types.Message:
            return next(messages, None) or await receive()

        await self._application(scope, replay, send)


def busy() -> fastapi.responses.JSONResponse:
    """The refusal where too many requests wait."""
    return refusal(BUSY, "Too many requests are waiting. Ask again in a second.")
