"""Tells, from the objects a checkpoint lists, which of its arrays are weights and which the optimizer's."""

import collections.abc
import dataclasses

from helpers.anatomy import bundle, finding, words
from tensorflow.core.protobuf import trackable_object_graph_pb2

_STEPS = {  # what an optimizer calls its count of steps, and what else an object with that name must have
    "_iterations": {"_variables"},  # Keras 3, and Keras 2 from TensorFlow 2.11 on
    "iterations": {"_variables"},  # Keras 3.0 to 3.3
    "iter": {"decay"},  # Keras 2
}
_NO_WEIGHTS = (bundle.GRAPH, "save_counter/.ATTRIBUTES/VARIABLE_VALUE")


@dataclasses.dataclass(frozen=True)
class Share:
    """How the arrays of a checkpoint divide; `steps` is None where no optimizer counts them.

    `again` are arrays of an export that hold the same weights a second time.
    """

    weights: tuple[bundle.Array, ...]
    optimizer: tuple[bundle.Array, ...]
    metrics: tuple[bundle.Array, ...]
    again: tuple[bundle.Array, ...]
    steps: int | None
    roots: tuple[str, ...]

    def counted(self) -> str:
        """The finding on weights."""
        text = tally(self.weights)
        if self.again:
            text += f"; {words.count(len(self.again), 'array')} of them written twice"
        if self.metrics:
            text += f"; besides, {words.count(len(self.metrics), 'array')} of metrics"
        return text

    def optimized(self, name: str = "") -> str:
        """The finding on the optimizer; `name` is its class, where something else tells it."""
        return words.optimizer(name, self.steps, len(self.optimizer))


def tally(arrays: collections.abc.Collection[bundle.Array]) -> str:
    """Arrays and numbers in words."""
    numbers = sum(array.numbers for array in arrays)
    return f"{words.count(len(arrays), 'array')}, {words.count(numbers, 'number')}" if arrays else "none"


def share(found: bundle.Bundle) -> Share:
    """Divide the arrays of a checkpoint.

    Raises:
        finding.Unreadable: the list of objects points to objects that are not in it.
    """
    arrays = {name: array for name, array in found.arrays.items() if name not in _NO_WEIGHTS}
    graph = found.graph()
    if graph is None:
        return Share(tuple(arrays.values()), (), (), (), None, ())
    owned, steps_name = _optimizer_names(graph, found)
    steps = found.integer(steps_name) if steps_name else None
    metrics = {name for name in arrays if "keras_api/metrics/" in name}
    # Keras's export keeps its own list of all variables beside the list of the model's.
    written_twice = any(name.startswith("variables/") for name in arrays)
    again = {name for name in arrays if written_twice and name.startswith("_all_variables/")}
    weights = arrays.keys() - owned - metrics - again
    roots = tuple(child.local_name for child in graph.nodes[0].children) if graph.nodes else ()

    def chosen(names: collections.abc.Set[str]) -> tuple[bundle.Array, ...]:
        return tuple(array for name, array in arrays.items() if name in names)

    return Share(chosen(weights), chosen(owned), chosen(metrics), chosen(again), steps, roots)


def _optimizer_names(
    graph: trackable_object_graph_pb2.TrackableObjectGraph, found: bundle.Bundle
) -> tuple[set[str], str | None]:
    """The names of every optimizer's arrays, and of the first one's count of steps."""
    nodes = graph.nodes
    for node in nodes:
        if any(not 0 <= child.node_id < len(nodes) for child in node.children):
            raise finding.Unreadable(
                f"the list of objects in checkpoint {words.plain(found.prefix.name)!r} is damaged: it points "
                "to an object that is not in it. Get the checkpoint again from where it came."
            )
    names: set[str] = set()
    steps = None
    for node in nodes:
        children = {child.local_name: child.node_id for child in node.children}
        counter = next(
            (children[name] for name, others in _STEPS.items() if {name, *others} <= children.keys()), None
        )
        if counter is None:
            continue
        kept = {slot.slot_variable_node_id for slot in node.slot_variables} | set(children.values())
        if "_variables" in children:
            kept |= {child.node_id for child in nodes[children["_variables"]].children}
        names |= {
            attribute.checkpoint_key
            for number in kept
            if 0 <= number < len(nodes)
            for attribute in nodes[number].attributes
        }
        steps = steps or next((part.checkpoint_key for part in nodes[counter].attributes), None)
    return names, steps
