"""The arrays of a checkpoint: an index (name, shape, where) and data files, with a checksum for each array."""

import collections.abc
import dataclasses
import math
import pathlib
import re

from helpers import (
    backend,  # noqa: F401  (it settles how TensorFlow is imported)
)
from helpers.anatomy import bundle_check, finding, limits, messages, reading, sstable, words
from tensorflow.core.framework import types_pb2
from tensorflow.core.protobuf import tensor_bundle_pb2, trackable_object_graph_pb2

GRAPH = "_CHECKPOINTABLE_OBJECT_GRAPH"
_DATA = re.compile(r"(.+)\.data-\d{5}-of-\d{5}")


@dataclasses.dataclass(frozen=True)
class Array:
    """One array; `numbers` is how many values it has."""

    name: str
    shape: tuple[int, ...]
    kind: str
    numbers: int
    entry: tensor_bundle_pb2.BundleEntryProto


@dataclasses.dataclass(frozen=True)
class Bundle:
    """The arrays of one checkpoint by name; `checked` is false where not all was compared with checksums."""

    prefix: pathlib.Path
    arrays: dict[str, Array]
    size: int
    checked: bool
    shards: int

    def data(self, entry: tensor_bundle_pb2.BundleEntryProto) -> pathlib.Path:
        """The data file an array lies in."""
        return bundle_check.data_file(self.prefix, entry.shard_id, self.shards)

    def integer(self, name: str) -> int | None:
        """The value of a whole number that stands alone, such as a count of steps."""
        array = self.arrays.get(name)
        if not array or array.shape or array.kind != "int64" or array.entry.size != 8:
            return None
        with reading.opened(self.data(array.entry)) as file:
            file.seek(array.entry.offset)
            return int.from_bytes(file.read(8), "little", signed=True)

    def graph(self) -> trackable_object_graph_pb2.TrackableObjectGraph | None:
        """Which objects the arrays belong to, or None where the checkpoint does not say (TensorFlow 1).

        Raises:
            finding.Unreadable: that list is damaged or too large.
        """
        array = self.arrays.get(GRAPH)
        if not array or array.kind != "string" or array.numbers != 1:
            return None
        with reading.opened(self.data(array.entry)) as file:
            text = bundle_check.single_string(file, array.entry)
        try:
            return messages.parsed(trackable_object_graph_pb2.TrackableObjectGraph, text)
        except ValueError as error:
            raise finding.Unreadable(
                f"the list of objects in checkpoint {words.plain(self.prefix.name)!r} is damaged: {error}. "
                "Get the checkpoint again from where it came."
            ) from error


def prefix_of(path: pathlib.Path) -> pathlib.Path | None:
    """The name of the checkpoint that an `.index` or a data file belongs to; None for other names."""
    if path.name.endswith(".index"):
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
    shown = words.plain(index.name)
    if not index.exists():
        raise finding.Unreadable(
            f"{words.plain(prefix.name)!r} is a checkpoint without its {shown!r}, which says where each "
            "array lies. Copy the .index and every .data file together."
        )
    try:
        entries = sstable.entries(reading.whole(index, limits.INDEX))
        shards, raw = _parsed(entries)
    except (sstable.Broken, ValueError, UnicodeDecodeError) as error:
        raise finding.Unreadable(
            f"{shown!r} is damaged or no index of a checkpoint: {error}. Get the checkpoint again from "
            "where it came, or go back to the one before it."
        ) from error
    sizes = [_size_of(prefix, number, shards) for number in range(shards)]
    for name, entry in raw:
        bundle_check.place(prefix, name, entry, sizes)
    checked = sum(sizes) <= limits.CHECKED and bundle_check.contents(prefix, raw, shards)
    arrays = {name: _array(name, entry) for name, entry in raw if not name.startswith("\0")}
    return Bundle(prefix, arrays, index.stat().st_size + sum(sizes), checked, shards)


def _parsed(
    entries: collections.abc.Sequence[tuple[bytes, bytes]],
) -> tuple[int, list[tuple[str, tensor_bundle_pb2.BundleEntryProto]]]:
    """The number of data files, and the description of every array and part of an array."""
    if not entries or entries[0][0]:
        raise ValueError("its first entry is not the header")
    header = messages.parsed(tensor_bundle_pb2.BundleHeaderProto, entries[0][1])
    if not 1 <= header.num_shards <= limits.MEMBERS:
        raise ValueError(f"it claims {header.num_shards:,} data files")
    if header.endianness != tensor_bundle_pb2.BundleHeaderProto.LITTLE:
        raise ValueError("it was written on a big-endian machine")
    found = []
    for key, value in entries[1:]:
        entry = messages.parsed(tensor_bundle_pb2.BundleEntryProto, value)
        # The key of a part of an array is no text: it begins with a zero byte.
        found.append((key.decode("latin-1" if key.startswith(b"\0") else "utf-8"), entry))
    return header.num_shards, found


def _array(name: str, entry: tensor_bundle_pb2.BundleEntryProto) -> Array:
    kind = types_pb2.DataType.Name(entry.dtype).removeprefix("DT_").lower()
    shape = tuple(dimension.size for dimension in entry.shape.dim)
    kind = {"float": "float32", "double": "float64", "half": "float16"}.get(kind, kind)
    return Array(name, shape, kind, math.prod(shape), entry)


def _size_of(prefix: pathlib.Path, number: int, shards: int) -> int:
    file = bundle_check.data_file(prefix, number, shards)
    if not file.exists():
        raise finding.Unreadable(
            f"{words.plain(file.name)!r} is missing: the index of this checkpoint lists arrays in it. "
            "Copy the .index and every .data file together."
        )
    return file.stat().st_size
