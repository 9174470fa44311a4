"""Reads the folder that `save_model(zipped=False)` writes: an unzipped `.keras`."""

import pathlib

from helpers.anatomy import finding, hdf5, keras_objects, keras_parts, limits, reading, words
from helpers.anatomy.keras_parts import CONFIG, METADATA, WEIGHTS


def read(path: pathlib.Path) -> finding.Anatomy:
    """The anatomy of an unzipped `.keras`.

    Raises:
        finding.Unreadable: a file in it is damaged, cut short or too large.
        OSError: it cannot be read.
    """
    shown, names = words.quoted(path.name), sorted(entry.name for entry in path.iterdir())
    texts = {
        name: keras_objects.parsed(reading.whole(path / name, limits.CONFIG), f"{name} in {shown}")
        for name in (CONFIG, METADATA)
        if name in names
    }
    outline = None
    if WEIGHTS in names:
        reading.opened(path / WEIGHTS).close()
        size = reading.size(path / WEIGHTS)
        outline = hdf5.read(path / WEIGHTS, 0, size, f"{WEIGHTS} in {shown}")
    assets = path / keras_parts.ASSETS
    kept = sorted(entry.name for entry in assets.iterdir()) if assets.is_dir() else []
    return keras_parts.anatomy(
        path,
        keras_parts.Parts(texts[CONFIG], texts.get(METADATA, {}), outline, names, kept),
        "Keras model, a folder: an unzipped .keras",
        f'keras.models.load_model("{words.plain(path.name)}")',
        "nothing but the lengths of its files: a changed bit in the weights goes unnoticed",
    )
