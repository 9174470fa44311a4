"""Compares a checkpoint's arrays with the checksums in its index."""

import collections.abc
import pathlib
import typing

from helpers.anatomy import bundle_index, checksum, finding, limits, reading, sstable, words
from tensorflow.core.framework import types_pb2


def contents(
    prefix: pathlib.Path,
    entries: collections.abc.Iterable[tuple[str, bundle_index.Entry]],
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
        texts = bundle_index.numbers(entry) if entry.dtype == types_pb2.DT_STRING else 0
        if texts > limits.TEXTS or entry.dtype == types_pb2.DT_VARIANT:
            everything = False
            continue
        with reading.opened(bundle_index.data_file(prefix, entry.shard_id, shards)) as file:
            try:
                if texts:
                    seen = _of_texts(file, entry, texts)
                else:
                    seen = checksum.crc32c_of_part(file, entry.offset, entry.size)
            except (EOFError, sstable.Broken) as error:
                raise bundle_index.damaged(prefix, name, str(error)) from error
        if checksum.masked(seen) != entry.crc32c:
            raise bundle_index.damaged(prefix, name, "its checksum does not agree")
    return everything


def single_text(file: typing.BinaryIO, entry: bundle_index.Entry, shown: str) -> bytes:
    """The one text of an entry; `shown` names the checkpoint in a sentence.

    Raises:
        finding.Unreadable: it is larger than the limits say, or the entry does not hold exactly one.
    """
    if entry.size > limits.GRAPH:
        raise finding.Unreadable(
            f"the list of objects in checkpoint {shown} has {entry.size:,} bytes, and up to {limits.GRAPH:,} "
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
            f"the list of objects in checkpoint {shown} is damaged: its length does not agree. "
            f"{finding.AGAIN}"
        )
    return content[start + 4 :]


def _of_texts(file: typing.BinaryIO, entry: bundle_index.Entry, texts: int) -> int:
    """The checksum of texts: over their lengths in four bytes each, the checksum of those, then the texts."""
    if texts > entry.size:
        raise sstable.Broken(f"{words.count(texts, 'text')} do not fit its {entry.size:,} bytes")
    file.seek(entry.offset)
    content = file.read(min(entry.size, 10 * texts))
    lengths, total, position = bytearray(), 0, 0
    for _ in range(texts):
        length, position = sstable.number(content, position)
        lengths += length.to_bytes(4 if length < 2**32 else 8, "little")
        total += length
    if position + 4 + total != entry.size:
        raise sstable.Broken("the lengths of its texts do not agree")
    register = checksum.extended(0xFFFFFFFF, bytes(lengths))
    stored = checksum.masked(register ^ 0xFFFFFFFF).to_bytes(4, "little")
    file.seek(entry.offset + position)
    if file.read(4) != stored:
        raise sstable.Broken("the checksum of its lengths does not agree")
    return checksum.crc32c_of_part(
        file, entry.offset + position + 4, total, checksum.extended(register, stored)
    )
