"""The two forms of a request and its answer in TensorFlow Serving: rows ("instances"), columns ("inputs")."""

import json
import typing

from helpers.tools.serving import loading, tensors
from helpers.tools.serving.tensors import BadRequest
import numpy


class Question(typing.NamedTuple):
    """What a body asks.

    Attributes:
        signature: the name of the signature that is asked.
        inputs: an array for each of its inputs.
        rows: how many rows are asked about, in the form by rows; None in the form by columns.
    """

    signature: str
    inputs: dict[str, numpy.ndarray]
    rows: int | None


def question(body: bytes, version: loading.Loaded, most: int, largest: float) -> Question:
    """What a body asks of a version, with `most` rows and no float farther from zero than `largest`.

    Raises:
        BadRequest: 422 where it is not what was agreed, 400 where it cannot be a batch, or asks for a
            signature that is not there.
    """
    expected = 'Expected: {"instances": [row, ...]} or {"inputs": {name: values}}.'
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        raise BadRequest(422, f"The body is not JSON. {expected}") from None
    asked = [key for key in ("instances", "inputs") if isinstance(content, dict) and key in content]
    if not asked:
        raise BadRequest(422, f'There is neither "instances" nor "inputs" in the body. {expected}')
    if len(asked) == 2:
        raise BadRequest(400, f'There are both "instances" and "inputs" in the body. {expected}')
    name = content.get("signature_name", "")
    if not isinstance(name, str):
        raise BadRequest(422, '"signature_name" is no text. Expected: the name of a signature.')
    name = name or loading.SIGNATURE
    forms = version.inputs.get(name)
    if forms is None:
        there = ", ".join(sorted(version.inputs))
        raise BadRequest(400, f"There is no signature {json.dumps(name)[:60]}. Expected: one of {there}.")
    by_rows = asked == ["instances"]
    values = content[asked[0]]
    columns = _from_rows(values, forms) if by_rows else _from_columns(values, forms)
    counts = [len(one) for one in columns.values() if isinstance(one, list)]
    if max(counts, default=0) > most:
        raise BadRequest(400, f"There are {max(counts):,} rows. Expected: {most:,} at most.")
    one_input = by_rows and len(forms) == 1
    inputs = {
        name: tensors.array(columns[name], form, largest, "" if one_input else f' of "{name}"')
        for name, form in forms.items()
    }
    return Question(name, inputs, len(values) if by_rows else None)


def answer(asked: Question, outputs: dict[str, numpy.ndarray]) -> dict[str, object]:
    """The outputs in the form in which they were asked: one as its list, several under their names.

    Raises:
        BadRequest: it was asked by rows, and an output has no row for each of them.
    """
    if asked.rows is None:
        columns = {name: array.tolist() for name, array in outputs.items()}
        return {"outputs": columns if len(columns) > 1 else next(iter(columns.values()))}
    for name, array in outputs.items():
        if not array.ndim or len(array) != asked.rows:
            raise BadRequest(
                400,
                f'The output "{name}" has the shape {array.shape}, no row for each of {asked.rows}. '
                'Expected: a request with "inputs".',
            )
    lists = {name: array.tolist() for name, array in outputs.items()}
    if len(lists) == 1:
        return {"predictions": next(iter(lists.values()))}
    rows = zip(*lists.values(), strict=True)
    return {"predictions": [dict(zip(lists, row, strict=True)) for row in rows]}


def _from_rows(values: object, forms: dict[str, tensors.Form]) -> dict[str, list]:
    """The values of each input, from a list of rows; a row of several inputs is an object of their names."""
    if not isinstance(values, list):
        raise BadRequest(422, '"instances" is not a list. Expected: a list of rows.')
    if not values:
        said = next(iter(forms.values())).words() if len(forms) == 1 else "an object for each row"
        raise BadRequest(400, f'"instances" is empty. Expected: at least one row; {said}.')
    if not any(isinstance(row, dict) for row in values):
        if len(forms) != 1:
            raise BadRequest(
                400, f"The model takes several inputs. Expected: each row an object of {_names(forms)}."
            )
        return {next(iter(forms)): values}
    for place, row in enumerate(values):
        if not isinstance(row, dict) or row.keys() != forms.keys():
            raise BadRequest(400, f"Row {place} is no object of all inputs. Expected: {_names(forms)}.")
    return {name: [row[name] for row in values] for name in forms}


def _from_columns(values: object, forms: dict[str, tensors.Form]) -> dict[str, object]:
    """The values of each input as they stand under "inputs"; a single input may go without its name."""
    if not isinstance(values, dict):
        if len(forms) != 1:
            raise BadRequest(
                400, f'The model takes several inputs. Expected: "inputs" as an object of {_names(forms)}.'
            )
        values = {next(iter(forms)): values}
    if values.keys() != forms.keys():
        raise BadRequest(400, f'"inputs" holds {_names(values)}. Expected: {_names(forms)}.')
    for name, form in forms.items():
        if form.shape and values[name] == []:
            raise BadRequest(400, f'The input "{name}" is empty. Expected: {form.words()}.')
    return values


def _names(named: dict[str, object]) -> str:
    return (", ".join(json.dumps(name) for name in named) or "nothing")[:200]
