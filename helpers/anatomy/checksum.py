"""CRC-32C, the checksum in TensorFlow's checkpoints, over data of any size.

No package of the course offers it, and TensorFlow's own reader of checkpoints ends the whole process on a
hostile index. NumPy does thousands of stretches at once, because the checksum of a text follows from those
of its parts.
"""

import functools
import typing

from helpers.anatomy import limits
import numpy

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
        data = file.read(min(length, limits.PIECE))
        if not data:
            raise EOFError("the file ends too early")
        register = extended(register, data)
        length -= len(data)
    return register ^ 0xFFFFFFFF


def masked(checksum: int) -> int:
    """The form in which TensorFlow stores a checksum."""
    return ((checksum >> 15 | checksum << 17) + 0xA282EAD8) & 0xFFFFFFFF
