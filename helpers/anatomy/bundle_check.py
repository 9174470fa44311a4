"""Compares a checkpoint's arrays with what its index says of them: place, length, checksum."""

import collections.abc
import math
import pathlib
import typing

from helpers.anatomy import checksum, finding, limits, reading, sstable, words
from tensorflow.core.framework import types_pb2
from tensorflow.core.protobuf import tensor_bundle_pb2

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
_Entries = collections.abc.Iterable[tuple[str, tensor_bundle_pb2.BundleEntryProto]]


def data_file(prefix: pathlib.Path, number: int, shards: int) -> pathlib.Path:
    """The name TensorFlow gives to one of the data files."""
    return prefix.with_name(f"{prefix.name}.data-{number:05}-of-{shards:05}")


def place(
    prefix: pathlib.Path,
    name: str,
    entry: tensor_bundle_pb2.BundleEntryProto,
    sizes: collections.abc.Sequence[int],
) -> None:
    """Refuse an array that cannot be where, or as large as, the index says; `sizes` of the data files in bytes.

    Raises:
        finding.Unreadable: with the name of the array.
    """
    shape = [dimension.size for dimension in entry.shape.dim]
    numbers = math.prod(shape)
    if entry.shape.unknown_rank or any(size < 0 for size in shape) or len(shape) > 254 or numbers >= 2**63:
        raise _damaged(prefix, name, f"the index gives it the shape {words.shape(shape[:8])}")
    if entry.dtype not in types_pb2.DataType.values():
        raise _damaged(prefix, name, f"the index gives it the type {entry.dtype}, and there is none such")
    if entry.slices:
        return  # it lies in parts, which have entries of their own
    if not 0 <= entry.shard_id < len(sizes) or entry.offset < 0 or entry.size < 0:
        raise _damaged(prefix, name, "the index points outside the data")
    if entry.offset + entry.size > sizes[entry.shard_id]:
        file = data_file(prefix, entry.shard_id, len(sizes))
        raise finding.Unreadable(
            f"{words.plain(file.name)!r} is cut short: it has {sizes[entry.shard_id]:,} bytes, and "
            f"{words.plain(name)!r} should end at byte {entry.offset + entry.size:,}. Copy it again."
        )
    width = _WIDTHS.get(entry.dtype)
    if width and numbers * width != entry.size:
        raise _damaged(prefix, name, f"{numbers:,} numbers do not fit its {entry.size:,} bytes")


def contents(prefix: pathlib.Path, entries: _Entries, shards: int) -> bool:
    """Compare the arrays with their checksums; whether all were, or some are too many texts for that.

    Raises:
        finding.Unreadable: one differs; the text names the array.
        OSError: a data file cannot be read.
    """
    everything = True
    for name, entry in entries:
        if entry.slices or not entry.size:
            continue
        texts = entry.dtype == types_pb2.DT_STRING and _numbers(entry)
        if texts > limits.TEXTS or entry.dtype == types_pb2.DT_VARIANT:
            everything = False
            continue
        with reading.opened(data_file(prefix, entry.shard_id, shards)) as file:
            try:
                if texts:
                    seen = _of_strings(file, entry, texts)
                else:
                    seen = checksum.crc32c_of_part(file, entry.offset, entry.size)
            except (EOFError, sstable.Broken) as error:
                raise _damaged(prefix, name, str(error)) from error
        if checksum.masked(seen) != entry.crc32c:
            raise _damaged(prefix, name, "its checksum does not agree")
    return everything


def single_string(file: typing.BinaryIO, entry: tensor_bundle_pb2.BundleEntryProto) -> bytes:
    """The one text of an entry.

    Raises:
        finding.Unreadable: it is larger than the limits say, or the entry does not hold exactly one.
    """
    if entry.size > limits.GRAPH:
        raise finding.Unreadable(
            f"the list of objects in this checkpoint has {entry.size:,} bytes, and up to {limits.GRAPH:,} "
            "are read here. Open it with the program that wrote it."
        )
    file.seek(entry.offset)
    content = file.read(entry.size)
    try:
        length, start = sstable.number(content, 0)
    except sstable.Broken:
        length, start = -1, 0
    if length != len(content) - start - 4:
        raise finding.Unreadable(
            "the list of objects in this checkpoint is damaged: its length does not agree. Get the "
            "checkpoint again from where it came."
        )
    return content[start + 4 :]


def _numbers(entry: tensor_bundle_pb2.BundleEntryProto) -> int:
    return math.prod(dimension.size for dimension in entry.shape.dim)


def _of_strings(file: typing.BinaryIO, entry: tensor_bundle_pb2.BundleEntryProto, numbers: int) -> int:
    """The checksum of texts: over their lengths in four bytes each, the checksum of those, then the texts."""
    if numbers > entry.size:
        raise sstable.Broken(f"{numbers:,} texts do not fit its {entry.size:,} bytes")
    file.seek(entry.offset)
    content = file.read(min(entry.size, 10 * numbers))
    register, total, position = 0xFFFFFFFF, 0, 0
    for _ in range(numbers):
        length, position = sstable.number(content, position)
        register = checksum.extended(register, length.to_bytes(4 if length < 2**32 else 8, "little"))
        total += length
    if position + 4 + total != entry.size:
        raise sstable.Broken("the lengths of its texts do not agree")
    lengths = checksum.masked(register ^ 0xFFFFFFFF).to_bytes(4, "little")
    file.seek(entry.offset + position)
    if file.read(4) != lengths:
        raise sstable.Broken("the checksum of its lengths does not agree")
    register = checksum.extended(register, lengths)
    remaining = total
    while remaining:
        data = file.read(min(remaining, limits.PIECE))
        if not data:
            raise EOFError("the file ends too early")
        register = checksum.extended(register, data)
        remaining -= len(data)
    return register ^ 0xFFFFFFFF


def _damaged(prefix: pathlib.Path, name: str, reason: str) -> finding.Unreadable:
    return finding.Unreadable(
        f"checkpoint {words.plain(prefix.name)!r} is damaged at the array {words.plain(name)!r}: {reason}. "
        "Get it again from where it came, or go back to the one before it."
    )
