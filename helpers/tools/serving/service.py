"""A small prediction service that speaks TensorFlow Serving's REST contract.

`POST /v1/models/NAME:predict` with `{"instances": [[...], ...]}` answers `{"predictions": [[...], ...]}`.
The client that works here works against TensorFlow Serving. Unlike it, this service looks at its input
before the model does.
"""

import collections.abc
import json
import math

import fastapi
import numpy

Predict = collections.abc.Callable[[numpy.ndarray], object]


class BadRequest(ValueError):
    """A request the model must not see; carries the HTTP status and a sentence for the client."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


def rows(body: bytes, width: int, largest: float = math.inf) -> numpy.ndarray:
    """The rows of a request as float32, shape (rows, width), no value farther from zero than `largest`.

    Raises:
        BadRequest: 422 where the body is not what was agreed (bad JSON, no "instances", text for numbers),
            400 where the numbers cannot be a batch (none, ragged, another width, not finite, too large).
    """
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        raise BadRequest(422, f"The body is not JSON. Expected: {_form(width)}") from None
    instances = content.get("instances") if isinstance(content, dict) else None
    if not isinstance(instances, list):
        raise BadRequest(422, f'There is no list "instances" in the body. Expected: {_form(width)}')
    if not instances:
        raise BadRequest(400, f'"instances" is empty. Expected: at least one row of {width} numbers.')
    for place, row in enumerate(instances):
        if not isinstance(row, list):
            raise BadRequest(
                400, f"Row {place} is not a list. Expected: a list of {width} numbers for each row."
            )
        if len(row) != width:
            raise BadRequest(400, f"Row {place} has {len(row)} values. Expected: {width} in every row.")
        for value in row:
            if isinstance(value, bool) or not isinstance(value, int | float):
                raise BadRequest(422, f"Row {place} holds {json.dumps(value)[:40]}. Expected: numbers only.")
            if not math.isfinite(_as_float32(value)):
                raise BadRequest(
                    400, f"Row {place} holds a value that is not a finite number. Expected: finite ones."
                )
            if abs(value) > largest:
                raise BadRequest(
                    400, f"Row {place} holds a value beyond {largest:g}. Expected: smaller ones."
                )
    return numpy.asarray(instances, dtype="float32")


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


def _as_float32(value: float) -> float:
    """What is left of a number in 32 bits: infinite where it is too large for them."""
    try:
        with numpy.errstate(over="ignore"):
            return float(numpy.float32(value))
    except OverflowError:
        return math.inf


def _form(width: int) -> str:
    return f'{{"instances": [row, ...]}}, each row a list of {width} numbers.'
