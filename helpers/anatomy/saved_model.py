"""Reads a SavedModel folder: the graph in saved_model.pb, parsed and never run, and the arrays beside it."""

import pathlib
import typing

from helpers.anatomy import bundle, endpoints, finding, graph, limits, messages, object_graph, reading, words
from tensorflow.core.protobuf import meta_graph_pb2, saved_model_pb2

GRAPH, TEXT_GRAPH, KERAS_2, VARIABLES, ASSETS = (
    "saved_model.pb",
    "saved_model.pbtxt",
    "keras_metadata.pb",
    "variables",
    "assets",
)
_EXPORT = {"variables", "trainable_variables", "non_trainable_variables", "_all_variables", "_misc_assets"}


def read(path: pathlib.Path) -> finding.Anatomy:
    """The anatomy of a SavedModel.

    Raises:
        finding.Unreadable: a file is missing, cut short, damaged or too large.
        OSError: a file cannot be read.
    """
    shown = words.plain(path.name)
    meta = _graph(path)
    variables = path / VARIABLES / VARIABLES
    share = None
    if (path / VARIABLES).is_dir() and any((path / VARIABLES).iterdir()):
        arrays = bundle.read(variables)
        share = object_graph.share(arrays)
    elif _wants_variables(meta):
        raise finding.Unreadable(
            f"{shown!r} is a SavedModel without its folder {VARIABLES!r}: the graph is there and the numbers "
            "are not. Copy the whole folder."
        )
    keras_2 = (path / KERAS_2).exists()
    does, unknown, operations, functions = graph.run(meta)
    answers = endpoints.found(meta)
    form = _form(meta, keras_2)
    checks = "none on saved_model.pb: a changed bit in the graph goes unnoticed"
    if share:
        state = "all agree" if arrays.checked else "not all compared here"
        checks = f"a checksum on each array in {VARIABLES}/ ({state}); {checks}"
    bad = ["training on: no layers, no fit; keep the .keras beside it"]
    if does:
        bad.append("files from strangers: a SavedModel has no safe mode")
    return finding.anatomy(
        path,
        form,
        reading.size(path),
        written_by=f"TensorFlow {words.plain(meta.meta_info_def.tensorflow_version) or 'of unknown version'}",
        architecture=f"a graph of {words.count(operations, 'operation')}, {words.count(functions, 'function')}; "
        + ("layers in keras_metadata.pb, for Keras 2 alone" if keras_2 else "no layers"),
        weights=share.counted() if share else "none",
        optimizer=_optimizer(share, keras_2),
        compile_settings="in keras_metadata.pb, for Keras 2 alone" if keras_2 else finding.NOT_HERE,
        endpoints=words.lines([line for _, line in answers]) or "none: nothing in it can be called",
        custom_classes=_custom(meta, unknown),
        code_it_would_run=does or "none: its operations only compute",
        preprocessing=_preprocessing(path, meta),
        protected_by=checks,
        load_with=_load(shown, [called for called, _ in answers], keras_2),
        not_good_for="\n".join(bad),
    )


def _graph(path: pathlib.Path) -> meta_graph_pb2.MetaGraphDef:
    if not (path / GRAPH).exists():
        raise finding.Unreadable(
            f"{words.plain(path.name)!r} holds {TEXT_GRAPH}, a SavedModel written as text, which only old or "
            f"hand-made ones are; {GRAPH} is read here. `saved_model_cli show --all --dir ...` reads it."
        )
    content = reading.whole(path / GRAPH, limits.GRAPH)
    try:
        model = messages.parsed(saved_model_pb2.SavedModel, content)
    except ValueError as error:
        raise _damaged(path, str(error)) from error
    if not content or not model.meta_graphs:
        raise _damaged(path, f"it has {len(content):,} bytes and no graph")
    for node in model.meta_graphs[0].object_graph_def.nodes:
        count = len(model.meta_graphs[0].object_graph_def.nodes)
        if any(not 0 <= child.node_id < count for child in node.children):
            raise _damaged(path, "an object in it refers to one that is not there")
    return model.meta_graphs[0]


def _damaged(path: pathlib.Path, reason: str) -> finding.Unreadable:
    return finding.Unreadable(
        f"{GRAPH} in {words.plain(path.name)!r} is damaged or cut short: {reason}. Get the folder again from "
        "where it came, or go back to the version before it."
    )


def _wants_variables(meta: meta_graph_pb2.MetaGraphDef) -> bool:
    return any(node.op in ("VarHandleOp", "VariableV2") for node in meta.graph_def.node)


def _form(meta: meta_graph_pb2.MetaGraphDef, keras_2: bool) -> str:
    if not meta.object_graph_def.nodes:
        return "SavedModel without objects, as TensorFlow 1 wrote it: graph and arrays"
    if keras_2:
        return "SavedModel with a Keras 2 model, a folder: graph, arrays, layers in keras_metadata.pb"
    children = {child.local_name for child in meta.object_graph_def.nodes[0].children}
    writer = "model.export or ExportArchive" if children >= _EXPORT else "tf.saved_model.save"
    return f"SavedModel, a folder with graph and arrays, as {writer} writes it"


def _optimizer(share: object_graph.Share | None, keras_2: bool) -> str:
    text = share.optimized() if share else "none"
    if text == "none" or keras_2:
        return text
    return f"{text}; tf.saved_model.load gives no way to go on with it"


def _custom(meta: meta_graph_pb2.MetaGraphDef, unknown: str) -> str:
    names = {
        words.plain(node.registered_name)
        for node in meta.object_graph_def.nodes
        if node.registered_name and not node.registered_name.startswith("tf.")
    }
    lines = [f"registered class {name}" for name in sorted(names)]
    if unknown:
        lines.append(f"operations this TensorFlow does not have: {unknown}")
    return words.lines(lines) if lines else "none: the graph needs no Python class"


def _preprocessing(path: pathlib.Path, meta: meta_graph_pb2.MetaGraphDef) -> str:
    tables = sum(
        node.op in ("HashTable", "HashTableV2", "MutableHashTable", "MutableHashTableV2")
        for node in meta.graph_def.node
    )
    found = [words.count(tables, "lookup table")] if tables else []
    if (path / ASSETS).is_dir():
        names = sorted(words.plain(entry.name) for entry in (path / ASSETS).iterdir())
        found += [f"files: {words.listing(names)}"] if names else []
    return "; ".join(found) or "no lookup table, no files; other steps are operations like any"


def _load(shown: str, calls: list[str], keras_2: bool) -> str:
    lines = [f'artefact = tf.saved_model.load("{shown}")']
    lines += [f"answer = {calls[0]}"] if calls else ["it loads, and there is nothing to call"]
    if keras_2:
        lines.append("as a Keras model only with Keras 2: tf_keras.models.load_model")
    return "\n".join(lines)
