"""The findings on a SavedModel, in words."""

import pathlib

from helpers.anatomy import graph, object_graph, operations, words
from tensorflow.core.protobuf import meta_graph_pb2

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


def optimizer(share: object_graph.Share | None, keras_2: bool) -> str:
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
    tables = sum(node.op in operations.TABLES for node in meta.graph_def.node)
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
