"""The table file that a checkpoint's index is: sorted names, each with a few bytes about it.

The layout is LevelDB's: blocks of entries that share the beginning of their name with the one before, a
block that lists the blocks, and 48 bytes at the end that say where it is. TensorFlow reads it too
(`tf.train.load_checkpoint`), but a crafted index makes that end the whole process, so it is read here.
"""

import struct
import typing

import google_crc32c
from helpers.tools.anatomy import finding


def crc32c_of_part(file: typing.BinaryIO, offset: int, length: int, checksum: int = 0) -> int:
    """The CRC-32C of part of an open file, read in pieces; `checksum` is that of what comes before it.

    Raises:
        EOFError: the file ends before that part does.
        OSError: it cannot be read.
    """
    file.seek(offset)
    while length:
        data = file.read(min(length, finding.PIECE))
        if not data:
            raise EOFError("the file ends too early")
        checksum = google_crc32c.extend(checksum, data)
        length -= len(data)
    return checksum


def masked(checksum: int) -> int:
    """The form in which TensorFlow stores a checksum."""
    return ((checksum >> 15 | checksum << 17) + 0xA282EAD8) & 0xFFFFFFFF


_FOOTER = 48
_MAGIC = 0xDB4775248B80FB57


class Broken(Exception):
    """The bytes are no such table; the text says where it fails."""


def is_table(content: bytes) -> bool:
    """Whether the last bytes are those of a table."""
    return len(content) >= _FOOTER and content[-8:] == _MAGIC.to_bytes(8, "little")


def entries(content: bytes) -> list[tuple[bytes, bytes]]:
    """Every name with its bytes.

    Raises:
        Broken: the layout is not followed, a checksum does not agree, or there are more than the limits say.
    """
    if not is_table(content):
        raise Broken("its last bytes are not those of an index")
    _, position = _pair(content, len(content) - _FOOTER)
    handle, _ = _pair(content, position)
    found: list[tuple[bytes, bytes]] = []
    for _, value in _block(content, handle):
        found += _block(content, _pair(value, 0)[0])
        if len(found) > finding.OBJECTS:
            raise Broken(f"it lists more than {finding.OBJECTS:,} arrays")
    return found


def _block(content: bytes, handle: tuple[int, int]) -> list[tuple[bytes, bytes]]:
    offset, size = handle
    ended = offset + size
    if ended + 5 > len(content):
        raise Broken("a part of it lies beyond its end")
    kind, stored = content[ended], int.from_bytes(content[ended + 1 : ended + 5], "little")
    if masked(google_crc32c.value(content[offset : ended + 1])) != stored:
        raise Broken("its checksum does not agree")
    if kind:
        raise Broken("it is compressed, which TensorFlow's checkpoints are not")
    block = content[offset:ended]
    if len(block) < 4:
        raise Broken("a part of it is too short")
    last = len(block) - 4 - 4 * struct.unpack("<I", block[-4:])[0]
    found, key, position = [], b"", 0
    while position < last:
        shared, position = number(block, position)
        added, position = number(block, position)
        length, position = number(block, position)
        if shared > len(key) or shared + added > finding.SHARED_KEY or position + added + length > last:
            raise Broken("an entry in it lies beyond its part")
        key = key[:shared] + block[position : position + added]
        position += added
        found.append((key, block[position : position + length]))
        position += length
        if len(found) > finding.OBJECTS:
            raise Broken(f"it lists more than {finding.OBJECTS:,} arrays")
    return found


def _pair(content: bytes, position: int) -> tuple[tuple[int, int], int]:
    first, position = number(content, position)
    second, position = number(content, position)
    return (first, second), position


def number(content: bytes, position: int) -> tuple[int, int]:
    """A number written in as many bytes as it needs, seven bits in each, and where the next thing begins.

    Raises:
        Broken: it does not end, or is larger than 64 bits.
    """
    value = 0
    for place in range(10):
        if position >= len(content):
            break
        byte = content[position]
        position += 1
        value |= (byte & 127) << (7 * place)
        if byte < 128:
            return value, position
    raise Broken("a number in it does not end")
