"""The service itself: routes, and what becomes of each request."""

import collections.abc
import contextlib
import dataclasses
import os
import threading
import typing

import anyio
import anyio.to_thread
import fastapi
import fastapi.openapi.utils
from helpers.tools.serving import loading, service, watcher
import numpy
import starlette.types

# What the service says of itself in its OpenAPI page: the form of requests and of answers.


Version = typing.Annotated[int, fastapi.Path(ge=1, lt=10**18, description="a version of the store")]
_TEXT = {"type": "string"}
_FORMS = {
    "status": {
        "type": "object",
        "required": ["model_version_status"],
        "properties": {
            "model_version_status": {
                "type": "array",
                "items": {"type": "object", "required": ["version", "state", "status"]},
            }
        },
    },
    "metadata": {"type": "object", "required": ["model_spec", "metadata"]},
    "predictions": {
        "type": "object",
        "required": ["predictions"],
        "properties": {"predictions": {"type": "array", "minItems": 1}},
    },
}
_ERROR = {"type": "object", "required": ["error"], "properties": {"error": _TEXT}}
_REFUSALS = {
    400: "The numbers cannot be a batch: none, ragged, another width, not finite, too many.",
    404: "There is no such version.",
    413: "The body is too long.",
    422: "The body is not what was agreed: no JSON, no list of rows, text for numbers.",
    503: "Too many requests wait, or no version is ready yet.",
}


def responses(kind: str) -> dict[int | str, dict[str, object]]:
    """Every status an answer of this kind may have, with its form."""
    statuses = _REFUSALS if kind == "predictions" else {key: _REFUSALS[key] for key in (404, 413, 503)}
    said = {status: _described(text, _ERROR) for status, text in statuses.items()}
    return {200: _described("As in TensorFlow Serving.", _FORMS[kind]), **said}


def request_body(rows: int, width: int, largest: float) -> dict[str, object]:
    """What a request for predictions holds: a list of rows, each a list of `width` numbers."""
    number = {"type": "number", "minimum": -largest, "maximum": largest}
    row = {"type": "array", "minItems": width, "maxItems": width, "items": number}
    instances = {"type": "array", "minItems": 1, "maxItems": rows, "items": row}
    schema = {"type": "object", "required": ["instances"], "properties": {"instances": instances}}
    return {"required": True, "content": {"application/json": {"schema": schema}}}


def _described(text: str, schema: dict[str, object]) -> dict[str, object]:
    return {"description": text, "content": {"application/json": {"schema": schema}}}


# How much a service takes at once, and the guard at its door that refuses the rest before it is read.


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


VERSION_HEADER = "X-Model-Version"  # which version has answered
USER_HEADER = "X-User"  # who asks: a canary answers the same users all the time


def application(
    name: str, store: str | os.PathLike, bounds: Limits | None = None, seconds: float = 0.5
) -> fastapi.FastAPI:
    """The service for one model: `store` holds numbered SavedModels that take rows of floats.

    Args:
        name: what clients call it, as in /v1/models/digits.
        store: a folder, or an fsspec address such as "s3://models/digits"; looked at again every so many
            `seconds`.
        bounds: how much it takes at once.
    """
    bounds = bounds or Limits()
    keeper = watcher.Keeper(store, seconds)
    queue = _Queue(bounds)

    @contextlib.asynccontextmanager
    async def lifespan(_: fastapi.FastAPI) -> collections.abc.AsyncIterator[None]:
        await anyio.to_thread.run_sync(keeper.start)
        yield
        await anyio.to_thread.run_sync(keeper.stop)

    app = fastapi.FastAPI(title=f"predictions by {name}", lifespan=lifespan)
    app.state.keeper = keeper
    app.add_middleware(Guard, body_bytes=bounds.body_bytes)
    base = f"/v1/models/{name}"
    status, metadata, answer = (responses(kind) for kind in ("status", "metadata", "predictions"))

    @app.exception_handler(watcher.Unknown)
    async def unknown(_: fastapi.Request, reason: watcher.Unknown) -> fastapi.Response:
        return refusal(404, str(reason))

    @app.exception_handler(watcher.NothingReady)
    async def nothing_ready(_: fastapi.Request, reason: watcher.NothingReady) -> fastapi.Response:
        return refusal(BUSY, str(reason))

    @app.exception_handler(fastapi.exceptions.RequestValidationError)
    async def no_number(request: fastapi.Request, _: Exception) -> fastapi.Response:
        return refusal(404, f"{request.url.path} names no version. Expected: a whole number.")

    @app.get(base, responses=status)
    async def state_of_all() -> fastapi.Response:
        return _states(keeper.states())

    @app.get(f"{base}/versions/{{version}}", responses=status)
    async def state_of_one(version: Version) -> fastapi.Response:
        return _states(keeper.states(version))

    @app.get(f"{base}/metadata", responses=metadata)
    async def describe() -> fastapi.Response:
        return _metadata(name, keeper.answering())

    @app.get(f"{base}/versions/{{version}}/metadata", responses=metadata)
    async def describe_one(version: Version) -> fastapi.Response:
        return _metadata(name, keeper.version(version))

    @app.post(f"{base}:predict", responses=answer)
    async def predict(request: fastapi.Request) -> fastapi.Response:
        user = request.headers.get(USER_HEADER)
        return await _predict(keeper, queue, bounds, await request.body(), None, user)

    @app.post(f"{base}/versions/{{version}}:predict", responses=answer)
    async def predict_by(version: Version, request: fastapi.Request) -> fastapi.Response:
        return await _predict(keeper, queue, bounds, await request.body(), version)

    app.openapi = lambda: _openapi(app, keeper, bounds)
    return app


class _Queue:
    """Counts the requests that are answered or wait; a full one refuses at once."""

    def __init__(self, bounds: Limits) -> None:
        self.limiter = anyio.CapacityLimiter(bounds.at_once)
        self._places = threading.BoundedSemaphore(bounds.at_once + bounds.waiting)

    @contextlib.contextmanager
    def place(self) -> collections.abc.Iterator[bool]:
        """Whether there was a place; it is free again afterwards."""
        taken = self._places.acquire(blocking=False)
        try:
            yield taken
        finally:
            if taken:
                self._places.release()


async def _predict(
    keeper: watcher.Keeper,
    queue: _Queue,
    bounds: Limits,
    body: bytes,
    number: int | None,
    user: str | None = None,
) -> fastapi.Response:
    version = keeper.version(number, user)
    try:
        rows = service.rows(body, version.width, bounds.largest)
    except service.BadRequest as reason:
        return refusal(reason.status, str(reason))
    if len(rows) > bounds.rows:
        return refusal(400, f"There are {len(rows):,} rows. Expected: {bounds.rows:,} at most.")
    with queue.place() as taken:
        if not taken:
            return refusal(BUSY, "Too many requests are waiting. Ask again in a second.")
        failed = True
        try:
            answers = await anyio.to_thread.run_sync(version.predict, rows, limiter=queue.limiter)
            failed = not loading.finite(answers)
        finally:  # a model may also raise
            if number is None:
                keeper.note(version.number, failed)
    if failed:
        return refusal(400, "The model's answer to these rows is not finite. Are the values far too large?")
    headers = {VERSION_HEADER: str(version.number)}
    return fastapi.responses.JSONResponse({"predictions": _listed(answers)}, headers=headers)


def _listed(answers: numpy.ndarray | dict[str, numpy.ndarray]) -> list:
    """The answers row by row: of several outputs, each row is an object of their names."""
    if not isinstance(answers, dict):
        return answers.tolist()
    columns = {name: array.tolist() for name, array in answers.items()}
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def _openapi(app: fastapi.FastAPI, keeper: watcher.Keeper, bounds: Limits) -> dict[str, object]:
    """The description as FastAPI writes it, and in it how many numbers a row has, if a version knows."""
    said = fastapi.openapi.utils.get_openapi(title=app.title, version="1", routes=app.routes)
    with contextlib.suppress(watcher.NothingReady):
        body = request_body(bounds.rows, keeper.answering().width, bounds.largest)
        for operations in said["paths"].values():
            if "post" in operations:
                operations["post"]["requestBody"] = body
    return said


def _states(rows: list[tuple[int, str, str]]) -> fastapi.Response:
    said = [
        {
            "version": str(number),
            "state": state,
            "status": {"error_code": "UNKNOWN" if reason else "OK", "error_message": reason},
        }
        for number, state, reason in rows
    ]
    return fastapi.responses.JSONResponse({"model_version_status": said})


def _metadata(name: str, version: object) -> fastapi.Response:
    spec = {"name": name, "signature_name": "", "version": str(version.number)}
    content = {"model_spec": spec, "metadata": version.metadata()}
    return fastapi.responses.JSONResponse(content, headers={VERSION_HEADER: str(version.number)})
