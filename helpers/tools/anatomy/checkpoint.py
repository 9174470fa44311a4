"""Reads what `tf.train.Checkpoint` writes, and the weights that Keras 2 wrote in the same format."""

import collections.abc
import dataclasses
import pathlib
import re

from helpers.tools.anatomy import bundle, files, finding, words
from tensorflow.core.protobuf import trackable_object_graph_pb2

# Tells, from the objects a checkpoint lists, which of its arrays are weights and which the optimizer's.


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

    arrays: dict[str, bundle.Entry]
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
        numbers = sum(bundle.numbers(self.arrays[name]) for name in self.weights)
        text = f"{words.count(len(self.weights), 'array')}, {words.count(numbers, 'number')}"
        if self.again:
            text += f"; {len(self.again):,} of them written twice"
        return text + (
            f"; besides, {words.count(len(self.metrics), 'array')} of metrics" if self.metrics else ""
        )

    def optimized(self) -> str:
        """The finding on the optimizer."""
        return words.optimizer("", self.steps, len(self.optimizer))


def share_of(found: bundle.Bundle) -> Share:
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


_STATE = "checkpoint"  # the file that names the newest
_NEWEST = re.compile(r'^model_checkpoint_path:\s*"((?:[^"\\]|\\.)*)"', re.MULTILINE)
_LARGEST_STATE = 2**20  # bytes
_KERAS_2 = ("layer-", "layer_with_weights-")  # what Keras 2 calls the parts of a model


def read_folder(path: pathlib.Path) -> finding.Anatomy:
    """The anatomy of the newest checkpoint in a folder.

    Raises:
        finding.Unreadable: the one that the file `checkpoint` names is missing or damaged.
        OSError: a file cannot be read.
    """
    indexes = [entry for entry in path.iterdir() if entry.name.endswith(".index")]
    present = sorted(prefix for entry in indexes if (prefix := bundle.prefix_of(entry)))
    named = _named(path)
    if named and named not in present:
        raise finding.Unreadable(
            f"the file 'checkpoint' in {words.quoted(path.name)} names {words.quoted(named.name)}, which is "
            f"not there (there: {_names(present)}). tf.train.latest_checkpoint answers None to that, and "
            "restore(None) changes nothing and says nothing. Copy the missing files, or give the name of "
            "another checkpoint."
        )
    if not named and len(present) != 1:
        raise finding.Unreadable(
            f"{words.quoted(path.name)} has no readable file 'checkpoint', which tells the newest of: "
            f"{_names(present)}. Give the name of one of them."
        )
    chosen = named or present[0]
    return read(chosen, [prefix for prefix in present if prefix != chosen])


def _named(path: pathlib.Path) -> pathlib.Path | None:
    """The checkpoint that the state file calls the newest."""
    if not (path / _STATE).exists():
        return None
    text = files.whole(path / _STATE, _LARGEST_STATE).decode("utf-8", errors="replace")
    matched = _NEWEST.search(text)
    # Only the last part counts: the folder may have been moved since the name was written.
    name = re.split(r"[/\\]", matched[1])[-1] if matched else ""
    return path / name if name and "\0" not in name else None


def _names(prefixes: collections.abc.Iterable[pathlib.Path]) -> str:
    return words.listing([words.plain(prefix.name) for prefix in prefixes]) or "none"


def read(prefix: pathlib.Path, others: collections.abc.Collection[pathlib.Path] = ()) -> finding.Anatomy:
    """The anatomy of one checkpoint; `others` lie beside it.

    Raises:
        finding.Unreadable: a file is missing, cut short or damaged.
        OSError: a file cannot be read.
    """
    arrays = bundle.read(prefix)
    share = share_of(arrays)
    roots = [root for root in share.roots if root != "save_counter"]
    state = "all agree" if arrays.checked else "not all compared here"
    return finding.anatomy(
        prefix,
        _form(share, roots) + (f"; beside it: {_names(others)}" if others else ""),
        arrays.size,
        written_by="TensorFlow; its version is not in this format",
        weights=share.counted(),
        optimizer=share.optimized(),
        custom_classes=f"{finding.NOT_HERE}: the code that builds the objects brings them",
        code_it_would_run="none",
        protected_by=f"a checksum on the index and on each array ({state})",
        load_with=_load(prefix, roots),
        not_good_for="code that builds or names its objects otherwise: what does not match is left as it is, "
        "without an error\ncrossing between Keras 2 and Keras 3: neither finds anything of the other's",
    )


def _form(share: Share, roots: list[str]) -> str:
    if not share.roots:
        return "checkpoint of arrays by name, as TensorFlow 1 wrote it"
    if any(root.startswith(_KERAS_2) for root in roots):
        return "weights of a Keras 2 model in TensorFlow's checkpoint format"
    kept = words.listing([words.plain(root) for root in roots]) or "nothing"
    return f"tf.train.Checkpoint, an index and data files; objects in it: {kept}"


def _load(prefix: pathlib.Path, roots: list[str]) -> str:
    shown = words.plain(prefix.name)
    if any(root.startswith(_KERAS_2) for root in roots):
        return f'in Keras 2: model.load_weights("{shown}"), on a model built by the same code'
    if not roots:
        return f'tf.train.load_checkpoint("{shown}").get_tensor(name)'
    arguments = ", ".join(f"{words.plain(root)}={words.plain(root)}" for root in roots[:4])
    more = ", ..." if len(roots) > 4 else ""
    return (
        f'status = tf.train.Checkpoint({arguments}{more}).restore("{shown}")\n'
        "then status.assert_existing_objects_matched(), with objects built by the same code"
    )
