"""Reads `.keras`, a zip of JSON and HDF5."""

import pathlib
import tempfile
import typing
import zipfile

from helpers.anatomy import (
    finding,
    foreign_zips,
    hdf5,
    hdf5_outline,
    keras_objects,
    keras_parts,
    limits,
    reading,
    words,
    zip_members,
    zips,
)
from helpers.anatomy.keras_parts import CONFIG, METADATA, WEIGHTS


def read(path: pathlib.Path) -> finding.Anatomy:
    """The anatomy of a `.keras` file, whatever its name.

    Raises:
        finding.Unreadable: it is another zip, damaged, cut short or too large.
        OSError: it cannot be read.
    """
    shown = words.quoted(path.name)
    with reading.opened(path) as file, zips.opened(file, path) as members:
        names = members.namelist()
        if CONFIG not in names:
            raise finding.Unreadable(foreign_zips.sentence(path, names, (CONFIG, METADATA, WEIGHTS)))
        guard = f"CRC-32 of each of the {words.count(len(names), 'member')} of the zip; all agree"
        if not zip_members.check(members, path):
            guard = f"CRC-32 of each member of the zip; not compared here beyond {limits.CHECKED:,} bytes"
        parts = keras_parts.Parts(
            keras_objects.parsed(zip_members.content(members, CONFIG, path), f"{CONFIG} in {shown}"),
            keras_objects.parsed(zip_members.content(members, METADATA, path), f"{METADATA} in {shown}")
            if METADATA in names
            else {},
            _outline(file, members, path) if WEIGHTS in names else None,
            names,
            [name for name in names if name.startswith(keras_parts.ASSETS)],
        )
    form, load = "Keras model, one zip file", f'keras.models.load_model("{words.plain(path.name)}")'
    if path.suffix != ".keras":
        # What load_model says to a zip under another name; a test holds it against the installed Keras.
        answer = (
            "'file signature not found'" if path.suffix in (".h5", ".hdf5") else "'File format not supported'"
        )
        form += f", although its name does not end in .keras: load_model answers {answer}"
        load = f"after renaming it to {words.plain(path.stem)}.keras: load_model"
    return keras_parts.anatomy(path, parts, form, load, guard)


def _outline(file: typing.BinaryIO, members: zipfile.ZipFile, path: pathlib.Path) -> hdf5_outline.Outline:
    """The outline of the weights: where they lie in the zip, or unpacked into a temporary folder."""
    entry, shown = members.getinfo(WEIGHTS), f"{WEIGHTS} in {words.quoted(path.name)}"
    if entry.compress_type == zipfile.ZIP_STORED:
        return hdf5.read(path, zip_members.place(file, entry), entry.file_size, shown)
    with tempfile.TemporaryDirectory() as folder:
        try:
            unpacked = pathlib.Path(members.extract(entry, folder))
        except zip_members.BROKEN as error:
            raise zip_members.damaged(path, str(error), WEIGHTS) from error
        return hdf5.read(unpacked, 0, entry.file_size, shown)
