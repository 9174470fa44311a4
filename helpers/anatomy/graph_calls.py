"""When each part of a SavedModel's graph runs: on load, on call, or to save it. Nothing is run to tell."""

import collections
import collections.abc

from tensorflow.core.framework import node_def_pb2
from tensorflow.core.protobuf import meta_graph_pb2, saved_object_graph_pb2

ON_LOAD, ON_CALL, ON_SAVE = "on load", "on call", "when it is saved or restored"
INITIAL = "__saved_model_init_op"  # the signature that TensorFlow 1 and C programs run when they load
_INITIAL_LISTS = {"saved_model_main_op", "legacy_init_op", "table_initializer"}  # the same, in older files
# The functions of an object that `tf.saved_model.load` calls by itself, the last when it lets go of it.
_BY_ITSELF = {"_create_resource", "_initialize", "_destroy_resource"}

_Placed = tuple[node_def_pb2.NodeDef, set[str]]


def moments(meta: meta_graph_pb2.MetaGraphDef) -> dict[str, set[str]]:
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
