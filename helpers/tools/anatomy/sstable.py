"""The table file that a checkpoint's index is: sorted names, each with a few bytes about it.

The layout is LevelDB's: blocks of entries that share the beginning of their name with the one before, a
block that lists the blocks, and 48 bytes at the end that say where it is. TensorFlow reads it too
(`tf.train.load_checkpoint`), but a crafted index makes that end the whole process, so it is read here.
"""

import functools
import struct
import typing

from helpers.tools.anatomy import finding
import numpy

# CRC-32C, the checksum in TensorFlow's checkpoints, over data of any size.
#
# No package of the course offers it, and TensorFlow's own reader of checkpoints ends the whole process on a
# hostile index. NumPy does thousands of stretches at once, because the checksum of a text follows from those
# of its parts.


_POLYNOMIAL = 0x82F63B78
_SHORT = 64  # bytes up to which the plain loop is quicker


@functools.cache
def _table() -> numpy.ndarray:
    rows = numpy.arange(256, dtype=numpy.uint32)
    for _ in range(8):
        rows = (rows >> numpy.uint32(1)) ^ numpy.where(rows & 1, numpy.uint32(_POLYNOMIAL), numpy.uint32(0))
    return rows


def _followed(values: numpy.ndarray, images: numpy.ndarray) -> numpy.ndarray:
    """Apply a linear step to registers; `images` says what becomes of each of the 32 bits."""
    result = numpy.zeros_like(values)
    for bit in range(32):
        result ^= numpy.where((values >> numpy.uint32(bit)) & 1, images[bit], numpy.uint32(0))
    return result


@functools.cache
def _zeros(exponent: int) -> numpy.ndarray:
    """The step that 2**exponent zero bytes are to a register."""
    if exponent == 0:
        bits = numpy.uint32(1) << numpy.arange(32, dtype=numpy.uint32)
        return _table()[bits & 255] ^ (bits >> numpy.uint32(8))
    half = _zeros(exponent - 1)
    return _followed(half, half)


def extended(register: int, data: bytes) -> int:
    """The register after more data; it begins as 0xFFFFFFFF and is inverted at the end."""
    if len(data) < _SHORT:
        table = _table()
        for byte in data:
            register = int(table[(register ^ byte) & 255]) ^ (register >> 8)
        return register
    # The register mixes with the first four bytes only; after that, zeros in front change nothing.
    stretches = max(1, (len(data) - 1).bit_length() - 10)
    columns = 2 ** ((len(data) - 1).bit_length() - stretches)
    padded = numpy.zeros(columns << stretches, dtype=numpy.uint8)
    padded[len(padded) - len(data) :] = numpy.frombuffer(data, dtype=numpy.uint8)
    first = len(padded) - len(data)
    padded[first : first + 4] ^= numpy.frombuffer(register.to_bytes(4, "little"), dtype=numpy.uint8)
    registers = numpy.zeros(1 << stretches, dtype=numpy.uint32)
    for column in numpy.ascontiguousarray(padded.reshape(-1, columns).T):
        registers = _table()[(registers ^ column) & 255] ^ (registers >> numpy.uint32(8))
    exponent = columns.bit_length() - 1
    while len(registers) > 1:
        registers = _followed(registers[0::2], _zeros(exponent)) ^ registers[1::2]
        exponent += 1
    return int(registers[0])


def crc32c(data: bytes) -> int:
    """The checksum of some bytes."""
    return extended(0xFFFFFFFF, data) ^ 0xFFFFFFFF


def crc32c_of_part(file: typing.BinaryIO, offset: int, length: int, register: int = 0xFFFFFFFF) -> int:
    """The checksum of part of an open file, read in pieces, after what the register has seen before.

    Raises:
        EOFError: the file ends before that part does.
        OSError: it cannot be read.
    """
    file.seek(offset)
    while length:
        data = file.read(min(length, finding.PIECE))
        if not data:
            raise EOFError("the file ends too early")
        register = extended(register, data)
        length -= len(data)
    return register ^ 0xFFFFFFFF


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
    if masked(crc32c(content[offset : ended + 1])) != stored:
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
