"""Finds the reader for a path: what is there, from its kind and first bytes, not from its name."""

import difflib
import errno
import os
import pathlib
import stat

from helpers.anatomy import finding, hdf5, reading, words

_KINDS = (
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)


def local(path: object) -> pathlib.Path:
    """A path on this machine, from whatever was given.

    Raises:
        finding.Unreadable: it is no path.
    """
    if not isinstance(path, (str, bytes, os.PathLike)):
        raise finding.Unreadable(
            f"a path is needed, and this is of type {words.plain(type(path).__name__)}. Give the name of a file "
            'or folder, as in anatomy.show("digits.keras").'
        )
    text = os.fsdecode(path)
    if not text.strip():
        raise finding.Unreadable("the path is empty. Give the name of a file or folder.")
    if "://" in text:
        raise finding.Unreadable(
            f"{words.plain(text)!r} is an address, and files of this machine are read here. Download it first."
        )
    if "\0" in text:
        raise finding.Unreadable(f"{words.plain(text)!r} holds a zero character, and no path does.")
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
        return _absent(path, error)
    if not path.name:  # ".": its own name says more in a sentence
        path = path.resolve()
    if stat.S_ISDIR(mode):
        from helpers.anatomy import folders

        return folders.read(path)
    for is_kind, kind in _KINDS:
        if is_kind(mode):
            raise finding.Unreadable(
                f"{words.plain(path.name)!r} is {kind}, and not opened: that can wait for ever. A saved model is "
                "a file or a folder. Check the path."
            )
    return _file(path)


def _absent(path: pathlib.Path, error: OSError) -> finding.Anatomy:
    """A checkpoint goes by a name that is no file; every other name without a file is a mistake."""
    shown = words.plain(path.name)
    if error.errno == errno.ELOOP:
        raise finding.Unreadable(
            f"{shown!r} is a link that leads back to itself. Remove it, and copy the model."
        )
    if error.errno == errno.ENAMETOOLONG:
        raise finding.Unreadable(f"{shown!r} is too long for a path. Check the path.")
    if not isinstance(error, (FileNotFoundError, NotADirectoryError)):
        raise error
    if path.is_symlink():
        raise finding.Unreadable(
            f"{shown!r} is a link to something that is not there. Copy the model itself."
        )
    folder = path.parent
    if not folder.is_dir():
        raise finding.Unreadable(
            f"{shown!r} is not there, and neither is the folder {words.plain(folder.name)!r}. Check the path; a "
            "name without folders is looked for where Python runs."
        )
    names = sorted(entry.name for entry in folder.iterdir())
    if any(name.startswith((f"{path.name}.index", f"{path.name}.data-")) for name in names):
        from helpers.anatomy import checkpoint

        return checkpoint.read(path)
    near = difflib.get_close_matches(path.name, names[:1000], n=3)
    hint = (
        f"Near it: {words.listing(map(words.plain, near))}"
        if near
        else f"{words.count(len(names), 'entry').replace('entrys', 'entries')} there, none of a similar name"
    )
    raise finding.Unreadable(f"{shown!r} does not exist. {hint}. Check the path and the spelling.")


def _file(path: pathlib.Path) -> finding.Anatomy:
    from helpers.anatomy import strangers, zips

    head, size = reading.head(path), reading.size(path)
    if head.startswith(hdf5.SIGNATURE):
        from helpers.anatomy import keras_hdf5

        return keras_hdf5.read(path)
    with reading.opened(path) as file:
        zipped = size and (head.startswith(b"PK\x03\x04") or zips.has_end(file))
    if zipped:
        from helpers.anatomy import keras_file

        return keras_file.read(path)
    if size and (part := _part_of_folder(path)):
        return part
    raise finding.Unreadable(strangers.sentence(path, head, size))


def _part_of_folder(path: pathlib.Path) -> finding.Anatomy | None:
    """The whole of which a file is a part, for the names TensorFlow and Keras give to parts."""
    if (
        path.name in ("saved_model.pb", "keras_metadata.pb", "fingerprint.pb")
        and (path.parent / "saved_model.pb").exists()
    ):
        from helpers.anatomy import saved_model

        return saved_model.read(path.resolve().parent)
    if path.name == "checkpoint" or path.name.endswith(".index") or ".data-" in path.name:
        from helpers.anatomy import bundle, checkpoint

        if prefix := bundle.prefix_of(path):
            return checkpoint.read(prefix)
        if path.name == "checkpoint" and b"model_checkpoint_path" in reading.head(path):
            return checkpoint.read_folder(path.resolve().parent)
    if path.name in ("config.json", "metadata.json") and (path.parent / "model.weights.h5").exists():
        from helpers.anatomy import keras_file

        return keras_file.read_folder(path.resolve().parent)
    return None
