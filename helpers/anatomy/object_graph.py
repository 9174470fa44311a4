"""Tells, from the objects a checkpoint lists, which of its arrays are weights and which the optimizer's."""

import collections.abc
import dataclasses

from helpers.anatomy import bundle, bundle_index, words
from tensorflow.core.protobuf import trackable_object_graph_pb2

_STEPS = {  # what an optimizer calls its count of steps, and what else an object with that name must have
    "_iterations": {"_variables"},  # Keras 3, and Keras 2 from TensorFlow 2.11 on
    "iterations": {"_variables"},  # Keras 3.0 to 3.3
    "iter": {"decay"},  # Keras 2
}
_NO_WEIGHTS = {bundle.OBJECTS, "save_counter/.ATTRIBUTES/VARIABLE_VALUE"}
_METRICS = "keras_api/metrics/"  # Keras 2


@dataclasses.dataclass(frozen=True)
class Share:
    """How the arrays of a checkpoint divide, as names; `steps` is None where no optimizer counts them.

    `again` are those of an export that hold the same weights a second time, `roots` the objects at the top.
    """

    arrays: dict[str, bundle_index.Entry]
    weights: set[str]
    optimizer: set[str]
    metrics: set[str]
    again: set[str]
    steps: int | None
    roots: list[str]

    def counted(self) -> str:
        """The finding on weights."""
        if not self.weights:
            return "none"
        numbers = sum(bundle_index.numbers(self.arrays[name]) for name in self.weights)
        text = f"{words.count(len(self.weights), 'array')}, {words.count(numbers, 'number')}"
        if self.again:
            text += f"; {len(self.again):,} of them written twice"
        return text + (
            f"; besides, {words.count(len(self.metrics), 'array')} of metrics" if self.metrics else ""
        )

    def optimized(self) -> str:
        """The finding on the optimizer."""
        return words.optimizer("", self.steps, len(self.optimizer))


def share(found: bundle.Bundle) -> Share:
    """Divide the arrays of a checkpoint.

    Raises:
        finding.Unreadable: the list of objects is damaged or too large.
    """
    names = found.arrays.keys() - _NO_WEIGHTS
    objects = found.objects()
    if objects is None:
        return Share(found.arrays, names, set(), set(), set(), None, [])
    optimizer, counter = _optimizer(objects)
    optimizer &= names
    metrics = {name for name in names if _METRICS in name} - optimizer
    # Keras's export keeps a list of its own beside the list of the model's variables.
    twice = any(name.startswith("variables/") for name in names)
    again = {name for name in names if twice and name.startswith("_all_variables/")}
    return Share(
        found.arrays,
        names - optimizer - metrics - again,
        optimizer,
        metrics,
        again,
        found.integer(counter),
        [child.local_name for child in objects.nodes[0].children] if objects.nodes else [],
    )


def _optimizer(objects: trackable_object_graph_pb2.TrackableObjectGraph) -> tuple[set[str], str]:
    """The names of every optimizer's arrays, and of the first one's count of steps."""
    nodes, names, counters = objects.nodes, set(), []
    for node in nodes:
        children = {child.local_name: child.node_id for child in node.children}
        for counter, others in _STEPS.items():
            if {counter, *others} <= children.keys():
                kept = {slot.slot_variable_node_id for slot in node.slot_variables} | set(children.values())
                if "_variables" in children:
                    kept |= {child.node_id for child in nodes[children["_variables"]].children}
                names |= set(_keys(nodes, kept))
                counters += _keys(nodes, [children[counter]])
    return names, counters[0] if counters else ""


def _keys(nodes: collections.abc.Sequence, chosen: collections.abc.Iterable[int]) -> list[str]:
    return [
        attribute.checkpoint_key
        for number in chosen
        if 0 <= number < len(nodes)
        for attribute in nodes[number].attributes
    ]
