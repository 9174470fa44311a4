"""Reads `.keras`, a zip of JSON and HDF5, and the folder that `save_model(zipped=False)` writes."""

import pathlib
import tempfile
import typing
import zipfile

from helpers.anatomy import finding, hdf5, keras_config, keras_objects, limits, reading, words, zips

CONFIG, METADATA, WEIGHTS, OTHER_WEIGHTS = "config.json", "metadata.json", "model.weights.h5", "model.weights.npz"
_ASSETS = "assets/"


def read(path: pathlib.Path) -> finding.Anatomy:
    """The anatomy of a `.keras` file, whatever its name.

    Raises:
        finding.Unreadable: it is another zip, damaged, cut short or too large.
        OSError: it cannot be read.
    """
    with reading.opened(path) as file, zips.opened(file, path) as members:
        names = members.namelist()
        if CONFIG not in names:
            raise finding.Unreadable(_foreign(path, names))
        checked = zips.check(members, path)
        config = keras_objects.parsed(zips.content(members, CONFIG, path), f"{CONFIG} in {path.name!r}")
        metadata = {}
        if METADATA in names:
            metadata = keras_objects.parsed(
                zips.content(members, METADATA, path), f"{METADATA} in {path.name!r}"
            )
        outline = None
        if WEIGHTS in names:
            outline = _outline(file, members, path)
        assets = [name for name in names if name.startswith(_ASSETS)]
        number = len(names)
    guard = f"CRC-32 of each of the {words.count(number, 'member')} of the zip; all agree"
    if not checked:
        guard = f"CRC-32 of each member of the zip; more than {limits.CHECKED:,} bytes, so not compared here"
    return _anatomy(path, path.stat().st_size, config, metadata, outline, names, assets, guard)


def read_folder(path: pathlib.Path) -> finding.Anatomy:
    """The anatomy of an unzipped `.keras`.

    Raises:
        finding.Unreadable: a file in it is damaged, cut short or too large.
        OSError: it cannot be read.
    """
    names = sorted(entry.name for entry in path.iterdir())
    config = keras_objects.parsed(reading.whole(path / CONFIG, limits.CONFIG), f"{CONFIG} in {path.name!r}")
    metadata, outline = {}, None
    if METADATA in names:
        text = reading.whole(path / METADATA, limits.CONFIG)
        metadata = keras_objects.parsed(text, f"{METADATA} in {path.name!r}")
    if WEIGHTS in names:
        with reading.opened(path / WEIGHTS):
            size = reading.size(path / WEIGHTS)
        outline = hdf5.read(path / WEIGHTS, 0, size, f"{WEIGHTS} in {path.name!r}")
    assets = []
    if (path / _ASSETS).is_dir():
        assets = sorted(entry.name for entry in (path / _ASSETS).iterdir())
    guard = "nothing but the lengths of its files: a changed bit in the weights goes unnoticed"
    return _anatomy(path, reading.size(path), config, metadata, outline, names, assets, guard)


def _outline(file: typing.BinaryIO, members: zipfile.ZipFile, path: pathlib.Path) -> hdf5.Outline:
    """The outline of the weights: where they lie in the zip, or unpacked into a temporary folder."""
    entry, shown = members.getinfo(WEIGHTS), f"{WEIGHTS} in {words.plain(path.name)!r}"
    if entry.compress_type == zipfile.ZIP_STORED:
        return hdf5.read(path, zips.place(file, entry), entry.file_size, shown)
    with tempfile.TemporaryDirectory() as folder:
        try:
            unpacked = pathlib.Path(members.extract(entry, folder))
        except zips.BROKEN as error:
            raise zips.damaged(path, str(error), WEIGHTS) from error
        return hdf5.read(unpacked, 0, entry.file_size, shown)


def _anatomy(
    path: pathlib.Path,
    size: int,
    config: keras_objects.Mapping,
    metadata: keras_objects.Mapping,
    outline: hdf5.Outline | None,
    names: list[str],
    assets: list[str],
    guard: str,
) -> finding.Anatomy:
    name, compiled = words.plain(path.name), config.get("compile_config")
    form, load = f"Keras model, {'a folder' if path.is_dir() else 'one zip file'}", f'keras.models.load_model("{name}")'
    if not path.is_dir() and path.suffix != ".keras":
        form += f", although its name does not end in .keras: load_model answers {_refusal(path)}"
        load = f"after renaming it to {words.plain(path.stem)}.keras: load_model"
    custom = keras_config.custom(config)
    if custom != "none":
        load += "\nafter importing the module that registers the classes, or with custom_objects={...}"
    ours = outline.below("optimizer") if outline else []
    weights = [array for array in outline.arrays if array not in ours] if outline else []
    steps = next((array.value for array in ours if array.value is not None), None)
    counted = hdf5.tally(weights)
    if not outline:
        counted = f"in {OTHER_WEIGHTS}, not counted here" if OTHER_WEIGHTS in names else f"none: {WEIGHTS} is missing"
    code = [keras_config.code(config)]
    if outline and (elsewhere := outline.elsewhere()):
        code = [line for line in code if line != "none"]
        code.append(f"its weights point to other files: {words.listing(elsewhere)}; they are not followed here")
    return finding.anatomy(
        path,
        form,
        size,
        written_by=f"Keras {words.plain(metadata.get('keras_version', 'of unknown version'))}",
        architecture=keras_config.architecture(config),
        weights=counted,
        optimizer=_optimizer(keras_config.optimizer(compiled), len(ours), steps),
        compile_settings=keras_config.settings(compiled),
        endpoints=finding.NOT_HERE + ": a Keras model has predict, and is called",
        custom_classes=custom,
        code_it_would_run="\n".join(code),
        preprocessing=keras_config.preprocessing(config, assets),
        protected_by=guard,
        load_with=load,
        not_good_for="programs without Keras, such as TensorFlow Serving or C: export for those. Older Keras: "
        "it may not know what a newer one wrote",
    )


def _optimizer(name: str, arrays: int, steps: int | None) -> str:
    if not name:
        return "none" if not arrays else f"class not recorded, {words.count(arrays, 'array')}"
    if not arrays:
        return f"{name}, but none of its arrays: it begins anew"
    return f"{name}, {words.count(steps, 'step') if steps is not None else 'steps unknown'}, {words.count(arrays, 'array')}"


def _refusal(path: pathlib.Path) -> str:
    """What load_model says to a zip under this name; recorded from a run on Keras 3.15."""
    if path.suffix in (".h5", ".hdf5"):
        return "'Unable to synchronously open file (file signature not found)'"
    return "'File format not supported'"


def _foreign(path: pathlib.Path, names: list[str]) -> str:
    """The sentence for a zip that is no `.keras`."""
    shown, kind = words.plain(path.name), "a zip that Keras did not write"
    if any(name.endswith("data.pkl") for name in names):
        kind = "a PyTorch file, a zip with a pickle in it (which would run code, and was not opened)"
    elif "[Content_Types].xml" in names:
        kind = "an Office document"
    elif names and all(name.endswith(".npy") for name in names):
        kind = "a NumPy archive of arrays (.npz): numbers without a model"
    elif any(name.endswith("saved_model.pb") for name in names):
        return f"{shown!r} is a zip of a SavedModel folder. Unpack it, then give the folder that holds saved_model.pb."
    elif any(name.endswith((".keras", ".h5", ".weights.h5")) and "/" not in name for name in names) and WEIGHTS not in names:
        return f"{shown!r} is a zip around a model ({words.listing(map(words.plain, names), 4)}). Unpack it, then give that file."
    elif WEIGHTS in names or METADATA in names:
        kind = "a `.keras` without its config.json, so damaged or put together by hand"
    return (
        f"{shown!r} is {kind}. Its members: {words.listing(map(words.plain, names), 4) or 'none'}. A `.keras` has "
        f"{CONFIG}, {METADATA} and {WEIGHTS}. Check the path, or ask for the file that `model.save` wrote."
    )
