"""What a SavedModel answers to: its callable functions and signatures, with shapes and types."""

import collections.abc

from helpers.anatomy import graph_calls, words
from tensorflow.core.framework import tensor_shape_pb2, types_pb2
from tensorflow.core.protobuf import meta_graph_pb2, saved_object_graph_pb2, struct_pb2

_NAMES = {"float": "float32", "double": "float64", "half": "float16"}
_DEEP = 8  # levels of lists and dictionaries in arguments


def found(meta: meta_graph_pb2.MetaGraphDef) -> list[tuple[str, str]]:
    """(how it is called, the whole line) for each endpoint and each signature, endpoints first."""
    objects, lines = meta.object_graph_def, []
    for child in objects.nodes[0].children if objects.nodes else ():
        if child.local_name.startswith("_") and child.local_name != "__call__":
            continue
        for trace in objects.nodes[child.node_id].function.concrete_functions[:1]:
            name = words.plain(child.local_name)
            called = "artefact(...)" if name == "__call__" else f"artefact.{name}(...)"
            lines.append((called, f"{name}{_types(objects, trace)}"))
    for name, signature in sorted(meta.signature_def.items()):
        if name != graph_calls.INITIAL:
            arguments = ", ".join(f"{words.plain(key)}=..." for key in sorted(signature.inputs))
            called = f'artefact.signatures["{words.plain(name)}"]({arguments})'
            outputs = _tensors(signature.outputs) or "nothing"
            lines.append(
                (called, f"signature {words.plain(name)}({_tensors(signature.inputs)}) -> {outputs}")
            )
    return lines


def _tensors(tensors: collections.abc.Mapping[str, meta_graph_pb2.TensorInfo]) -> str:
    return ", ".join(
        f"{words.plain(key)}: {kind(info.dtype)} {_shape(info.tensor_shape)}"
        for key, info in sorted(tensors.items())
    )


def _types(objects: saved_object_graph_pb2.SavedObjectGraph, trace: str) -> str:
    if trace not in objects.concrete_functions:
        return "(unknown)"
    function = objects.concrete_functions[trace]
    return f"{_arguments(function.canonicalized_input_signature)} -> {_value(function.output_signature)}"


def _arguments(value: struct_pb2.StructuredValue) -> str:
    """Arguments as they stand in a call: two parts, those by place and those by name."""
    parts = list(value.tuple_value.values)
    if len(parts) != 2:
        return "(unknown)"
    named = sorted(parts[1].dict_value.fields.items())
    shown = [_value(part) for part in parts[0].tuple_value.values]
    # A None at the end is an argument at its default, such as Keras's `training` and `mask`.
    while shown and shown[-1] == "None" and not named:
        shown.pop()
    return f"({', '.join(shown + [f'{words.plain(key)}={_value(part)}' for key, part in named])})"


def _value(value: struct_pb2.StructuredValue, level: int = 0) -> str:
    form = value.WhichOneof("kind")
    if level > _DEEP:
        return "..."
    if form in ("tensor_spec_value", "bounded_tensor_spec_value"):
        spec = getattr(value, form)
        return f"{kind(spec.dtype)} {_shape(spec.shape)}"
    if form in ("list_value", "tuple_value"):
        inside = ", ".join(_value(part, level + 1) for part in getattr(value, form).values[:16])
        return f"[{inside}]" if form == "list_value" else f"({inside})"
    if form == "dict_value":
        fields = sorted(value.dict_value.fields.items())[:16]
        return "{" + ", ".join(f"{words.plain(key)}: {_value(part, level + 1)}" for key, part in fields) + "}"
    if form in ("bool_value", "int64_value", "float64_value"):
        return str(getattr(value, form))
    return "None" if form == "none_value" else "..."


def _shape(shape: tensor_shape_pb2.TensorShapeProto) -> str:
    if shape.unknown_rank:
        return "of any shape"
    return words.shape([dimension.size for dimension in shape.dim])


def kind(number: int) -> str:
    """The name of a type of numbers, as NumPy has it."""
    if number not in types_pb2.DataType.values():
        return f"type {number}"
    name = types_pb2.DataType.Name(number).removeprefix("DT_").lower()
    return _NAMES.get(name, name)
