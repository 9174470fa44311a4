"""Opens zips from somebody else: what the list of members claims is checked before anything is unpacked."""

import lzma
import pathlib
import struct
import typing
import zipfile
import zlib

from helpers.tools.anatomy import finding, words

# Reads members of a zip whose list of members was found credible, and compares them with their CRC-32.


BROKEN = (
    zipfile.BadZipFile,
    NotImplementedError,  # a compression or a version that Python does not have
    RuntimeError,  # encrypted
    EOFError,
    ValueError,
    struct.error,
    zlib.error,
    lzma.LZMAError,
    OverflowError,
)


def check(members: zipfile.ZipFile, path: pathlib.Path) -> bool:
    """Compare every member with its CRC-32; false, and nothing read, where there is too much to read.

    Raises:
        finding.Unreadable: a member is damaged; the text names it.
        OSError: the file cannot be read.
    """
    if sum(entry.file_size for entry in members.infolist()) > finding.CHECKED:
        return False
    for entry in members.infolist():
        try:
            with members.open(entry) as member:
                while member.read(finding.PIECE):
                    pass
        except BROKEN as error:
            raise damaged(path, str(error) or type(error).__name__, entry.filename) from error
    return True


def content(members: zipfile.ZipFile, name: str, path: pathlib.Path) -> bytes:
    """One member of at most limits.CONFIG bytes.

    Raises:
        finding.Unreadable: it is larger, or damaged.
        OSError: the file cannot be read.
    """
    entry = members.getinfo(name)
    if entry.file_size > finding.CONFIG:
        raise finding.Unreadable(
            f"{name!r} in {words.quoted(path.name)} claims {entry.file_size:,} bytes, and up to "
            f"{finding.CONFIG:,} are read here; it describes layers, which takes far less. Do not load it "
            "unless you know where it comes from."
        )
    try:
        return members.read(entry)
    except BROKEN as error:
        raise damaged(path, str(error) or type(error).__name__, name) from error


def place(file: typing.BinaryIO, entry: zipfile.ZipInfo) -> int:
    """Where the bytes of a stored member begin in the zip."""
    file.seek(entry.header_offset + 26)
    name, extra = struct.unpack("<HH", file.read(4))
    return entry.header_offset + 30 + name + extra


def damaged(path: pathlib.Path, reason: str, member: str = "") -> finding.Unreadable:
    """The sentence for a zip that does not agree with itself."""
    where = f"in its member {words.quoted(member)}" if member else "in its list of members"
    return finding.Unreadable(
        f"{words.quoted(path.name)} is damaged {where}: {words.plain(reason, 120)}. {finding.AGAIN}"
    )


# Finds the end of a zip, which announces the list of its members, before zipfile reads that list.


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


def opened(file: typing.BinaryIO, path: pathlib.Path) -> zipfile.ZipFile:
    """A zip, its list of members read and its declared sizes found credible.

    Raises:
        finding.Unreadable: it is cut short, damaged, has too many members, or would unpack to too much.
        OSError: it cannot be read.
    """
    shown = words.quoted(path.name)
    listed, size = list_size(file), file.seek(0, 2)
    if listed is None:
        raise finding.Unreadable(
            f"{shown} begins as a zip and has no end: the list of its members is missing. It was not copied "
            f"or written to the end ({size:,} bytes are there). {finding.AGAIN} load_model answers "
            "'File not found' to a `.keras` cut short."
        )
    if listed > finding.DIRECTORY:
        raise _too_many(shown, f"members in a list of {listed:,} bytes", f"{finding.DIRECTORY:,} bytes")
    try:
        members = zipfile.ZipFile(file)
    except BROKEN as error:
        raise damaged(path, str(error)) from error
    if len(members.infolist()) > finding.MEMBERS:
        raise _too_many(shown, f"{len(members.infolist()):,} members", f"{finding.MEMBERS:,}")
    for entry in members.infolist():
        _credible(entry, path, size)
    claimed = sum(_unpacked(entry) for entry in members.infolist())
    if claimed > finding.CHECKED:
        raise finding.Unreadable(
            f"{shown} is packed and would unpack to {claimed:,} bytes; up to {finding.CHECKED:,} are "
            "unpacked here, and Keras itself packs nothing. Unpack it yourself, if you know where it comes "
            "from."
        )
    return members


def _unpacked(entry: zipfile.ZipInfo) -> int:
    """The bytes a packed member claims to unpack to."""
    return 0 if entry.compress_type == zipfile.ZIP_STORED else entry.file_size


def _credible(entry: zipfile.ZipInfo, path: pathlib.Path, size: int) -> None:
    """Refuse a member whose declared sizes cannot be, or unpack to what no model needs."""
    if entry.header_offset + entry.compress_size > size:
        raise damaged(path, "it would end beyond the end of the file", entry.filename)
    if entry.compress_type == zipfile.ZIP_STORED:
        if entry.file_size != entry.compress_size:
            raise damaged(path, "its two sizes do not agree", entry.filename)
    elif entry.file_size > max(finding.UNPACKED, finding.EXPANSION * entry.compress_size):
        raise finding.Unreadable(
            f"{words.quoted(path.name)} has {size:,} bytes, and its member {words.quoted(entry.filename)} "
            f"claims to unpack to {entry.file_size:,}: more than {finding.EXPANSION} times as much as it "
            "takes, as nothing in a model does. It may be meant to fill memory and disk. It was not "
            "unpacked. Do not load it."
        )


def _too_many(shown: str, listed: str, most: str) -> finding.Unreadable:
    return finding.Unreadable(
        f"{shown} is a zip of {listed}, and up to {most} are read here; a `.keras` has three members and "
        "its assets. Do not load it unless you know where it comes from."
    )
