"""What the graph of a SavedModel would do besides computing, and when: on load, on call."""

import collections
import collections.abc
import typing

from helpers.tools.anatomy import words
import tensorflow
from tensorflow.core.framework import node_def_pb2
from tensorflow.core.protobuf import meta_graph_pb2, saved_object_graph_pb2

# When each part of a SavedModel's graph runs: on load, on call, or to save it. Nothing is run to tell.


ON_LOAD, ON_CALL, ON_SAVE = "on load", "on call", "when it is saved or restored"
INITIAL = "__saved_model_init_op"  # the signature that TensorFlow 1 and C programs run when they load
_INITIAL_LISTS = {"saved_model_main_op", "legacy_init_op", "table_initializer"}  # the same, in older files
# The functions of an object that `tf.saved_model.load` calls by itself, the last when it lets go of it.
_BY_ITSELF = {"_create_resource", "_initialize", "_destroy_resource"}

_Placed = tuple[node_def_pb2.NodeDef, set[str]]


def call_moments(meta: meta_graph_pb2.MetaGraphDef) -> dict[str, set[str]]:
    """For each function, when it runs; an empty set where nothing seen calls it."""
    functions = {function.signature.name: function for function in meta.graph_def.library.function}
    calls = {name: _called(function.node_def, functions) for name, function in functions.items()}
    objects, loads, saves = meta.object_graph_def, set(), set()
    for node in objects.nodes:
        for child in node.children:
            if child.local_name in _BY_ITSELF:
                loads |= _concrete(objects, child.node_id)
        for pair in node.saveable_objects.values():
            saves |= _concrete(objects, pair.save_function)
            loads |= _concrete(objects, pair.restore_function)
    answers = set(objects.concrete_functions) - loads - saves
    reached: dict[str, set[str]] = {name: set() for name in functions}
    for when, names in ((ON_LOAD, loads), (ON_CALL, answers), (ON_SAVE, saves)):
        for name in _closure(names, calls):
            reached[name].add(when)
    for node, when in outside(meta):
        for name in _closure(_called([node], functions), calls):
            reached[name] |= when
    return reached


def outside(meta: meta_graph_pb2.MetaGraphDef) -> list[_Placed]:
    """The operations outside functions, with when they run."""
    starts: dict[str, set[str]] = {ON_LOAD: set(), ON_CALL: set(), ON_SAVE: set()}
    for name, signature in meta.signature_def.items():
        starts[ON_LOAD if name == INITIAL else ON_CALL] |= {info.name for info in signature.outputs.values()}
    for key in _INITIAL_LISTS & set(meta.collection_def):
        starts[ON_LOAD] |= set(meta.collection_def[key].node_list.value)
    starts[ON_SAVE] |= {meta.saver_def.save_tensor_name, meta.saver_def.restore_op_name}
    sources = {node.name: {_operation(name) for name in node.input} for node in meta.graph_def.node}
    when: dict[str, set[str]] = collections.defaultdict(set)
    for moment, names in starts.items():
        for name in _closure({_operation(name) for name in names}, sources):
            when[name].add(moment)
    return [(node, when[node.name]) for node in meta.graph_def.node]


def _operation(tensor: str) -> str:
    """The operation that makes a tensor, from its name as in "^op" or "op:0"."""
    return tensor.removeprefix("^").split(":")[0]


def _closure(names: set[str], followers: dict[str, set[str]]) -> set[str]:
    """The names, and all that follow from them; those that do not exist are left out."""
    found, waiting = set(), list(names)
    while waiting:
        name = waiting.pop()
        if name in followers and name not in found:
            found.add(name)
            waiting += followers[name]
    return found


def _called(
    nodes: collections.abc.Iterable[node_def_pb2.NodeDef], functions: collections.abc.Container[str]
) -> set[str]:
    """The functions that some operations call, by name or as an argument."""
    names = set()
    for node in nodes:
        names.add(node.op)
        for value in node.attr.values():
            names |= {value.func.name, *(function.name for function in value.list.func)}
    return {name for name in names if name in functions}


def _concrete(objects: saved_object_graph_pb2.SavedObjectGraph, number: int) -> set[str]:
    """The functions of one object, which is a function."""
    if not 0 <= number < len(objects.nodes):
        return set()
    node = objects.nodes[number]
    return {*node.function.concrete_functions, node.bare_concrete_function.concrete_function_name} - {""}


# The operations of TensorFlow that do more than compute, and what they do.


CALLS_PYTHON, WRITES = "calls Python", "writes files"
_DOES = {
    CALLS_PYTHON: "PyFunc PyFuncStateless EagerPyFunc",
    WRITES: "WriteFile Save SaveSlices SaveV2 MergeV2Checkpoints SaveDataset SaveDatasetV2 "
    "DatasetToTFRecord CreateSummaryFileWriter CreateSummaryDbWriter SnapshotDataset SnapshotDatasetV2 "
    "CacheDataset CacheDatasetV2 DebugIdentity DebugIdentityV2 DebugIdentityV3",
    "reads files": "ReadFile MatchingFiles MatchingFilesDataset Restore RestoreSlice RestoreV2 LoadDataset "
    "ImmutableConst LoadAndRemapMatrix GenerateVocabRemapping WholeFileReader WholeFileReaderV2 "
    "TextLineReader TextLineReaderV2 TextLineDataset TFRecordReader TFRecordReaderV2 TFRecordDataset "
    "TFRecordDatasetV2 FixedLengthRecordReader FixedLengthRecordReaderV2 FixedLengthRecordDataset "
    "FixedLengthRecordDatasetV2 LMDBReader LMDBDataset SqlDataset InitializeTableFromTextFile "
    "InitializeTableFromTextFileV2",
    "prints": "Print PrintV2",
    "reaches other machines": "RpcCall RpcClient RpcServer RpcServerRegister RpcServerStart RegisterDataset "
    "RegisterDatasetV2 DataServiceDataset DataServiceDatasetV2 DataServiceDatasetV3 DataServiceDatasetV4",
}
DOES = {operation: deed_of for deed_of, operations in _DOES.items() for operation in operations.split()}
OWN_SAVER = {
    "SaveV2",
    "RestoreV2",
    "MergeV2Checkpoints",
}  # every SavedModel has them, to save and restore itself
TABLES = {"HashTable", "HashTableV2", "MutableHashTable", "MutableHashTableV2"}


def deed_of(node: node_def_pb2.NodeDef) -> str:
    """What an operation does besides computing, empty for nothing."""
    if node.op == "PrintV2" and node.attr["output_stream"].s.startswith(b"file:"):
        return WRITES
    return DOES.get(node.op, "")


_UNREACHED = "in the graph, and nothing seen calls it"


class Deeds(typing.NamedTuple):
    """Lines of what it does besides computing, operations this TensorFlow lacks, and how large it is."""

    lines: str
    unknown: str
    operations: int
    functions: int


def deeds(meta: meta_graph_pb2.MetaGraphDef) -> Deeds:
    """Go through every operation of a graph, those in functions too."""
    functions = {function.signature.name: function for function in meta.graph_def.library.function}
    moments = call_moments(meta)
    places = outside(meta)
    places += [(node, moments[name]) for name, function in functions.items() for node in function.node_def]
    found: dict[tuple[str, str], set[str]] = collections.defaultdict(set)
    unknown: dict[str, None] = {}
    for node, when in places:
        if node.op in functions or node.op.startswith("_"):
            continue
        if not hasattr(tensorflow.raw_ops, node.op):
            unknown[words.plain(node.op)] = None
        own = node.op in OWN_SAVER and when == {ON_SAVE}
        if not own and (does := deed_of(node)):
            found[node.op, does] |= when or {_UNREACHED}
    lines = [_line(operation, does, when) for (operation, does), when in found.items()]
    return Deeds(words.lines(lines), words.listing(unknown), len(places), len(functions))


def _line(operation: str, does: str, when: set[str]) -> str:
    line = f"{operation}: {does} {' and '.join(sorted(when, reverse=True))}"
    if does == CALLS_PYTHON:
        line += "; the function is not in the file: only the process that saved it can answer"
    return line
