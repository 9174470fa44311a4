"""Finds the reader for a path: by what is there and how it begins, not by its name."""

import os
import pathlib
import stat

from helpers.anatomy import absent, finding, hdf5, reading, strangers, words, zip_end

_KINDS = (
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)
_PARTS_OF_SAVED_MODEL = ("saved_model.pb", "saved_model.pbtxt", "keras_metadata.pb", "fingerprint.pb")
_PARTS_OF_KERAS_FOLDER = ("config.json", "metadata.json")

# Readers are imported where they are needed: those of TensorFlow's own formats take seconds to import.


def local(path: object) -> pathlib.Path:
    """A path on this machine, from whatever was given.

    Raises:
        finding.Unreadable: it is no path.
    """
    if not isinstance(path, (str, bytes, os.PathLike)):
        raise finding.Unreadable(
            f"a path is needed, and this is of type {words.plain(type(path).__name__)}. Give the name of a "
            'file or folder, as in anatomy.show("digits.keras").'
        )
    text = os.fsdecode(path)
    if not text.strip():
        raise finding.Unreadable("the path is empty. Give the name of a file or folder.")
    if "://" in text:
        raise finding.Unreadable(
            f"{words.quoted(text)} is an address, and files of this machine are read here. Download it first."
        )
    if "\0" in text:
        raise finding.Unreadable(f"{words.quoted(text)} holds a zero character, and no path does. Check it.")
    return pathlib.Path(text)


def read(path: pathlib.Path) -> finding.Anatomy:
    """The anatomy of whatever lies there.

    Raises:
        finding.Unreadable: nothing is there, or no model.
        OSError: it cannot be read.
    """
    try:
        mode = path.stat().st_mode
    except OSError as error:
        if prefix := absent.checkpoint(path):
            from helpers.anatomy import checkpoint

            return checkpoint.read(prefix)
        raise absent.reason(path, error) from error
    if path.name in ("", ".."):  # its own name says more in a sentence than "." does
        path = path.resolve()
    if stat.S_ISDIR(mode):
        from helpers.anatomy import folders

        return folders.read(path)
    for is_kind, kind in _KINDS:
        if is_kind(mode):
            raise finding.Unreadable(
                f"{words.quoted(path.name)} is {kind}, and was not opened: that can wait for ever. A saved "
                "model is a file or a folder. Check the path."
            )
    return _file(path)


def _file(path: pathlib.Path) -> finding.Anatomy:
    head, size = reading.head(path), reading.size(path)
    if head.startswith(hdf5.SIGNATURE):
        from helpers.anatomy import keras_hdf5

        return keras_hdf5.read(path)
    with reading.opened(path) as file:
        zipped = size and (head.startswith(b"PK\x03\x04") or zip_end.list_size(file) is not None)
    if zipped:
        from helpers.anatomy import keras_file

        return keras_file.read(path)
    if size and (found := _whole_of(path, head)):
        return found
    raise finding.Unreadable(strangers.sentence(path, head, size))


def _whole_of(path: pathlib.Path, head: bytes) -> finding.Anatomy | None:
    """What a file is a part of, for the names that TensorFlow and Keras give to parts; None for others."""
    folder = path.resolve().parent
    if path.name in _PARTS_OF_SAVED_MODEL and (folder / "saved_model.pb").exists():
        from helpers.anatomy import saved_model

        return saved_model.read(folder)
    if path.name in _PARTS_OF_KERAS_FOLDER and (folder / "model.weights.h5").exists():
        from helpers.anatomy import keras_folder

        return keras_folder.read(folder)
    if path.name == "checkpoint" and b"model_checkpoint_path" in head:
        from helpers.anatomy import checkpoint

        return checkpoint.read_folder(folder)
    if path.name.endswith(".index") or ".data-" in path.name:
        from helpers.anatomy import bundle, checkpoint

        if prefix := bundle.prefix_of(path):
            return checkpoint.read(prefix)
    return None
