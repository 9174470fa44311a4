"""What a SavedModel answers to: its callable functions and signatures, with shapes and types."""

from helpers.anatomy import graph, words
from tensorflow.core.framework import types_pb2
from tensorflow.core.protobuf import meta_graph_pb2, saved_object_graph_pb2, struct_pb2

_NAMES = {"float": "float32", "double": "float64", "half": "float16"}
_DEEP = 8  # levels of lists and dictionaries in arguments


def found(meta: meta_graph_pb2.MetaGraphDef) -> list[tuple[str, str]]:
    """(how it is called, the whole line) for each endpoint and each signature, endpoints first."""
    objects, lines = meta.object_graph_def, []
    for child in objects.nodes[0].children if objects.nodes else ():
        public = not child.local_name.startswith("_") or child.local_name == "__call__"
        if public and 0 <= child.node_id < len(objects.nodes):
            traces = objects.nodes[child.node_id].function.concrete_functions
            name = words.plain(child.local_name)
            called = f"artefact.{name}(...)" if child.local_name != "__call__" else "artefact(...)"
            lines += [(called, f"{name}{_types(objects, trace)}") for trace in traces[:1]]
    for name, signature in sorted(meta.signature_def.items()):
        if name == graph.INITIAL:
            continue
        inputs = ", ".join(
            f"{words.plain(key)}: {_tensor(info)}" for key, info in sorted(signature.inputs.items())
        )
        outputs = ", ".join(
            f"{words.plain(key)}: {_tensor(info)}" for key, info in sorted(signature.outputs.items())
        )
        arguments = ", ".join(f"{words.plain(key)}=..." for key in sorted(signature.inputs))
        called = f'artefact.signatures["{words.plain(name)}"]({arguments})'
        lines.append((called, f"signature {words.plain(name)}({inputs}) -> {outputs or 'nothing'}"))
    return lines


def _types(objects: saved_object_graph_pb2.SavedObjectGraph, trace: str) -> str:
    if trace not in objects.concrete_functions:
        return "(unknown)"
    function = objects.concrete_functions[trace]
    arguments = _value(function.canonicalized_input_signature)
    return f"{arguments} -> {_value(function.output_signature)}"


def _value(value: struct_pb2.StructuredValue, level: int = 0) -> str:
    """Arguments as they are written in a call: (positional, named) at the top, structures below."""
    kind = value.WhichOneof("kind")
    if level > _DEEP:
        return "..."
    if kind in ("tensor_spec_value", "bounded_tensor_spec_value"):
        spec = getattr(value, kind)
        return f"{_kind(spec.dtype)} {_shape(spec.shape)}"
    if kind in ("list_value", "tuple_value"):
        parts = list(getattr(value, kind).values)
        if level == 0 and len(parts) == 2 and parts[1].WhichOneof("kind") == "dict_value":
            named = [
                f"{words.plain(key)}={_value(part, 2)}"
                for key, part in sorted(parts[1].dict_value.fields.items())
            ]
            shown = [_value(part, 2) for part in parts[0].tuple_value.values]
            # A trailing None is an argument at its default, such as Keras's `training` and `mask`.
            while shown and shown[-1] == "None" and not named:
                shown.pop()
            return f"({', '.join(shown + named)})"
        inside = ", ".join(_value(part, level + 1) for part in parts)
        return f"[{inside}]" if kind == "list_value" else f"({inside})"
    if kind == "dict_value":
        fields = sorted(value.dict_value.fields.items())
        return "{" + ", ".join(f"{words.plain(key)}: {_value(part, level + 1)}" for key, part in fields) + "}"
    if kind == "none_value":
        return "None"
    if kind in ("bool_value", "int64_value", "float64_value"):
        return str(getattr(value, kind))
    return words.plain(value.string_value) if kind == "string_value" else "..."


def _tensor(info: meta_graph_pb2.TensorInfo) -> str:
    return f"{_kind(info.dtype)} {_shape(info.tensor_shape)}"


def _shape(shape: object) -> str:
    if shape.unknown_rank:
        return "of any shape"
    return words.shape([dimension.size for dimension in shape.dim])


def _kind(number: int) -> str:
    if number not in types_pb2.DataType.values():
        return f"type {number}"
    name = types_pb2.DataType.Name(number).removeprefix("DT_").lower()
    return _NAMES.get(name, name)
