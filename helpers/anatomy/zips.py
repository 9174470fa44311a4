"""Opens zips from somebody else: what the list of members claims is checked before anything is unpacked."""

import pathlib
import typing
import zipfile

from helpers.anatomy import finding, limits, words, zip_end, zip_members


def opened(file: typing.BinaryIO, path: pathlib.Path) -> zipfile.ZipFile:
    """A zip, its list of members read and its declared sizes found credible.

    Raises:
        finding.Unreadable: it is cut short, damaged, has too many members, or would unpack to too much.
        OSError: it cannot be read.
    """
    shown = words.quoted(path.name)
    listed, size = zip_end.list_size(file), file.seek(0, 2)
    if listed is None:
        raise finding.Unreadable(
            f"{shown} begins as a zip and has no end: the list of its members is missing. It was not copied "
            f"or written to the end ({size:,} bytes are there). {finding.AGAIN} load_model answers "
            "'File not found' to a `.keras` cut short."
        )
    if listed > limits.DIRECTORY:
        raise _too_many(shown, f"members in a list of {listed:,} bytes", f"{limits.DIRECTORY:,} bytes")
    try:
        members = zipfile.ZipFile(file)
    except zip_members.BROKEN as error:
        raise zip_members.damaged(path, str(error)) from error
    if len(members.infolist()) > limits.MEMBERS:
        raise _too_many(shown, f"{len(members.infolist()):,} members", f"{limits.MEMBERS:,}")
    for entry in members.infolist():
        _credible(entry, path, size)
    claimed = sum(_unpacked(entry) for entry in members.infolist())
    if claimed > limits.CHECKED:
        raise finding.Unreadable(
            f"{shown} is packed and would unpack to {claimed:,} bytes; up to {limits.CHECKED:,} are unpacked "
            "here, and Keras itself packs nothing. Unpack it yourself, if you know where it comes from."
        )
    return members


def _unpacked(entry: zipfile.ZipInfo) -> int:
    """The bytes a packed member claims to unpack to."""
    return 0 if entry.compress_type == zipfile.ZIP_STORED else entry.file_size


def _credible(entry: zipfile.ZipInfo, path: pathlib.Path, size: int) -> None:
    """Refuse a member whose declared sizes cannot be, or unpack to what no model needs."""
    if entry.header_offset + entry.compress_size > size:
        raise zip_members.damaged(path, "it would end beyond the end of the file", entry.filename)
    if entry.compress_type == zipfile.ZIP_STORED:
        if entry.file_size != entry.compress_size:
            raise zip_members.damaged(path, "its two sizes do not agree", entry.filename)
    elif entry.file_size > max(limits.UNPACKED, limits.EXPANSION * entry.compress_size):
        raise finding.Unreadable(
            f"{words.quoted(path.name)} has {size:,} bytes, and its member {words.quoted(entry.filename)} "
            f"claims to unpack to {entry.file_size:,}: more than {limits.EXPANSION} times as much as it "
            "takes, as nothing in a model does. It may be meant to fill memory and disk. It was not "
            "unpacked. Do not load it."
        )


def _too_many(shown: str, listed: str, most: str) -> finding.Unreadable:
    return finding.Unreadable(
        f"{shown} is a zip of {listed}, and up to {most} are read here; a `.keras` has three members and "
        "its assets. Do not load it unless you know where it comes from."
    )
