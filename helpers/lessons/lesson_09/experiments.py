"""What settles the items of lesson 09. What is killed, or may crash, is a process of its own."""

import contextlib
import hashlib
import pathlib
import shutil
import struct
import sys
import tarfile
import zipfile

from helpers import digits, models
from helpers.lessons.lesson_09 import accidents, breaking
import keras
import numpy
import tensorflow


def predict_kill(folder: pathlib.Path) -> str:
    """Kill three saves over a good model in their middle, and look what loads."""
    with contextlib.chdir(folder):
        _make_old_and_new()
        found = breaking.accidents(
            "helpers.lessons.lesson_09.ways.plain", kills=3, refused=[], kinds=[".keras"]
        )
    left = [trial.outcome for trial in found]
    assert left and left.count(breaking.LOST) > len(left) / 2, left
    assert set(left) <= {breaking.LOST, breaking.OLD}, left
    return f"{len(left)} saves killed in their middle. What was left afterwards: {', '.join(left)}."


def myth_loads(folder: pathlib.Path) -> str:
    """Flip one bit: of a weight in HDF5 files and a .keras, and of a constant in an export's graph."""
    rows = digits.load().test_features
    model = keras.Sequential([keras.Input((64,)), keras.layers.Rescaling(0.3), models.sequential()])
    model.save(folder / "model.h5")
    model.save_weights(folder / "model.weights.h5")
    model.export(folder / "export", verbose=False)
    kernel = model.get_weights()[0]
    # Pixel 27 has ink in most digits; the highest bit of its largest weight's exponent is flipped.
    place = 4 * (27 * kernel.shape[1] + int(kernel[27].argmax())) + 3
    for name in ("model.h5", "model.weights.h5"):
        _flip(folder / name, kernel.tobytes(), place)
    _flip(folder / "export" / "saved_model.pb", struct.pack("<f", 0.3), 3)

    weights = keras.models.clone_model(model)
    weights.load_weights(folder / "model.weights.h5")
    artefact = tensorflow.saved_model.load(folder / "export")
    loaded = {
        ".h5": keras.models.load_model(folder / "model.h5"),
        ".weights.h5": weights,
        "export": artefact.serve,
    }
    apart = {name: float(numpy.abs(ask(rows) - model(rows)).max()) for name, ask in loaded.items()}
    assert min(apart.values()) > 0.01, apart
    moved = ", ".join(f"{name} by {value:.2f}" for name, value in apart.items())
    return f"All three loaded without an error. Their answers had moved: {moved}. {_unread_checksum(folder)}"


def _unread_checksum(folder: pathlib.Path) -> str:
    """What a load without the optimizer says to a damaged .keras on this Python, and what testzip says."""
    model, path = models.trained(epochs=1), folder / "model.keras"
    model.save(path)
    _flip(path, model.get_weights()[0].tobytes(), 3)
    try:
        keras.models.load_model(path, compile=False)
        said = "no error"
    except zipfile.BadZipFile:
        said = "BadZipFile"
    # zipfile jumps, and so compares nothing, since Python 3.12 (github.com/python/cpython/pull/27737).
    assert said == ("BadZipFile" if sys.version_info < (3, 12) else "no error"), said
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() == "model.weights.h5"
    return f"A .keras without its optimizer: {said} on this Python, while testzip names model.weights.h5."


def myth_folder(folder: pathlib.Path) -> str:
    """Save over a model in a read-only folder, without root's right to pass over permissions."""
    with contextlib.chdir(folder):
        _make_old_and_new()
        refused = [breaking.FOLDER]
        (plain,) = breaking.accidents(
            "helpers.lessons.lesson_09.ways.plain", refused=refused, kinds=[".keras"]
        )
        (careful,) = breaking.accidents(
            "helpers.lessons.lesson_09.ways.careful", refused=refused, kinds=[".keras"]
        )
    assert plain.outcome == breaking.NEW, plain
    assert careful.outcome == breaking.OLD, careful
    how = " (recorded on Linux)" if plain.detail == "recorded" else ""
    return f"In a read-only folder a plain save left {plain.outcome}, a careful one {careful.outcome}{how}."


def myth_backup(folder: pathlib.Path) -> str:
    """Cut a tar between two of its files, and unpack it."""
    (folder / "store").mkdir()
    for name in ("1", "2"):
        (folder / "store" / name).write_text(f"version {name}", encoding="utf-8")
    archive = pathlib.Path(shutil.make_archive(str(folder / "backup"), "tar", folder / "store"))
    with tarfile.open(archive) as whole:
        second = whole.getmember("./2").offset
    (folder / "half.tar").write_bytes(archive.read_bytes()[:second])
    # Not filter="data", which Python 3.11 has since 3.11.4 only; this archive is our own.
    shutil.unpack_archive(folder / "half.tar", folder / "half")
    found = sorted(path.name for path in (folder / "half").iterdir())
    assert found == ["1"], found
    return f"Unpacked without an error. Backed up were the files 1 and 2, and there is only {found[0]}."


def _make_old_and_new() -> None:
    for seed, name in enumerate((accidents.OLD, accidents.NEW)):
        models.sequential(seed).save(name)


def _flip(path: pathlib.Path, wanted: bytes, place: int) -> None:
    """Flip the second-highest bit of one byte, counted from where the wanted bytes begin."""
    content = bytearray(path.read_bytes())
    start = content.find(wanted)
    assert start >= 0, f"{path.name} does not hold those bytes"
    content[start + place] ^= 1 << 6
    path.write_bytes(content)


# What settles the items about lesson 09 that only the deck asks.


def deck_bit(folder: pathlib.Path) -> str:
    """Flip one bit of a weight that looks at the middle of the picture, and ask four checks."""
    model, rows = models.sequential(seed=1), digits.load().test_features
    path = folder / "digits.weights.h5"
    model.save_weights(path)
    content = bytearray(path.read_bytes())
    size, sha256 = len(content), hashlib.sha256(content).hexdigest()
    kernel = model.get_weights()[0]
    number = 27 * kernel.shape[1] + int(kernel[27].argmax())  # pixel 27 has ink in most digits
    place = content.find(kernel.tobytes()) + 4 * number
    content[place + 3] ^= 1 << 6  # the highest bit of the exponent, in the last byte of a float32
    path.write_bytes(content)
    loaded = models.sequential(seed=3)
    loaded.load_weights(path)
    weights = loaded.get_weights()
    apart = numpy.abs(loaded.predict(rows, verbose=0) - model.predict(rows, verbose=0)).max()
    assert sum(int((a != b).sum()) for a, b in zip(weights, model.get_weights(), strict=True)) == 1
    assert path.stat().st_size == size
    assert all(numpy.isfinite(array).all() for array in weights)
    assert hashlib.sha256(path.read_bytes()).hexdigest() != sha256
    assert apart > 0.1, apart
    return f"Same size, no error, every weight finite; another sha256, and answers that moved by {apart:.2f}."
