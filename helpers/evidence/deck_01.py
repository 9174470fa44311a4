"""What settles the items about lesson 01 that only the deck asks."""

import contextlib
import io
import json
import pathlib
import zipfile

from helpers import digits, fresh, models
import keras
import numpy


def structure(folder: pathlib.Path) -> str:
    """Read the layers inside a file as text, then load it in a process that has no code of the model."""
    model, rows = models.trained(epochs=1), digits.load().test_features[:32]
    model.save(folder / "digits.keras")
    numpy.savez(folder / "golden.npz", rows=rows, answers=model.predict(rows, verbose=0))
    with zipfile.ZipFile(folder / "digits.keras") as box:
        config = json.loads(box.read("config.json"))
        python = [name for name in box.namelist() if name.endswith(".py")]
    layers = [(layer["class_name"], layer["config"].get("units")) for layer in config["config"]["layers"]]
    load = """
import keras, numpy
rows, answers = numpy.load("golden.npz").values()
print(numpy.allclose(keras.models.load_model("digits.keras").predict(rows, verbose=0), answers, atol=1e-6))
"""
    with contextlib.chdir(folder), contextlib.redirect_stdout(io.StringIO()) as printed:
        fresh.run_cell(load)
    assert layers == [("InputLayer", None), ("Dense", 128), ("Dense", 10)], layers
    assert python == [], python
    assert printed.getvalue() == "True\n", printed.getvalue()
    return "The file names an input, Dense 128 and Dense 10. A process without model code: the same answers."


def scaling(folder: pathlib.Path) -> str:
    """Train on prepared digits, and ask the loaded file with prepared ones and with photographs."""
    model, prepared = models.trained(epochs=2), digits.load().test_features
    photographs = 255 * (1 - prepared)
    answers = model.predict(prepared, verbose=0)  # what both golden batches hold
    model.save(folder / "digits.keras")
    loaded = keras.models.load_model(folder / "digits.keras")
    behind = numpy.abs(loaded.predict(prepared, verbose=0) - answers).max()
    before = numpy.abs(loaded.predict(photographs, verbose=0) - answers).max()
    assert behind < 1e-6, behind
    assert before > 0.5, before
    return (
        f"Asked with prepared inputs, the file answers as stored. Asked with photographs, {before:.2f} away."
    )
