"""What the service says of itself in its OpenAPI page: the form of requests and of answers."""

import typing

import fastapi

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


def body(rows: int, width: int, largest: float) -> dict[str, object]:
    """What a request for predictions holds: a list of rows, each a list of `width` numbers."""
    number = {"type": "number", "minimum": -largest, "maximum": largest}
    row = {"type": "array", "minItems": width, "maxItems": width, "items": number}
    instances = {"type": "array", "minItems": 1, "maxItems": rows, "items": row}
    schema = {"type": "object", "required": ["instances"], "properties": {"instances": instances}}
    return {"required": True, "content": {"application/json": {"schema": schema}}}


def _described(text: str, schema: dict[str, object]) -> dict[str, object]:
    return {"description": text, "content": {"application/json": {"schema": schema}}}
