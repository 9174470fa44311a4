"""How much a service takes at once, and the guard at its door that refuses the rest before it is read."""

import dataclasses

import fastapi
import starlette.types

TOO_LARGE, BUSY = 413, 503


@dataclasses.dataclass(frozen=True)
class Limits:
    """What one service takes.

    Attributes:
        body_bytes: the longest body of a request.
        rows: the most rows in one request.
        largest: how far a number may be from zero.
        at_once: how many requests the model answers at the same time.
        waiting: how many more may wait for their turn.
    """

    body_bytes: int = 1_000_000
    rows: int = 1_000
    largest: float = 1e9
    at_once: int = 2
    waiting: int = 64


class Guard:
    """ASGI middleware: a body over the limit is answered with 413, whatever its headers promise."""

    def __init__(self, application: starlette.types.ASGIApp, body_bytes: int) -> None:
        self.application = application
        self.body_bytes = body_bytes

    async def __call__(
        self, scope: starlette.types.Scope, receive: starlette.types.Receive, send: starlette.types.Send
    ) -> None:
        """Read the body up to the limit, then let the service have it; or refuse."""
        if scope["type"] != "http":
            await self.application(scope, receive, send)
            return
        body, more = b"", True
        while more:
            message = await receive()
            if message["type"] != "http.request":
                return  # the client has gone
            body, more = body + message.get("body", b""), message.get("more_body", False)
            if len(body) > self.body_bytes:
                sentence = f"The body is longer than {self.body_bytes:,} bytes. Send fewer rows at once."
                await refusal(TOO_LARGE, sentence)(scope, receive, send)
                return
        messages = iter([{"type": "http.request", "body": body, "more_body": False}])

        async def replay() -> starlette.types.Message:
            return next(messages, None) or await receive()

        await self.application(scope, replay, send)


def refusal(status: int, sentence: str) -> fastapi.responses.JSONResponse:
    """An answer that says no: TensorFlow Serving's form, with the sentence under "error"."""
    headers = {"Retry-After": "1"} if status == BUSY else None
    return fastapi.responses.JSONResponse({"error": sentence}, status, headers)
