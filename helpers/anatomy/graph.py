"""What the graph of a SavedModel would do besides computing: read, write, call Python, on load or on call."""

import collections
import collections.abc

from helpers.anatomy import words
import tensorflow
from tensorflow.core.framework import attr_value_pb2, node_def_pb2
from tensorflow.core.protobuf import meta_graph_pb2, saved_object_graph_pb2

ON_LOAD, ON_CALL, ON_SAVE = "on load", "on call", "when it is saved or restored"
_UNREACHED = "in the graph, and nothing seen calls it"
INITIAL = "__saved_model_init_op"  # the signature that TensorFlow 1 and C programs run when they load
_INITIAL_LISTS = {"saved_model_main_op", "legacy_init_op", "table_initializer"}  # the same, in older files
# The functions of an object that `tf.saved_model.load` calls by itself, and when it lets go of the object.
_BY_ITSELF = {"_create_resource", "_initialize", "_destroy_resource"}
_OWN_SAVER = {"SaveV2", "RestoreV2", "MergeV2Checkpoints", "ShardedFilename"}

_DOES = {
    "calls Python": "PyFunc PyFuncStateless EagerPyFunc",
    "writes files": "WriteFile Save SaveSlices SaveV2 MergeV2Checkpoints SaveDataset SaveDatasetV2 "
    "DatasetToTFRecord CreateSummaryFileWriter CreateSummaryDbWriter SnapshotDataset SnapshotDatasetV2 "
    "CacheDataset CacheDatasetV2 DebugIdentity DebugIdentityV2 DebugIdentityV3",
    "reads files": "ReadFile MatchingFiles MatchingFilesDataset Restore RestoreSlice RestoreV2 LoadDataset "
    "ImmutableConst LoadAndRemapMatrix GenerateVocabRemapping WholeFileReader WholeFileReaderV2 "
    "TextLineReader TextLineReaderV2 TextLineDataset TFRecordReader TFRecordReaderV2 TFRecordDataset "
    "TFRecordDatasetV2 FixedLengthRecordReader FixedLengthRecordReaderV2 FixedLengthRecordDataset "
    "FixedLengthRecordDatasetV2 LMDBReader LMDBDataset SqlDataset InitializeTableFromTextFile "
    "InitializeTableFromTextFileV2",
    "prints": "Print PrintV2",
    "reaches other machines": "RpcCall RpcClient RpcServer RpcServerRegister RpcServerStart DataServiceDataset "
    "DataServiceDatasetV2 DataServiceDatasetV3 DataServiceDatasetV4 RegisterDataset RegisterDatasetV2",
}
DOES = {operation: does for does, operations in _DOES.items() for operation in operations.split()}


def run(meta: meta_graph_pb2.MetaGraphDef) -> tuple[str, str, int, int]:
    """Lines of what it does besides computing and of operations TensorFlow lacks; operations, functions."""
    functions = {function.signature.name: function for function in meta.graph_def.library.function}
    calls = {name: _called(function.node_def, functions) for name, function in functions.items()}
    places = _main(meta)
    reached = _reached(meta.object_graph_def, calls, places)
    found: dict[tuple[str, str], set[str]] = collections.defaultdict(set)
    unknown: dict[str, None] = {}
    places += [(node, reached[name]) for name, function in functions.items() for node in function.node_def]
    for node, when in places:
        if node.op in functions or node.op.startswith("_"):
            continue
        if not hasattr(tensorflow.raw_ops, node.op):
            unknown[words.plain(node.op)] = None
        if node.op in DOES and not (node.op in _OWN_SAVER and when == {ON_SAVE}):
            found[DOES[node.op], node.op] |= when or {_UNREACHED}
    entries = [
        f"{operation}: {does} {' and '.join(sorted(when, reverse=True))}" + _hint(operation)
        for (does, operation), when in found.items()
    ]
    return words.lines(entries), words.listing(unknown), len(places), len(functions)


def _hint(operation: str) -> str:
    if DOES[operation] == "calls Python":
        return "; the function is not in the file, so only the process that saved it can answer"
    return ""


def _called(
    nodes: collections.abc.Iterable[node_def_pb2.NodeDef], functions: collections.abc.Container[str]
) -> set[str]:
    """The functions that some operations call, by name or as an argument."""
    found = set()
    for node in nodes:
        names = [node.op]
        for value in node.attr.values():
            names += _functions_in(value)
        found |= {name for name in names if name in functions}
    return found


def _functions_in(value: attr_value_pb2.AttrValue) -> list[str]:
    return [value.func.name, *(function.name for function in value.list.func)]


def _closure(names: set[str], calls: dict[str, set[str]]) -> set[str]:
    found, waiting = set(), list(names)
    while waiting:
        name = waiting.pop()
        if name in calls and name not in found:
            found.add(name)
            waiting += calls[name]
    return found


def _reached(
    objects: saved_object_graph_pb2.SavedObjectGraph,
    calls: dict[str, set[str]],
    main: list[tuple[node_def_pb2.NodeDef, set[str]]],
) -> dict[str, set[str]]:
    """For each function, when it runs."""
    loads: set[str] = set()
    saves: set[str] = set()
    for node in objects.nodes:
        for child in node.children:
            if child.local_name in _BY_ITSELF:
                loads |= _concrete(objects, child.node_id)
        for pair in node.saveable_objects.values():
            saves |= _concrete(objects, pair.save_function)
            loads |= _concrete(objects, pair.restore_function)
    answers = set(objects.concrete_functions) - loads - saves
    reached: dict[str, set[str]] = {name: set() for name in calls}
    for when, names in ((ON_LOAD, loads), (ON_CALL, answers), (ON_SAVE, saves)):
        for name in _closure(names, calls):
            reached[name].add(when)
    for node, moments in main:
        for name in _closure(_called([node], calls), calls):
            reached[name] |= moments
    return reached


def _concrete(objects: saved_object_graph_pb2.SavedObjectGraph, number: int) -> set[str]:
    if not 0 <= number < len(objects.nodes):
        return set()
    node = objects.nodes[number]
    return {*node.function.concrete_functions, node.bare_concrete_function.concrete_function_name} - {""}


def _main(meta: meta_graph_pb2.MetaGraphDef) -> list[tuple[node_def_pb2.NodeDef, set[str]]]:
    """The operations outside functions, with when they run: for signatures, at the start, or to save."""
    nodes = {node.name: node for node in meta.graph_def.node}
    starts = {ON_LOAD: set(), ON_CALL: set(), ON_SAVE: set()}
    for name, signature in meta.signature_def.items():
        starts[ON_LOAD if name == INITIAL else ON_CALL] |= {info.name for info in signature.outputs.values()}
    for key in _INITIAL_LISTS & set(meta.collection_def):
        starts[ON_LOAD] |= set(meta.collection_def[key].node_list.value)
    saver = meta.saver_def
    starts[ON_SAVE] |= {saver.save_tensor_name, saver.restore_op_name}
    when: dict[str, set[str]] = collections.defaultdict(set)
    for moment, names in starts.items():
        waiting, seen = [_node(name) for name in names], set()
        while waiting:
            name = waiting.pop()
            if name in nodes and name not in seen:
                seen.add(name)
                when[name].add(moment)
                waiting += [_node(source) for source in nodes[name].input]
    return [(node, when[node.name]) for node in meta.graph_def.node]


def _node(tensor: str) -> str:
    """The operation that makes a tensor, from its name as in "^op" or "op:0"."""
    return tensor.removeprefix("^").split(":")[0]
