"""The arrays of a checkpoint: an index (name, shape, where) and data files, with a checksum each."""

import collections.abc
import dataclasses
import math
import pathlib
import re
import typing

import google_crc32c
from helpers.core import backend  # noqa: F401  (it settles how TensorFlow is imported)
from helpers.tools.anatomy import files, finding, messages, sstable, words
from tensorflow.core.framework import types_pb2
from tensorflow.core.protobuf import tensor_bundle_pb2, trackable_object_graph_pb2

# The index of a checkpoint: a name, a shape and a place for each array. Nothing in it is trusted.


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
    if not 1 <= header.num_shards <= finding.MEMBERS:
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
    if entry.dtype == types_pb2.DT_STRING and numbers(entry) > entry.size:  # each takes a byte or more
        raise damaged(prefix, name, f"{numbers(entry):,} texts do not fit its {entry.size:,} bytes")


def damaged(prefix: pathlib.Path, name: str, reason: str) -> finding.Unreadable:
    """The sentence for a checkpoint with something wrong about one array."""
    return finding.Unreadable(
        f"checkpoint {words.quoted(prefix.name)} is damaged at the array {words.quoted(name)}: {reason}. "
        f"{finding.AGAIN}"
    )


# Compares a checkpoint's arrays with the checksums in its index.


def contents(
    prefix: pathlib.Path,
    entries: collections.abc.Iterable[tuple[str, Entry]],
    shards: int,
) -> bool:
    """Compare the arrays with their checksums; whether all were, or some are too many texts for that.

    Raises:
        finding.Unreadable: one differs; the text names the array.
        OSError: a data file cannot be read.
    """
    everything = True
    for name, entry in entries:
        if entry.slices or not entry.size:
            continue
        texts = numbers(entry) if entry.dtype == types_pb2.DT_STRING else 0
        if texts > finding.TEXTS or entry.dtype == types_pb2.DT_VARIANT:
            everything = False
            continue
        with files.opened(data_file(prefix, entry.shard_id, shards)) as file:
            try:
                if texts:
                    seen = _of_texts(file, entry, texts)
                else:
                    seen = sstable.crc32c_of_part(file, entry.offset, entry.size)
            except (EOFError, sstable.Broken) as error:
                raise damaged(prefix, name, str(error)) from error
        if sstable.masked(seen) != entry.crc32c:
            raise damaged(prefix, name, "its checksum does not agree")
    return everything


def single_text(file: typing.BinaryIO, entry: Entry, shown: str) -> bytes:
    """The one text of an entry; `shown` names the checkpoint in a sentence.

    Raises:
        finding.Unreadable: it is larger than the limits say, or the entry does not hold exactly one.
    """
    if entry.size > finding.GRAPH:
        raise finding.Unreadable(
            f"the list of objects in checkpoint {shown} has {entry.size:,} bytes, and up to "
            f"{finding.GRAPH:,} are read here. Open it with the program that wrote it."
        )
    file.seek(entry.offset)
    content = file.read(entry.size)
    try:
        length, start = sstable.number(content, 0)
    except sstable.Broken:
        length, start = -1, 0
    if length != len(content) - start - 4:
        raise finding.Unreadable(
            f"the list of objects in checkpoint {shown} is damaged: its length does not agree. "
            f"{finding.AGAIN}"
        )
    return content[start + 4 :]


def _of_texts(file: typing.BinaryIO, entry: Entry, texts: int) -> int:
    """The checksum of texts: over their lengths in four bytes each, the checksum of those, then the texts."""
    file.seek(entry.offset)
    content = file.read(min(entry.size, 10 * texts))
    lengths, total, position = bytearray(), 0, 0
    for _ in range(texts):
        length, position = sstable.number(content, position)
        lengths += length.to_bytes(4 if length < 2**32 else 8, "little")
        total += length
    if position + 4 + total != entry.size:
        raise sstable.Broken("the lengths of its texts do not agree")
    checksum = google_crc32c.value(bytes(lengths))
    stored = sstable.masked(checksum).to_bytes(4, "little")
    file.seek(entry.offset + position)
    if file.read(4) != stored:
        raise sstable.Broken("the checksum of its lengths does not agree")
    return sstable.crc32c_of_part(
        file, entry.offset + position + 4, total, google_crc32c.extend(checksum, stored)
    )


OBJECTS = "_CHECKPOINTABLE_OBJECT_GRAPH"
_DATA = re.compile(r"(.+)\.data-\d{5}-of-\d{5}")


@dataclasses.dataclass(frozen=True)
class Bundle:
    """The arrays of one checkpoint by name; `checked` is false where not all was compared with checksums."""

    prefix: pathlib.Path
    arrays: dict[str, Entry]
    size: int
    checked: bool
    shards: int

    def integer(self, name: str) -> int | None:
        """The value of a whole number that stands alone, such as a count of steps."""
        entry = self.arrays.get(name)
        if not entry or entry.shape.dim or entry.dtype != types_pb2.DT_INT64 or entry.slices:
            return None
        with files.opened(data_file(self.prefix, entry.shard_id, self.shards)) as file:
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
        with files.opened(data_file(self.prefix, entry.shard_id, self.shards)) as file:
            text = single_text(file, entry, shown)
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
        shards, entries = parsed(sstable.entries(files.whole(index, finding.INDEX)))
    except (sstable.Broken, ValueError) as error:
        reason = "a name in it is no text" if isinstance(error, UnicodeDecodeError) else str(error)
        raise finding.Unreadable(
            f"{shown} is damaged, or no index of a checkpoint: {reason}. {finding.AGAIN}"
        ) from error
    sizes = [_size(data_file(prefix, number, shards)) for number in range(shards)]
    for name, entry in entries:
        check(prefix, name, entry, sizes)
    checked = sum(sizes) <= finding.CHECKED and contents(prefix, entries, shards)
    arrays = {name: entry for name, entry in entries if name and not name.startswith("\0")}
    return Bundle(prefix, arrays, index.stat().st_size + sum(sizes), checked, shards)


def _size(file: pathlib.Path) -> int:
    if not file.exists():
        raise finding.Unreadable(
            f"{words.quoted(file.name)} is missing: the index of this checkpoint lists arrays in it. Copy "
            "the .index and every .data file together."
        )
    return file.stat().st_size
