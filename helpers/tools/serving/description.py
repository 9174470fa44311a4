"""What the service says of itself in its OpenAPI page: the form of requests and of answers."""

import contextlib

import fastapi
import fastapi.openapi.utils
from helpers.tools.serving import door, loading, tensors, watcher

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
        "oneOf": [
            {
                "type": "object",
                "required": ["predictions"],
                "properties": {"predictions": {"type": "array", "minItems": 1}},
            },
            {"type": "object", "required": ["outputs"]},
        ]
    },
}
_ERROR = {"type": "object", "required": ["error"], "properties": {"error": {"type": "string"}}}
_REFUSALS = {
    400: "No batch (none, ragged, another width, not finite, too many), or no such signature.",
    404: "There is no such version.",
    413: "The body is too long.",
    422: "The body is not what was agreed: no JSON, no list of rows, text for numbers.",
    500: "The model failed, or its answer is not finite.",
    503: "Too many requests wait, or no version is ready yet.",
}


def responses(kind: str) -> dict[int | str, dict[str, object]]:
    """Every status an answer of this kind may have, with its form."""
    statuses = _REFUSALS if kind == "predictions" else {key: _REFUSALS[key] for key in (404, 413, 503)}
    said = {status: _described(text, _ERROR) for status, text in statuses.items()}
    return {200: _described("As in TensorFlow Serving.", _FORMS[kind]), **said}


def openapi(app: fastapi.FastAPI, keeper: watcher.Keeper, bounds: door.Limits) -> dict[str, object]:
    """The description as FastAPI writes it, and in it what the answering version takes, if there is one."""
    said = fastapi.openapi.utils.get_openapi(title=app.title, version="1", routes=app.routes)
    with contextlib.suppress(watcher.NothingReady):
        forms = keeper.answering().inputs[loading.SIGNATURE]
        body = {"required": True, "content": {"application/json": {"schema": _request(forms, bounds)}}}
        for operations in said["paths"].values():
            if "post" in operations:
                operations["post"]["requestBody"] = body
    return said


def _request(forms: dict[str, tensors.Form], bounds: door.Limits) -> dict[str, object]:
    """A body by rows: each row what the one input takes, or an object of all inputs."""
    rows = {name: _values(form, form.shape[1:], bounds) for name, form in forms.items()}
    row = {"type": "object", "required": list(rows), "properties": rows, "additionalProperties": False}
    if len(rows) == 1:
        (row,) = rows.values()
    instances = {"type": "array", "minItems": 1, "maxItems": bounds.rows, "items": row}
    return {
        "type": "object",
        "required": ["instances"],
        "properties": {"instances": instances, "signature_name": {"enum": [loading.SIGNATURE]}},
        "not": {"required": ["inputs"]},
    }


def _values(form: tensors.Form, sizes: tuple[int | None, ...], bounds: door.Limits) -> dict[str, object]:
    if sizes:
        size = {} if sizes[0] is None else {"minItems": sizes[0], "maxItems": sizes[0]}
        return {"type": "array", **size, "items": _values(form, sizes[1:], bounds)}
    if form.kind == "f":
        return {"type": "number", "minimum": -bounds.largest, "maximum": bounds.largest}
    return {"type": {"b": "boolean", tensors.TEXT: "string"}.get(form.kind, "integer")}


def _described(text: str, schema: dict[str, object]) -> dict[str, object]:
    return {"description": text, "content": {"application/json": {"schema": schema}}}
