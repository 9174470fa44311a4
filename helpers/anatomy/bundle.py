"""The arrays of a checkpoint: an index (name, shape, where) and data files, with a checksum each."""

import dataclasses
import pathlib
import re

from helpers.anatomy import bundle_check, bundle_index, finding, limits, messages, reading, sstable, words
from tensorflow.core.framework import types_pb2
from tensorflow.core.protobuf import trackable_object_graph_pb2

OBJECTS = "_CHECKPOINTABLE_OBJECT_GRAPH"
_DATA = re.compile(r"(.+)\.data-\d{5}-of-\d{5}")


@dataclasses.dataclass(frozen=True)
class Bundle:
    """The arrays of one checkpoint by name; `checked` is false where not all was compared with checksums."""

    prefix: pathlib.Path
    arrays: dict[str, bundle_index.Entry]
    size: int
    checked: bool
    shards: int

    def integer(self, name: str) -> int | None:
        """The value of a whole number that stands alone, such as a count of steps."""
        entry = self.arrays.get(name)
        if not entry or entry.shape.dim or entry.dtype != types_pb2.DT_INT64 or entry.slices:
            return None
        with reading.opened(bundle_index.data_file(self.prefix, entry.shard_id, self.shards)) as file:
            file.seek(entry.offset)
            return int.from_bytes(file.read(8), "little", signed=True)

    def objects(self) -> trackable_object_graph_pb2.TrackableObjectGraph | None:
        """The objects that own the arrays, or None where the checkpoint does not say (TensorFlow 1).

        Raises:
            finding.Unreadable: that list is damaged or too large.
        """
        entry, shown = self.arrays.get(OBJECTS), words.quoted(self.prefix.name)
        if not entry or entry.dtype != types_pb2.DT_STRING or entry.shape.dim or entry.slices:
            return None
        with reading.opened(bundle_index.data_file(self.prefix, entry.shard_id, self.shards)) as file:
            text = bundle_check.single_text(file, entry, shown)
        try:
            found = messages.parsed(trackable_object_graph_pb2.TrackableObjectGraph, text)
            for node in found.nodes:
                if any(not 0 <= child.node_id < len(found.nodes) for child in node.children):
                    raise ValueError("it points to an object that is not in it")
        except ValueError as error:
            raise finding.Unreadable(
                f"the list of objects in checkpoint {shown} is damaged: {error}. {finding.AGAIN}"
            ) from error
        return found


def prefix_of(path: pathlib.Path) -> pathlib.Path | None:
    """The name of the checkpoint that an `.index` or a data file belongs to; None for other names."""
    if path.name.endswith(".index") and path.name != ".index":
        return path.with_name(path.name.removesuffix(".index"))
    matched = _DATA.fullmatch(path.name)
    return path.with_name(matched[1]) if matched else None


def read(prefix: pathlib.Path) -> Bundle:
    """Read an index and compare the data with its checksums.

    Raises:
        finding.Unreadable: a file is missing, cut short or damaged; the text names file and array.
        OSError: a file cannot be read.
    """
    index = prefix.with_name(f"{prefix.name}.index")
    shown = words.quoted(index.name)
    if not index.exists():
        raise finding.Unreadable(
            f"{words.quoted(prefix.name)} is a checkpoint without its {shown}, which says where each array "
            "lies. Copy the .index and every .data file together."
        )
    try:
        shards, entries = bundle_index.parsed(sstable.entries(reading.whole(index, limits.INDEX)))
    except (sstable.Broken, ValueError) as error:
        reason = "a name in it is no text" if isinstance(error, UnicodeDecodeError) else str(error)
        raise finding.Unreadable(
            f"{shown} is damaged, or no index of a checkpoint: {reason}. {finding.AGAIN}"
        ) from error
    sizes = [_size(bundle_index.data_file(prefix, number, shards)) for number in range(shards)]
    for name, entry in entries:
        bundle_index.check(prefix, name, entry, sizes)
    checked = sum(sizes) <= limits.CHECKED and bundle_check.contents(prefix, entries, shards)
    arrays = {name: entry for name, entry in entries if name and not name.startswith("\0")}
    return Bundle(prefix, arrays, index.stat().st_size + sum(sizes), checked, shards)


def _size(file: pathlib.Path) -> int:
    if not file.exists():
        raise finding.Unreadable(
            f"{words.quoted(file.name)} is missing: the index of this checkpoint lists arrays in it. Copy "
            "the .index and every .data file together."
        )
    return file.stat().st_size
