"""Tells ONNX files and frozen graphs: protobuf messages without a signature, known by their first fields."""

import re

_WIRE = {0: "number", 2: "text"}
_GRAPH = {(1, "text"), (2, "text"), (3, "number"), (4, "text")}
_MOST = 16  # fields that are looked at


def sentence(shown: str, head: bytes) -> str:
    """What a file is that begins with these bytes, empty for anything else."""
    fields = _fields(head)
    if fields[:1] == [(1, "number")] and set(fields) & {(2, "text"), (7, "text"), (8, "text")}:
        return (
            f"{shown} looks like an ONNX model. Keras does not load it; lesson 12 runs one with onnxruntime."
        )
    if fields[:1] == [(1, "text")] and set(fields) <= _GRAPH and _begins_with_operation(head):
        return (
            f"{shown} looks like a frozen graph (GraphDef) of TensorFlow 1: operations with their weights in "
            "them. The course does not read it; tf.compat.v1.import_graph_def does."
        )
    return ""


def _fields(head: bytes) -> list[tuple[int, str]]:
    """Number and kind of the first fields of a message; none if the bytes make no sense as one."""
    found, position = [], 0
    while position < len(head) and len(found) < _MOST:
        tag, position = _number(head, position)
        value, position = _number(head, position)
        kind = _WIRE.get(tag & 7)
        if position > len(head):
            return found  # the beginning of the file ends within this field
        if not tag >> 3 or kind is None:
            return []
        found.append((tag >> 3, kind))
        position += value if kind == "text" else 0
    return found


def _number(data: bytes, position: int) -> tuple[int, int]:
    value = 0
    for place in range(10):
        if position + place >= len(data):
            break
        value |= (data[position + place] & 127) << 7 * place
        if data[position + place] < 128:
            return value, position + place + 1
    return 0, len(data) + 1


def _begins_with_operation(head: bytes) -> bool:
    """Whether the first field holds a name and then an operation, as in (name, "Placeholder")."""
    _, start = _number(head, 1)
    return bool(re.match(rb"\n.[\w./-]+\x12.[A-Z]\w+", head[start : start + 300], re.DOTALL))
