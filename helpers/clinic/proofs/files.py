"""Files that are not what their name says: pointers, parts, other formats, nothing at all."""

import pathlib
import shutil
import zipfile

import h5py
from helpers.clinic.proofs import caught, shelf
import keras

# What lies in a clone of a repository in which `git lfs pull` was forgotten.
POINTER = f"version https://git-lfs.github.com/spec/v1\noid sha256:{'0' * 64}\nsize 137704\n"


def p23(folder: pathlib.Path) -> caught.Case:
    """An .h5 file: a pointer, an empty file, the first half, and no file."""
    model = shelf.trained()
    model.save("model.h5")
    content = (folder / "model.h5").read_bytes()
    (folder / "pointer.h5").write_text(POINTER, encoding="ascii")
    (folder / "empty.h5").touch()
    (folder / "half.h5").write_bytes(content[: len(content) // 2])
    errors = []
    for name in ("pointer.h5", "empty.h5", "half.h5", "missing.h5"):
        with caught.error(OSError) as seen:
            keras.models.load_model(name)
        errors.append(seen)

    assert not any(map(h5py.is_hdf5, ("pointer.h5", "empty.h5")))
    (folder / "half.h5").write_bytes(content)
    loaded = keras.models.load_model("half.h5", compile=False)
    assert caught.apart(loaded(shelf.BATCH), model(shelf.BATCH)) < 1e-6
    return caught.Case("fetched again as a whole, the file loads and answers as the model did", errors)


def p24(folder: pathlib.Path) -> caught.Case:
    """A .keras file: the first half, a pointer, an .h5 file with another name, and no file."""
    model = shelf.trained()
    model.save("model.keras")
    shelf.trained().save("old.h5")
    content = (folder / "model.keras").read_bytes()
    (folder / "half.keras").write_bytes(content[: len(content) // 2])
    (folder / "pointer.keras").write_text(POINTER, encoding="ascii")
    shutil.copyfile("old.h5", "renamed.keras")
    errors = []
    for name in ("half.keras", "pointer.keras", "renamed.keras", "missing.keras"):
        with caught.error(ValueError) as seen:
            keras.models.load_model(name)
        errors.append(seen)

    assert zipfile.is_zipfile("model.keras") and not zipfile.is_zipfile("half.keras")
    assert h5py.is_hdf5("renamed.keras")
    shutil.copyfile("renamed.keras", "renamed.h5")
    (folder / "half.keras").write_bytes(content)
    for name in ("renamed.h5", "half.keras"):
        loaded = keras.models.load_model(name, compile=False)
        assert caught.apart(loaded(shelf.BATCH), model(shelf.BATCH)) < 1e-6
    return caught.Case(
        "under `.h5` the renamed file loads, fetched again the half one: the same answers", errors
    )
