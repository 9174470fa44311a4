"""Reads members of a zip whose list of members was found credible, and compares them with their CRC-32."""

import lzma
import pathlib
import struct
import typing
import zipfile
import zlib

from helpers.anatomy import finding, limits, words

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
    if sum(entry.file_size for entry in members.infolist()) > limits.CHECKED:
        return False
    for entry in members.infolist():
        try:
            with members.open(entry) as member:
                while member.read(limits.PIECE):
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
    if entry.file_size > limits.CONFIG:
        raise finding.Unreadable(
            f"{name!r} in {words.quoted(path.name)} claims {entry.file_size:,} bytes, and up to "
            f"{limits.CONFIG:,} are read here; it describes layers, which takes far less. Do not load it "
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
