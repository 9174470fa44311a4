"""Finds the end of a zip, which announces the list of its members, before zipfile reads that list."""

import struct
import typing

_END, _END_64, _POINTER_64 = b"PK\x05\x06", b"PK\x06\x06", b"PK\x06\x07"
_LONGEST_COMMENT = 65535 + 22 + 20


def list_size(file: typing.BinaryIO) -> int | None:
    """The bytes the list of members claims to take; None where there is no end of a zip."""
    size = file.seek(0, 2)
    file.seek(max(0, size - _LONGEST_COMMENT))
    tail = file.read(_LONGEST_COMMENT)
    at = tail.rfind(_END)
    if at < 0 or len(tail) - at < 22:
        return None
    claimed = struct.unpack("<I", tail[at + 12 : at + 16])[0]
    pointer = tail[max(0, at - 20) : at]
    if pointer[:4] == _POINTER_64:  # a large zip says it again, with more room for the number
        file.seek(min(size, struct.unpack("<Q", pointer[8:16])[0]))
        record = file.read(56)
        if record[:4] == _END_64 and len(record) == 56:
            return struct.unpack("<Q", record[40:48])[0]
    return claimed
