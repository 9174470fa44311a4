"""A small prediction service that speaks TensorFlow Serving's REST contract.

`POST /v1/models/NAME:predict` with `{"instances": [[...], ...]}` answers `{"predictions": [[...], ...]}`.
The client that works here works against TensorFlow Serving. Unlike it, this service looks at its input
before the model does.
"""

import collections.abc
import json
import math

import fastapi
from helpers.tools.serving.tensors import BadRequest, Form, array
import numpy

Predict = collections.abc.Callable[[numpy.ndarray], object]


def rows(body: bytes, width: int, largest: float = math.inf) -> numpy.ndarray:
    """The rows of a request as float32, shape (rows, width), no value farther from zero than `largest`.

    Raises:
        BadRequest: 422 where the body is not what was agreed (bad JSON, no "instances", text for numbers),
            400 where the numbers cannot be a batch (none, ragged, another width, not finite, too large).
    """
    expected = f'Expected: {{"instances": [row, ...]}}, each row a list of {width} numbers.'
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        raise BadRequest(422, f"The body is not JSON. {expected}") from None
    instances = content.get("instances") if isinstance(content, dict) else None
    if not isinstance(instances, list):
        raise BadRequest(422, f'There is no list "instances" in the body. {expected}')
    if not instances:
        raise BadRequest(400, f'"instances" is empty. Expected: at least one row of {width} numbers.')
    return array(instances, Form(numpy.dtype("float32"), (None, width)), largest)


def application(name: str, predict: Predict, width: int) -> fastapi.FastAPI:
    """The service for one model: `predict` takes (rows, width) float32 and answers with an array."""
    service = fastapi.FastAPI(title=f"predictions by {name}")

    @service.get(f"/v1/models/{name}")
    def status() -> dict[str, object]:
        return {"model_version_status": [{"version": "1", "state": "AVAILABLE"}]}

    @service.post(f"/v1/models/{name}:predict")
    async def answer(request: fastapi.Request) -> fastapi.Response:
        try:
            batch = rows(await request.body(), width)
        except BadRequest as reason:
            return fastapi.responses.JSONResponse({"error": str(reason)}, reason.status)
        return fastapi.responses.JSONResponse({"predictions": numpy.asarray(predict(batch)).tolist()})

    return service
