"""The service itself: routes, and what becomes of each request."""

import collections.abc
import contextlib
import logging
import os
import typing

import anyio.to_thread
import fastapi
from helpers.tools.serving import contract, description, door, loading, metrics, tensors, watcher
from helpers.tools.serving.door import refusal
import starlette.exceptions

VERSION_HEADER = "X-Model-Version"  # which version has answered
OK = 200
LOG = logging.getLogger("helpers.tools.serving")
USER_HEADER = "X-User"  # who asks: a canary answers the same users all the time
Version = typing.Annotated[
    str, fastapi.Path(pattern="^[1-9][0-9]{0,17}$", description="a version of the store")
]


def application(
    name: str, store: str | os.PathLike, bounds: door.Limits | None = None, seconds: float = 0.5
) -> fastapi.FastAPI:
    """The service for one model: `store` holds numbered SavedModels.

    Args:
        name: what clients call it, as in /v1/models/digits.
        store: a folder, or an fsspec address such as "s3://models/digits"; looked at again every so many
            `seconds`.
        bounds: how much it takes at once.
    """
    bounds = bounds or door.Limits()
    keeper = watcher.Keeper(store, seconds)
    queue, meter = door.Queue(bounds), metrics.Meter(name)

    @contextlib.asynccontextmanager
    async def lifespan(_: fastapi.FastAPI) -> collections.abc.AsyncIterator[None]:
        await anyio.to_thread.run_sync(keeper.start)
        yield
        await anyio.to_thread.run_sync(keeper.stop)

    app = fastapi.FastAPI(title=f"predictions by {name}", lifespan=lifespan)
    app.state.keeper = keeper
    app.add_middleware(door.Door, bounds=bounds, queue=queue, meter=meter)
    base = f"/v1/models/{name}"
    status, metadata, answer = (description.responses(kind) for kind in ("status", "metadata", "predictions"))

    @app.exception_handler(watcher.Unknown)
    async def unknown(_: fastapi.Request, reason: watcher.Unknown) -> fastapi.Response:
        return refusal(404, str(reason))

    @app.exception_handler(watcher.NothingReady)
    async def nothing_ready(_: fastapi.Request, reason: watcher.NothingReady) -> fastapi.Response:
        return refusal(door.BUSY, str(reason))

    @app.exception_handler(fastapi.exceptions.RequestValidationError)
    async def no_number(request: fastapi.Request, _: Exception) -> fastapi.Response:
        return refusal(404, f"{request.url.path} names no version. Expected: a whole number.")

    @app.exception_handler(starlette.exceptions.HTTPException)
    async def no_route(
        request: fastapi.Request, reason: starlette.exceptions.HTTPException
    ) -> fastapi.Response:
        return refusal(
            reason.status_code,
            f"{request.method} {request.url.path} is nothing that this service answers. "
            f"Expected: GET {base}, or POST {base}{door.PREDICT}.",
        )

    @app.exception_handler(Exception)
    async def fault(_: fastapi.Request, reason: Exception) -> fastapi.Response:
        return refusal(500, f"The service failed ({type(reason).__name__}). Its log says where.")

    @app.get(base, responses=status)
    async def state_of_all() -> fastapi.Response:
        return _states(keeper.states())

    @app.get(f"{base}/versions/{{version}}", responses=status)
    async def state_of_one(version: Version) -> fastapi.Response:
        return _states(keeper.states(int(version)))

    @app.get(f"{base}/metadata", responses=metadata)
    async def describe() -> fastapi.Response:
        return _metadata(name, keeper.answering())

    @app.get(f"{base}/versions/{{version}}/metadata", responses=metadata)
    async def describe_one(version: Version) -> fastapi.Response:
        return _metadata(name, keeper.version(int(version)))

    @app.post(f"{base}{door.PREDICT}", responses=answer)
    async def predict(request: fastapi.Request) -> fastapi.Response:
        return await answered(request, None, request.headers.get(USER_HEADER))

    @app.post(f"{base}/versions/{{version}}{door.PREDICT}", responses=answer)
    async def predict_by(version: Version, request: fastapi.Request) -> fastapi.Response:
        return await answered(request, int(version))

    @app.get(metrics.PATH, include_in_schema=False)
    async def measured() -> fastapi.Response:
        return fastapi.Response(meter.text(), media_type=metrics.CONTENT_TYPE)

    async def answered(
        request: fastapi.Request, number: int | None, user: str | None = None
    ) -> fastapi.Response:
        body = await request.body()
        version = keeper.version(number, user)
        async with queue.turn(len(body), request.scope[door.BEGAN]) as in_time:
            if not in_time:
                return door.busy()
            return await anyio.to_thread.run_sync(reply, version, body, number is None)

    def reply(version: loading.Loaded, body: bytes, counts: bool) -> fastapi.Response:
        response = _answer(version, body, bounds)
        if counts and (failed := _failed(keeper, version, body, bounds, response.status_code)) is not None:
            keeper.note(version.number, failed)
        return response

    app.openapi = lambda: description.openapi(app, keeper, bounds)
    return app


def _answer(version: loading.Loaded, body: bytes, bounds: door.Limits) -> fastapi.Response:
    """Understand a body, ask the version, and write down what it answers; in a thread of its own."""
    try:
        asked = contract.question(body, version, bounds.rows, bounds.largest)
        outputs = version.ask(asked.inputs, asked.signature)
        if not loading.finite(outputs):
            return refusal(500, "The model's answer to these rows is not finite. That is the model's fault.")
        content = contract.answer(asked, outputs)
    except tensors.BadRequest as reason:
        return refusal(reason.status, str(reason))
    except Exception as error:  # a model may raise anything
        LOG.exception("Version %d failed.", version.number)
        return refusal(
            500,
            f"Version {version.number} failed ({type(error).__name__}). The log of the service says where.",
        )
    return fastapi.responses.JSONResponse(content, headers={VERSION_HEADER: str(version.number)})


def _failed(
    keeper: watcher.Keeper, version: loading.Loaded, body: bytes, bounds: door.Limits, status: int
) -> bool | None:
    """Whether a version failed a request, for the comparison with its canary; None where it says nothing.

    A canary may refuse a body because the client is wrong, or because it takes something else than the
    promoted version. So the promoted version is asked too: what that cannot answer either is nobody's fault.
    """
    if status == OK:
        return False
    control = keeper.answering()
    if version.number == control.number:
        return True if status >= 500 else None
    return True if _answer(control, body, bounds).status_code == OK else None


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


def _metadata(name: str, version: loading.Loaded) -> fastapi.Response:
    spec = {"name": name, "signature_name": "", "version": str(version.number)}
    content = {"model_spec": spec, "metadata": version.metadata()}
    return fastapi.responses.JSONResponse(content, headers={VERSION_HEADER: str(version.number)})
