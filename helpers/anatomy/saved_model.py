"""Reads a SavedModel folder: the graph in saved_model.pb, parsed and never run, and the arrays beside it."""

import pathlib

from helpers.anatomy import bundle, endpoints, finding, graph, limits, messages, object_graph, reading, words
from helpers.anatomy import saved_model_findings as findings
from tensorflow.core.protobuf import meta_graph_pb2, saved_model_pb2

GRAPH, TEXT_GRAPH, VARIABLES = "saved_model.pb", "saved_model.pbtxt", "variables"


def read(path: pathlib.Path) -> finding.Anatomy:
    """The anatomy of a SavedModel.

    Raises:
        finding.Unreadable: a file is missing, cut short, damaged or too large.
        OSError: a file cannot be read.
    """
    meta = _graph(path)
    share, checked = _arrays(path, meta)
    deeds, answers = graph.deeds(meta), endpoints.found(meta)
    keras_2 = (path / findings.KERAS_2).exists()
    bad = ["training on: it has no layers and no fit; keep the .keras beside it"]
    if deeds.lines:
        bad.append("a stranger's files: no safe mode keeps a SavedModel from what stands under code")
    return finding.anatomy(
        path,
        findings.form(meta, keras_2),
        reading.size(path),
        written_by=f"TensorFlow {words.plain(meta.meta_info_def.tensorflow_version) or 'of unknown version'}",
        architecture=findings.architecture(deeds, keras_2),
        weights=share.counted() if share else "none",
        optimizer=findings.optimizer(share, keras_2),
        compile_settings=f"in {findings.KERAS_2}, for Keras 2 alone" if keras_2 else finding.NOT_HERE,
        endpoints=words.lines([line for _, line in answers])
        or "none: it has no endpoint and no signature, so it answers nothing",
        custom_classes=findings.custom(meta, deeds),
        code_it_would_run=deeds.lines or "none: its operations only compute",
        preprocessing=findings.preprocessing(path, meta),
        protected_by=findings.protection(share is not None, checked),
        load_with=findings.load(path, [called for called, _ in answers], keras_2),
        not_good_for="\n".join(bad),
    )


def _graph(path: pathlib.Path) -> meta_graph_pb2.MetaGraphDef:
    shown = words.quoted(path.name)
    if not (path / GRAPH).exists():
        raise finding.Unreadable(
            f"{shown} holds {TEXT_GRAPH}, a SavedModel written as text, as only old or hand-made ones are; "
            f"{GRAPH} is read here. `saved_model_cli show --all --dir ...` reads it."
        )
    content = reading.whole(path / GRAPH, limits.GRAPH)
    try:
        model = messages.parsed(saved_model_pb2.SavedModel, content)
        if not model.meta_graphs:
            raise ValueError(f"it has {len(content):,} bytes and no graph")
        nodes = model.meta_graphs[0].object_graph_def.nodes
        if any(not 0 <= child.node_id < len(nodes) for node in nodes for child in node.children):
            raise ValueError("an object in it refers to one that is not there")
    except ValueError as error:
        raise finding.Unreadable(
            f"{GRAPH} in {shown} is damaged or cut short: {error}. {finding.AGAIN}"
        ) from error
    return model.meta_graphs[0]


def _arrays(path: pathlib.Path, meta: meta_graph_pb2.MetaGraphDef) -> tuple[object_graph.Share | None, bool]:
    """The arrays, if there are any, and whether all were compared with their checksums."""
    folder = path / VARIABLES
    if folder.is_dir() and any(folder.iterdir()):
        arrays = bundle.read(folder / VARIABLES)
        return object_graph.share(arrays), arrays.checked
    if any(node.op in ("VarHandleOp", "VariableV2") for node in meta.graph_def.node):
        raise finding.Unreadable(
            f"{words.quoted(path.name)} is a SavedModel without its folder {VARIABLES!r}: the graph is "
            "there and the numbers are not. Copy the whole folder."
        )
    return None, True
