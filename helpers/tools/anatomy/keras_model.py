"""Reads `.keras`, a zip of JSON and HDF5."""

import dataclasses
import pathlib
import tempfile
import typing
import zipfile

from helpers.tools.anatomy import files, finding, hdf5, keras_config, keras_objects, strangers, words, zips

# The parts of a Keras 3 model, from a zip or a folder, and the findings on them.


CONFIG, METADATA, WEIGHTS = "config.json", "metadata.json", "model.weights.h5"
_HUBS = ("keras_hub", "keras_nlp", "keras_cv")
OTHER_WEIGHTS, ASSETS = "model.weights.npz", "assets/"


@dataclasses.dataclass(frozen=True)
class Parts:
    """The parts of one model, wherever they lay."""

    config: keras_objects.Mapping
    metadata: keras_objects.Mapping
    outline: hdf5.Outline | None
    names: list[str]
    assets: list[str]


def anatomy(path: pathlib.Path, parts: Parts, form: str, load: str, guard: str) -> finding.Anatomy:
    """The anatomy of those parts, with what depends on where they lay: form, line that loads, guard."""
    outline, compiled = parts.outline, parts.config.get("compile_config")
    custom, code = keras_config.custom(parts.config), keras_config.code(parts.config)
    version = parts.metadata.get("keras_version")
    if load.startswith("keras."):
        load = keras_objects.load(load, version)
    hub = next((name for name in _HUBS if f"{name}_version" in parts.metadata), "")
    if hub:  # a preset: its folder has the parts of a .keras, and load_model does not put them together
        load = f'{hub}.models.Task.from_preset("{words.plain(path.name)}"), or Backbone in the place of Task'
    across = keras_objects.ACROSS if keras_objects.major(version) == 2 else keras_objects.OLDER
    if custom != "none" and not hub:
        load += "\n" + keras_config.BRING_CLASSES
    optimizer = outline.below("optimizer") if outline else []
    counted = f"none: {WEIGHTS} is missing"
    if outline:
        counted = outline.weights()
    elif OTHER_WEIGHTS in parts.names:
        counted = f"in {OTHER_WEIGHTS}, which is not opened here"
    return finding.anatomy(
        path,
        form,
        files.size(path),
        written_by=keras_objects.written(version),
        architecture=keras_config.architecture(parts.config),
        weights=counted,
        optimizer=hdf5.optimizer(keras_config.optimizer(compiled), optimizer),
        compile_settings=keras_config.settings(compiled),
        endpoints=f"{finding.NOT_HERE}: a Keras model has predict, and is called",
        custom_classes=custom,
        code_it_would_run=outline.with_links(code) if outline else code,
        preprocessing=keras_config.preprocessing(parts.config, parts.assets),
        protected_by=guard,
        load_with=load,
        not_good_for=f"programs without Keras, such as TensorFlow Serving or C: export for those\n{across}",
    )


def read(path: pathlib.Path) -> finding.Anatomy:
    """The anatomy of a `.keras` file, whatever its name.

    Raises:
        finding.Unreadable: it is another zip, damaged, cut short or too large.
        OSError: it cannot be read.
    """
    shown = words.quoted(path.name)
    with files.opened(path) as file, zips.opened(file, path) as members:
        names = members.namelist()
        if CONFIG not in names:
            raise finding.Unreadable(strangers.zip_sentence(path, names, (CONFIG, METADATA, WEIGHTS)))
        guard = f"CRC-32 of each of the {words.count(len(names), 'member')} of the zip; all agree"
        if not zips.check(members, path):
            guard = f"CRC-32 of each member of the zip; not compared here beyond {finding.CHECKED:,} bytes"
        parts = Parts(
            keras_objects.parsed(zips.content(members, CONFIG, path), f"{CONFIG} in {shown}"),
            keras_objects.parsed(zips.content(members, METADATA, path), f"{METADATA} in {shown}")
            if METADATA in names
            else {},
            _outline(file, members, path) if WEIGHTS in names else None,
            names,
            [name for name in names if name.startswith(ASSETS)],
        )
    form, load = "Keras model, one zip file", f'keras.models.load_model("{words.plain(path.name)}")'
    if path.suffix != ".keras":
        # What load_model says to a zip under another name; a test holds it against the installed Keras.
        answer = (
            "'file signature not found'" if path.suffix in (".h5", ".hdf5") else "'File format not supported'"
        )
        form += f", although its name does not end in .keras: load_model answers {answer}"
        load = f"after renaming it to {words.plain(path.stem)}.keras: load_model"
    return anatomy(path, parts, form, load, guard)


def _outline(file: typing.BinaryIO, members: zipfile.ZipFile, path: pathlib.Path) -> hdf5.Outline:
    """The outline of the weights: where they lie in the zip, or unpacked into a temporary folder."""
    entry, shown = members.getinfo(WEIGHTS), f"{WEIGHTS} in {words.quoted(path.name)}"
    if entry.compress_type == zipfile.ZIP_STORED:
        return hdf5.read(path, zips.place(file, entry), entry.file_size, shown)
    with tempfile.TemporaryDirectory() as folder:
        try:
            unpacked = pathlib.Path(members.extract(entry, folder))
        except zips.BROKEN as error:
            raise zips.damaged(path, str(error), WEIGHTS) from error
        return hdf5.read(unpacked, 0, entry.file_size, shown)


# Reads the folder that `save_model(zipped=False)` writes: an unzipped `.keras`.


def read_folder(path: pathlib.Path) -> finding.Anatomy:
    """The anatomy of an unzipped `.keras`.

    Raises:
        finding.Unreadable: a file in it is damaged, cut short or too large.
        OSError: it cannot be read.
    """
    shown, names = words.quoted(path.name), sorted(entry.name for entry in path.iterdir())
    texts = {
        name: keras_objects.parsed(files.whole(path / name, finding.CONFIG), f"{name} in {shown}")
        for name in (CONFIG, METADATA)
        if name in names
    }
    outline = None
    if WEIGHTS in names:
        files.opened(path / WEIGHTS).close()
        size = files.size(path / WEIGHTS)
        outline = hdf5.read(path / WEIGHTS, 0, size, f"{WEIGHTS} in {shown}")
    assets = path / ASSETS
    kept = sorted(entry.name for entry in assets.iterdir()) if assets.is_dir() else []
    return anatomy(
        path,
        Parts(texts[CONFIG], texts.get(METADATA, {}), outline, names, kept),
        "Keras model, a folder: an unzipped .keras",
        f'keras.models.load_model("{words.plain(path.name)}")',
        "nothing but the lengths of its files: a changed bit in the weights goes unnoticed",
    )
