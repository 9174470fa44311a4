"""What the graph of a SavedModel would do besides computing, and when: on load, on call."""

import collections
import typing

from helpers.anatomy import graph_calls, operations, words
import tensorflow
from tensorflow.core.protobuf import meta_graph_pb2

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
    moments = graph_calls.moments(meta)
    places = graph_calls.outside(meta)
    places += [(node, moments[name]) for name, function in functions.items() for node in function.node_def]
    found: dict[tuple[str, str], set[str]] = collections.defaultdict(set)
    unknown: dict[str, None] = {}
    for node, when in places:
        if node.op in functions or node.op.startswith("_"):
            continue
        if not hasattr(tensorflow.raw_ops, node.op):
            unknown[words.plain(node.op)] = None
        own = node.op in operations.OWN_SAVER and when == {graph_calls.ON_SAVE}
        if not own and (does := operations.does(node)):
            found[node.op, does] |= when or {_UNREACHED}
    lines = [_line(operation, does, when) for (operation, does), when in found.items()]
    return Deeds(words.lines(lines), words.listing(unknown), len(places), len(functions))


def _line(operation: str, does: str, when: set[str]) -> str:
    line = f"{operation}: {does} {' and '.join(sorted(when, reverse=True))}"
    if does == operations.CALLS_PYTHON:
        line += "; the function is not in the file: only the process that saved it can answer"
    return line
