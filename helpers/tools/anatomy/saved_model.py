"""Reads a SavedModel folder: the graph in saved_model.pb, parsed and never run, and the arrays beside it."""

import collections.abc
import pathlib

from helpers.tools.anatomy import bundle, checkpoint, files, finding, graph, messages, strangers, words
from tensorflow.core.framework import tensor_shape_pb2, types_pb2
from tensorflow.core.protobuf import meta_graph_pb2, saved_model_pb2, saved_object_graph_pb2, struct_pb2

# The findings on a SavedModel, in words.


KERAS_2, _ASSETS = "keras_metadata.pb", "assets"
_EXPORT = {"variables", "trainable_variables", "non_trainable_variables", "_all_variables", "_misc_assets"}


def form(meta: meta_graph_pb2.MetaGraphDef, keras_2: bool) -> str:
    """Which of the ways to write a SavedModel this is."""
    if not meta.object_graph_def.nodes:
        return "SavedModel without objects, as TensorFlow 1 wrote it: graph and arrays"
    if keras_2:
        return f"SavedModel with a Keras 2 model, a folder: graph, arrays, layers in {KERAS_2}"
    children = {child.local_name for child in meta.object_graph_def.nodes[0].children}
    writer = "model.export or ExportArchive" if children >= _EXPORT else "tf.saved_model.save"
    return f"SavedModel, a folder with graph and arrays, as {writer} writes it"


def architecture(deeds: graph.Deeds, keras_2: bool) -> str:
    """How large the graph is, and whether layers are beside it."""
    size = (
        f"a graph of {words.count(deeds.operations, 'operation')}, {words.count(deeds.functions, 'function')}"
    )
    return f"{size}; " + (f"layers in {KERAS_2}, for Keras 2 alone" if keras_2 else "no layers")


def optimizer(share: checkpoint.Share | None, keras_2: bool) -> str:
    """What is left of the optimizer, and what it is good for."""
    if not share or not share.optimizer or keras_2:
        return share.optimized() if share else "none"
    return f"{share.optimized()}; tf.saved_model.load gives no way to go on with it"


def custom(meta: meta_graph_pb2.MetaGraphDef, deeds: graph.Deeds) -> str:
    """Classes and operations that TensorFlow does not bring."""
    names = {
        words.plain(node.registered_name)
        for node in meta.object_graph_def.nodes
        if node.registered_name and not node.registered_name.startswith("tf.")
    }
    lines = [f"registered class {name}" for name in sorted(names)]
    if deeds.unknown:
        lines.append(f"operations this TensorFlow does not have: {deeds.unknown}")
    return words.lines(lines) or "none: the graph needs no Python class"


def preprocessing(path: pathlib.Path, meta: meta_graph_pb2.MetaGraphDef) -> str:
    """Lookup tables and the files they may come from; other preparation looks like any operation."""
    tables = sum(node.op in graph.TABLES for node in meta.graph_def.node)
    found = [words.count(tables, "lookup table")] if tables else []
    if (path / _ASSETS).is_dir():
        names = sorted(words.plain(entry.name) for entry in (path / _ASSETS).iterdir())
        found += [f"files: {words.listing(names)}"] if names else []
    return "; ".join(found) or "no lookup table, no files; other steps are operations like any"


def protection(arrays: bool, checked: bool) -> str:
    """What guards it against damage, and what does not."""
    graph_alone = "none on saved_model.pb: a changed bit in the graph goes unnoticed"
    if not arrays:
        return graph_alone
    return f"a checksum on each array ({'all agree' if checked else 'not all compared here'}); {graph_alone}"


def load(path: pathlib.Path, calls: list[str], keras_2: bool) -> str:
    """The line that loads it, and the line that calls it."""
    lines = [f'artefact = tf.saved_model.load("{words.plain(path.name)}")']
    lines += [f"answer = {calls[0]}"] if calls else ["it loads, and there is nothing to call"]
    if keras_2:
        lines.append("as a Keras model only with Keras 2: tf_keras.models.load_model")
    return "\n".join(lines)


# What a SavedModel answers to: its callable functions and signatures, with shapes and types.


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
        if name != graph.INITIAL:
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


GRAPH, TEXT_GRAPH, VARIABLES = "saved_model.pb", "saved_model.pbtxt", "variables"


def read(path: pathlib.Path) -> finding.Anatomy:
    """The anatomy of a SavedModel.

    Raises:
        finding.Unreadable: a file is missing, cut short, damaged or too large.
        OSError: a file cannot be read.
    """
    meta = _graph(path)
    share, checked = _arrays(path, meta)
    deeds, answers = graph.deeds(meta), found(meta)
    keras_2 = (path / KERAS_2).exists()
    bad = ["training on: it has no layers and no fit; keep the .keras beside it"]
    if deeds.lines:
        bad.append("a stranger's files: no safe mode keeps a SavedModel from what stands under code")
    return finding.anatomy(
        path,
        form(meta, keras_2),
        files.size(path),
        written_by=f"TensorFlow {words.plain(meta.meta_info_def.tensorflow_version) or 'of unknown version'}",
        architecture=architecture(deeds, keras_2),
        weights=share.counted() if share else "none",
        optimizer=optimizer(share, keras_2),
        compile_settings=f"in {KERAS_2}, for Keras 2 alone" if keras_2 else finding.NOT_HERE,
        endpoints=words.lines([line for _, line in answers])
        or "none: it has no endpoint and no signature, so it answers nothing",
        custom_classes=custom(meta, deeds),
        code_it_would_run=deeds.lines or "none: its operations only compute",
        preprocessing=preprocessing(path, meta),
        protected_by=protection(share is not None, checked),
        load_with=load(path, [called for called, _ in answers], keras_2),
        not_good_for="\n".join(bad),
    )


def _graph(path: pathlib.Path) -> meta_graph_pb2.MetaGraphDef:
    shown = words.quoted(path.name)
    if not (path / GRAPH).exists():
        raise finding.Unreadable(
            f"{shown} holds {TEXT_GRAPH}, a SavedModel written as text, as only old or hand-made ones are; "
            f"{GRAPH} is read here. `saved_model_cli show --all --dir ...` reads it."
        )
    content = files.whole(path / GRAPH, finding.GRAPH)
    try:
        model = messages.parsed(saved_model_pb2.SavedModel, content)
        if not model.meta_graphs:
            if said := strangers.message_sentence(f"{GRAPH} in {shown}", content[: finding.HEAD]):
                raise finding.Unreadable(said)
            raise ValueError(f"it has {len(content):,} bytes and no graph")
        _countable(model)
        nodes = model.meta_graphs[0].object_graph_def.nodes
        if any(not 0 <= child.node_id < len(nodes) for node in nodes for child in node.children):
            raise ValueError("an object in it refers to one that is not there")
    except ValueError as error:
        raise finding.Unreadable(
            f"{GRAPH} in {shown} is damaged or cut short: {error}. {finding.AGAIN}"
        ) from error
    return model.meta_graphs[0]


def _countable(model: saved_model_pb2.SavedModel) -> None:
    """Refuse a graph that would take minutes to go through.

    Raises:
        ValueError: it has more parts of one kind than any model.
    """
    meta = model.meta_graphs[0]
    functions = meta.graph_def.library.function
    parts = {
        "graphs": len(model.meta_graphs),
        "functions": len(functions),
        "objects": len(meta.object_graph_def.nodes),
        "traced functions": len(meta.object_graph_def.concrete_functions),
        "signatures": len(meta.signature_def),
    }
    if max(parts.values()) <= finding.OPERATIONS:
        parts["operations"] = len(meta.graph_def.node) + sum(len(one.node_def) for one in functions)
    for name, number in parts.items():
        if number > finding.OPERATIONS:
            raise ValueError(f"it claims {number:,} {name}, and no model has so many")


def _arrays(path: pathlib.Path, meta: meta_graph_pb2.MetaGraphDef) -> tuple[checkpoint.Share | None, bool]:
    """The arrays, if there are any, and whether all were compared with their checksums."""
    folder = path / VARIABLES
    if folder.is_dir() and any(folder.iterdir()):
        arrays = bundle.read(folder / VARIABLES)
        return checkpoint.share_of(arrays), arrays.checked
    if any(node.op in ("VarHandleOp", "VariableV2") for node in meta.graph_def.node):
        raise finding.Unreadable(
            f"{words.quoted(path.name)} is a SavedModel without its folder {VARIABLES!r}: the graph is "
            "there and the numbers are not. Copy the whole folder."
        )
    return None, True
