"""Tells what a folder holds: a model in one of the forms that are folders, versions of one, or none."""

import itertools
import pathlib

from helpers.anatomy import finding, hdf5, limits, words

_FORMS = (".keras", ".h5", ".hdf5")
_GRAPHS = {"saved_model.pb", "saved_model.pbtxt"}
_KERAS = {"model.weights.h5", "model.weights.npz", "metadata.json"}


def read(path: pathlib.Path) -> finding.Anatomy:
    """The anatomy of a folder that is a model.

    Raises:
        finding.Unreadable: it is none; the text says what was found in it.
        OSError: it cannot be read.
    """
    # Readers are imported where they are needed: those of TensorFlow's own formats take seconds to import.
    entries = sorted(itertools.islice(path.iterdir(), limits.MEMBERS), key=lambda entry: entry.name)
    names = {entry.name for entry in entries}
    if names & _GRAPHS:
        from helpers.anatomy import saved_model

        return saved_model.read(path)
    if "config.json" in names and names & _KERAS:
        from helpers.anatomy import keras_folder

        return keras_folder.read(path)
    if "variables.index" in names and _is_model(path.resolve().parent):
        raise finding.Unreadable(
            f"{words.quoted(path.name)} is the folder of arrays of a SavedModel. Give the folder around it."
        )
    if "checkpoint" in names or any(name.endswith(".index") for name in names):
        from helpers.anatomy import checkpoint

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
        entries = sorted(itertools.islice(version.iterdir(), limits.MEMBERS))
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
