"""Finds the reader for a path: by what is there and how it begins, not by its name."""

import difflib
import errno
import itertools
import os
import pathlib
import stat

from helpers.tools.anatomy import files, finding, hdf5, strangers, words, zips

# Tells what a folder holds: a model in one of the forms that are folders, versions of one, or none.


_FORMS = (".keras", ".h5", ".hdf5")
_GRAPHS = {"saved_model.pb", "saved_model.pbtxt"}
_KERAS = {"model.weights.h5", "model.weights.npz", "metadata.json"}


def read_folder(path: pathlib.Path) -> finding.Anatomy:
    """The anatomy of a folder that is a model.

    Raises:
        finding.Unreadable: it is none; the text says what was found in it.
        OSError: it cannot be read.
    """
    # Readers are imported where they are needed: those of TensorFlow's own formats take seconds to import.
    entries = sorted(itertools.islice(path.iterdir(), finding.MEMBERS), key=lambda entry: entry.name)
    names = {entry.name for entry in entries}
    if names & _GRAPHS:
        from helpers.tools.anatomy import saved_model

        return saved_model.read(path)
    if said := strangers.folder_sentence(path, names):
        raise finding.Unreadable(said)
    if "config.json" in names and names & _KERAS:
        from helpers.tools.anatomy import keras_model

        return keras_model.read_folder(path)
    if "variables.index" in names and _is_model(path.resolve().parent):
        raise finding.Unreadable(
            f"{words.quoted(path.name)} is the folder of arrays of a SavedModel. Give the folder around it."
        )
    if (path / "checkpoint").is_file() or any(name.endswith(".index") for name in names):
        from helpers.tools.anatomy import checkpoint

        return checkpoint.read_folder(path)
    raise finding.Unreadable(_none(path, entries))


def _none(path: pathlib.Path, entries: list[pathlib.Path]) -> str:
    shown = words.quoted(path.name)
    if not entries:
        return f"{shown} is an empty folder. A SavedModel has saved_model.pb in it. Check the path."
    versions = sorted(
        (entry for entry in entries if entry.name.isascii() and entry.name.isdigit() and entry.is_dir()),
        key=lambda entry: int(entry.name),
    )
    if versions and (newest := _model_in(versions[-1])):
        numbers = words.listing([entry.name for entry in versions])
        return (
            f"{shown} holds numbered versions of a model: {numbers}. Give one of them; the highest is "
            f"{words.quoted(_below(path, newest))}."
        )
    models = [entry for entry in entries if _is_model(entry)]
    if len(models) == 1:
        return f"{shown} is a folder with one model in it. Give {words.quoted(_below(path, models[0]))}."
    if models:
        names = words.listing([words.plain(entry.name) for entry in models])
        return f"{shown} is a folder with {len(models):,} models in it: {names}. Give the path of one."
    kept = words.listing([words.plain(entry.name) for entry in entries], 4)
    return (
        f"{shown} is a folder without a model; in it: {kept}. A SavedModel has saved_model.pb, a checkpoint "
        "files ending in .index. Check the path."
    )


def _below(path: pathlib.Path, model: pathlib.Path) -> str:
    return "/".join([path.name, *model.relative_to(path).parts])


def _model_in(version: pathlib.Path) -> pathlib.Path | None:
    """The model that a folder is, or the first that it holds."""
    if _is_model(version):
        return version
    try:
        entries = sorted(itertools.islice(version.iterdir(), finding.MEMBERS))
    except OSError:
        return None
    return next((entry for entry in entries if _is_model(entry)), None)


def _is_model(entry: pathlib.Path) -> bool:
    """Whether it looks like one from outside; it is not opened further than its first bytes."""
    try:
        if entry.is_dir():
            return any((entry / name).is_file() for name in _GRAPHS)
        if not entry.is_file() or entry.suffix not in _FORMS:
            return False
        with entry.open("rb") as file:
            return file.read(8).startswith((b"PK\x03\x04", hdf5.SIGNATURE))
    except OSError:
        return False


# Says why there is nothing at a path, and what is near it.


def checkpoint_prefix(path: pathlib.Path) -> pathlib.Path | None:
    """The path itself if it is the name of a checkpoint, which is no file: its files have longer names."""
    starts = (f"{path.name}.index", f"{path.name}.data-")
    try:
        names = [entry.name for entry in path.parent.iterdir()] if path.name else []
    except OSError:
        return None
    return path if any(name.startswith(starts) for name in names) else None


def reason(path: pathlib.Path, error: OSError) -> Exception:
    """What to raise for a path that cannot be looked at: a sentence, or the error if it is another kind."""
    shown, folder = words.quoted(path.name), path.parent
    if error.errno == errno.ELOOP:
        return finding.Unreadable(
            f"{shown} is a link that leads back to itself. Remove it, and copy the model."
        )
    if error.errno == errno.ENAMETOOLONG:
        return finding.Unreadable(f"{shown} is too long for the name of a file. Check the path.")
    if not isinstance(error, (FileNotFoundError, NotADirectoryError)):
        return error
    if path.is_symlink():
        return finding.Unreadable(f"{shown} is a link to something that is not there. Copy the model itself.")
    if not folder.is_dir():
        return finding.Unreadable(
            f"{shown} does not exist, and neither does the folder {words.quoted(folder.name)}. Check the "
            "path; one without a leading slash begins where Python runs."
        )
    near = difflib.get_close_matches(path.name, [entry.name for entry in folder.iterdir()][:1000], n=3)
    hint = (
        f"There is: {words.listing(map(words.plain, near))}" if near else "Nothing there has a similar name"
    )
    return finding.Unreadable(f"{shown} does not exist. {hint}. Check the path and the spelling.")


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
        if prefix := checkpoint_prefix(path):
            from helpers.tools.anatomy import checkpoint

            return checkpoint.read(prefix)
        raise reason(path, error) from error
    if path.name in ("", ".."):  # its own name says more in a sentence than "." does
        path = path.resolve()
    if stat.S_ISDIR(mode):
        return read_folder(path)
    for is_kind, kind in _KINDS:
        if is_kind(mode):
            raise finding.Unreadable(
                f"{words.quoted(path.name)} is {kind}, and was not opened: that can wait for ever. A saved "
                "model is a file or a folder. Check the path."
            )
    return _file(path)


def _file(path: pathlib.Path) -> finding.Anatomy:
    head, size = files.head(path), files.size(path)
    if head.startswith(hdf5.SIGNATURE):
        from helpers.tools.anatomy import keras_hdf5

        return keras_hdf5.read(path)
    with files.opened(path) as file:
        zipped = size and (head.startswith(b"PK\x03\x04") or zips.list_size(file) is not None)
    if zipped:
        from helpers.tools.anatomy import keras_model

        return keras_model.read(path)
    if size and (found := _whole_of(path, head)):
        return found
    raise finding.Unreadable(strangers.sentence(path, head, size))


def _whole_of(path: pathlib.Path, head: bytes) -> finding.Anatomy | None:
    """What a file is a part of, for the names that TensorFlow and Keras give to parts; None for others."""
    folder = path.resolve().parent
    if path.name in _PARTS_OF_SAVED_MODEL and (folder / "saved_model.pb").exists():
        from helpers.tools.anatomy import saved_model

        return saved_model.read(folder)
    if path.name in _PARTS_OF_KERAS_FOLDER and (folder / "model.weights.h5").exists():
        from helpers.tools.anatomy import keras_model

        return keras_model.read_folder(folder)
    if path.name == "checkpoint" and b"model_checkpoint_path" in head:
        from helpers.tools.anatomy import checkpoint

        return checkpoint.read_folder(folder)
    if path.name.endswith(".index") or ".data-" in path.name:
        from helpers.tools.anatomy import bundle, checkpoint

        if prefix := bundle.prefix_of(path):
            return checkpoint.read(prefix)
    return None
