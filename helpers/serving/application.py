"""The service itself: routes, and what becomes of each request."""

import collections.abc
import contextlib
import os
import threading

import anyio
import anyio.to_thread
import fastapi
import fastapi.openapi.utils
from helpers import service
from helpers.serving import description, keeping, limits
import numpy

VERSION_HEADER = "X-Model-Version"  # which version has answered


def application(
    name: str, store: str | os.PathLike, bounds: limits.Limits | None = None, seconds: float = 0.5
) -> fastapi.FastAPI:
    """The service for one model: `store` holds numbered SavedModels that take rows of floats.

    Args:
        name: what clients call it, as in /v1/models/digits.
        store: a folder, or an fsspec address such as "s3://models/digits"; looked at again every so many
            `seconds`.
        bounds: how much it takes at once.
    """
    bounds = bounds or limits.Limits()
    keeper = keeping.Keeper(store, seconds)
    queue = _Queue(bounds)

    @contextlib.asynccontextmanager
    async def lifespan(_: fastapi.FastAPI) -> collections.abc.AsyncIterator[None]:
        await anyio.to_thread.run_sync(keeper.start)
        yield
        await anyio.to_thread.run_sync(keeper.stop)

    app = fastapi.FastAPI(title=f"predictions by {name}", lifespan=lifespan)
    app.state.keeper = keeper
    app.add_middleware(limits.Guard, body_bytes=bounds.body_bytes)
    base = f"/v1/models/{name}"
    status, metadata, answer = (description.responses(kind) for kind in ("status", "metadata", "predictions"))

    @app.exception_handler(keeping.Unknown)
    async def unknown(_: fastapi.Request, reason: keeping.Unknown) -> fastapi.Response:
        return limits.refusal(404, str(reason))

    @app.exception_handler(keeping.NothingReady)
    async def nothing_ready(_: fastapi.Request, reason: keeping.NothingReady) -> fastapi.Response:
        return limits.refusal(limits.BUSY, str(reason))

    @app.exception_handler(fastapi.exceptions.RequestValidationError)
    async def no_number(request: fastapi.Request, _: Exception) -> fastapi.Response:
        return limits.refusal(404, f"{request.url.path} names no version. Expected: a whole number.")

    @app.get(base, responses=status)
    async def state_of_all() -> fastapi.Response:
        return _states(keeper.states())

    @app.get(f"{base}/versions/{{version}}", responses=status)
    async def state_of_one(version: description.Version) -> fastapi.Response:
        return _states(keeper.states(version))

    @app.get(f"{base}/metadata", responses=metadata)
    async def describe() -> fastapi.Response:
        return _described(name, keeper.answering())

    @app.get(f"{base}/versions/{{version}}/metadata", responses=metadata)
    async def describe_one(version: description.Version) -> fastapi.Response:
        return _described(name, keeper.version(version))

    @app.post(f"{base}:predict", responses=answer)
    async def predict(request: fastapi.Request) -> fastapi.Response:
        return await _predict(keeper, queue, bounds, await request.body(), None)

    @app.post(f"{base}/versions/{{version}}:predict", responses=answer)
    async def predict_by(version: description.Version, request: fastapi.Request) -> fastapi.Response:
        return await _predict(keeper, queue, bounds, await request.body(), version)

    app.openapi = lambda: _openapi(app, keeper, bounds)
    return app


class _Queue:
    """Counts the requests that are answered or wait; a full one refuses at once."""

    def __init__(self, bounds: limits.Limits) -> None:
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
    keeper: keeping.Keeper, queue: _Queue, bounds: limits.Limits, body: bytes, number: int | None
) -> fastapi.Response:
    version = keeper.version(number)
    try:
        rows = service.rows(body, version.width, bounds.largest)
    except service.BadRequest as reason:
        return limits.refusal(reason.status, str(reason))
    if len(rows) > bounds.rows:
        return limits.refusal(400, f"There are {len(rows):,} rows. Expected: {bounds.rows:,} at most.")
    with queue.place() as taken:
        if not taken:
            return limits.refusal(limits.BUSY, "Too many requests are waiting. Ask again in a second.")
        answers = await anyio.to_thread.run_sync(version.predict, rows, limiter=queue.limiter)
    if not numpy.isfinite(answers).all():
        return limits.refusal(
            400, "The model's answer to these rows is not finite. Are the values far too large?"
        )
    headers = {VERSION_HEADER: str(version.number)}
    return fastapi.responses.JSONResponse({"predictions": answers.tolist()}, headers=headers)


def _openapi(app: fastapi.FastAPI, keeper: keeping.Keeper, bounds: limits.Limits) -> dict[str, object]:
    """The description as FastAPI writes it, and in it how many numbers a row has, if a version knows."""
    said = fastapi.openapi.utils.get_openapi(title=app.title, version="1", routes=app.routes)
    with contextlib.suppress(keeping.NothingReady):
        body = description.body(bounds.rows, keeper.answering().width, bounds.largest)
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


def _described(name: str, version: object) -> fastapi.Response:
    spec = {"name": name, "signature_name": "", "version": str(version.number)}
    content = {"model_spec": spec, "metadata": version.metadata()}
    return fastapi.responses.JSONResponse(content, headers={VERSION_HEADER: str(version.number)})
