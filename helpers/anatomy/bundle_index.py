"""The index of a checkpoint: a name, a shape and a place for each array. Nothing in it is trusted."""

import collections.abc
import math
import pathlib

from helpers import (
    backend,  # noqa: F401  (it settles how TensorFlow is imported)
)
from helpers.anatomy import finding, limits, messages, words
from tensorflow.core.framework import types_pb2
from tensorflow.core.protobuf import tensor_bundle_pb2

Entry = tensor_bundle_pb2.BundleEntryProto
_WIDTHS = {  # bytes of one number
    types_pb2.DT_FLOAT: 4,
    types_pb2.DT_DOUBLE: 8,
    types_pb2.DT_INT32: 4,
    types_pb2.DT_UINT8: 1,
    types_pb2.DT_INT16: 2,
    types_pb2.DT_INT8: 1,
    types_pb2.DT_COMPLEX64: 8,
    types_pb2.DT_INT64: 8,
    types_pb2.DT_BOOL: 1,
    types_pb2.DT_BFLOAT16: 2,
    types_pb2.DT_UINT16: 2,
    types_pb2.DT_COMPLEX128: 16,
    types_pb2.DT_HALF: 2,
    types_pb2.DT_UINT32: 4,
    types_pb2.DT_UINT64: 8,
}


def parsed(
    entries: collections.abc.Sequence[tuple[bytes, bytes]],
) -> tuple[int, list[tuple[str, Entry]]]:
    """The number of data files, and the description of every array and part of an array.

    Raises:
        ValueError: the entries are not those of a checkpoint.
    """
    if not entries or entries[0][0]:
        raise ValueError("its first entry is not the header")
    header = messages.parsed(tensor_bundle_pb2.BundleHeaderProto, entries[0][1])
    if not 1 <= header.num_shards <= limits.MEMBERS:
        raise ValueError(f"it claims {header.num_shards:,} data files")
    if header.endianness != tensor_bundle_pb2.BundleHeaderProto.LITTLE:
        raise ValueError("it was written on a big-endian machine")
    found = []
    for key, value in entries[1:]:
        # The key of a part of an array is no text: it begins with a zero byte.
        name = key.decode("latin-1" if key.startswith(b"\0") else "utf-8")
        found.append((name, messages.parsed(Entry, value)))
    return header.num_shards, found


def data_file(prefix: pathlib.Path, number: int, shards: int) -> pathlib.Path:
    """The name TensorFlow gives to one of the data files."""
    return prefix.with_name(f"{prefix.name}.data-{number:05}-of-{shards:05}")


def numbers(entry: Entry) -> int:
    """How many numbers, or texts, an array has."""
    return math.prod(dimension.size for dimension in entry.shape.dim)


def check(prefix: pathlib.Path, name: str, entry: Entry, sizes: collections.abc.Sequence[int]) -> None:
    """Refuse an array that cannot be where, or as large as, the index says; `sizes` of data files in bytes.

    Raises:
        finding.Unreadable: with the name of the array.
    """
    shape = [dimension.size for dimension in entry.shape.dim]
    if (
        entry.shape.unknown_rank
        or len(shape) > 254
        or any(size < 0 for size in shape)
        or numbers(entry) >= 2**63
    ):
        raise damaged(prefix, name, f"the index gives it the shape {words.shape(shape[:8])}")
    if entry.dtype not in types_pb2.DataType.values():
        raise damaged(prefix, name, f"the index gives it the type {entry.dtype}, and there is none such")
    if entry.slices:
        return  # it lies in parts, which have entries of their own
    if not 0 <= entry.shard_id < len(sizes) or entry.offset < 0 or entry.size < 0:
        raise damaged(prefix, name, "the index points outside the data")
    if entry.offset + entry.size > sizes[entry.shard_id]:
        file = data_file(prefix, entry.shard_id, len(sizes))
        raise finding.Unreadable(
            f"{words.quoted(file.name)} is cut short: it has {sizes[entry.shard_id]:,} bytes, and "
            f"{words.quoted(name)} should end at byte {entry.offset + entry.size:,}. {finding.AGAIN}"
        )
    width = _WIDTHS.get(entry.dtype)
    if width and numbers(entry) * width != entry.size:
        raise damaged(prefix, name, f"{numbers(entry):,} numbers do not fit its {entry.size:,} bytes")


def damaged(prefix: pathlib.Path, name: str, reason: str) -> finding.Unreadable:
    """The sentence for a checkpoint with something wrong about one array."""
    return finding.Unreadable(
        f"checkpoint {words.quoted(prefix.name)} is damaged at the array {words.quoted(name)}: {reason}. "
        f"{finding.AGAIN}"
    )
