"""Tells what a folder holds: a model in one of the forms that are folders, versions of one, or none."""

import itertools
import pathlib

from helpers.anatomy import checkpoint, finding, hdf5, keras_file, limits, saved_model, words

_FORMS = (".keras", ".h5", ".hdf5")


def read(path: pathlib.Path) -> finding.Anatomy:
    """The anatomy of a folder that is a model.

    Raises:
        finding.Unreadable: it is none; the text says what was found in it.
        OSError: it cannot be read.
    """
    entries = list(itertools.islice(path.iterdir(), limits.MEMBERS + 1))
    names = {entry.name for entry in entries}
    if names & {saved_model.GRAPH, saved_model.TEXT_GRAPH}:
        return saved_model.read(path)
    if keras_file.CONFIG in names and names & {
        keras_file.WEIGHTS,
        keras_file.OTHER_WEIGHTS,
        keras_file.METADATA,
    }:
        return keras_file.read_folder(path)
    if checkpoint.STATE in names or any(name.endswith(".index") for name in names):
        return checkpoint.read_folder(path)
    raise finding.Unreadable(_none(path, sorted(entries, key=lambda entry: entry.name)))


def _none(path: pathlib.Path, entries: list[pathlib.Path]) -> str:
    shown = repr(words.plain(path.name) or ".")
    if not entries:
        return f"{shown} is an empty folder. A SavedModel has saved_model.pb and variables/ in it. Check the path."
    versions = sorted(
        (entry for entry in entries if entry.name.isascii() and entry.name.isdigit() and entry.is_dir()),
        key=lambda entry: int(entry.name),
    )
    if versions and all(_is_model(entry) or _models(entry) for entry in versions[-3:]):
        numbers = words.listing([entry.name for entry in versions])
        newest = versions[-1] if _is_model(versions[-1]) else _models(versions[-1])[0]
        return (
            f"{shown} holds numbered versions of a model, as TensorFlow Serving wants them: {numbers}. Give one "
            f"of them; the highest is {words.plain('/'.join([path.name, *newest.relative_to(path).parts]))!r}."
        )
    if {"variables.index", "variables.data-00000-of-00001"} & {entry.name for entry in entries}:
        return f"{shown} is the folder of arrays of a SavedModel. Give the folder around it."
    models = [entry for entry in entries if _is_model(entry)]
    if len(models) == 1:
        return (
            f"{shown} is a folder with one model in it: {words.plain(models[0].name)!r}. Give the path "
            f"{words.plain('/'.join([path.name, models[0].name]))!r}."
        )
    if models:
        names = words.listing([words.plain(entry.name) for entry in models])
        return f"{shown} is a folder with {len(models):,} models in it: {names}. Give the path of one."
    kept = words.listing([words.plain(entry.name) for entry in entries[: limits.MEMBERS]], 4)
    return (
        f"{shown} is a folder without a model; in it: {kept}. A SavedModel has saved_model.pb, a checkpoint "
        "files ending in .index. Check the path."
    )


def _models(path: pathlib.Path) -> list[pathlib.Path]:
    return [entry for entry in itertools.islice(path.iterdir(), limits.MEMBERS) if _is_model(entry)]


def _is_model(entry: pathlib.Path) -> bool:
    """Whether it looks like one from outside; it is not opened further than its first bytes."""
    try:
        if entry.is_dir():
            return (entry / saved_model.GRAPH).is_file()
        if not entry.is_file() or entry.suffix not in _FORMS:
            return False
        with entry.open("rb") as file:
            return file.read(8).startswith((b"PK\x03\x04", hdf5.SIGNATURE))
    except OSError:
        return False
