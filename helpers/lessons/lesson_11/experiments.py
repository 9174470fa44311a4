"""What settles the items of lesson 11: files that other versions of TensorFlow wrote, loaded here."""

import contextlib
import pathlib
import zipfile

from helpers.lessons.lesson_11 import capsules, verdicts
import keras
import numpy
import tensorflow


def predict_recommended(folder: pathlib.Path) -> str:
    """Load the `.keras` and the `.h5` of TensorFlow 2.15, both as they are."""
    with contextlib.chdir(folder):
        capsules.unpack()
        newer, older = (_judged("tf-2.15", f"digits.{suffix}") for suffix in ("keras", "h5"))
    assert newer.word == verdicts.ERROR, newer
    assert older.word in (verdicts.ANSWERS, verdicts.TRAINS_ANEW, verdicts.TRAINS_ON), older
    return f"digits.keras of 2.15: {newer.reason}. digits.h5 of 2.15: the same answers."


def myth_builtin(folder: pathlib.Path) -> str:
    """Load a model with one built-in activation, and one with others, from the same version."""
    with contextlib.chdir(folder):
        capsules.unpack()
        gates = [_judged("tf-2.15", f"gate.{suffix}") for suffix in ("keras", "h5")]
        digits = _judged("tf-2.15", "digits.h5")
    assert [gate.word for gate in gates] == [verdicts.DIFFERS] * 2, gates
    assert digits.word == verdicts.ANSWERS, digits
    return f"gate.keras and gate.h5 of 2.15 differ {gates[0].reason}; digits.h5 of 2.15 answers as before."


def myth_layer(folder: pathlib.Path) -> str:
    """Wrap a folder, save the wrapped model, load it with the folder and without."""
    with contextlib.chdir(folder):
        capsules.unpack()
        old = "tf-2.11/digits_model_save"
        layer = keras.layers.TFSMLayer(old, call_endpoint="serving_default")
        pixels = keras.Input((64,))
        keras.Model(pixels, layer(pixels)).save("wrapped.keras")
        inside = zipfile.ZipFile("wrapped.keras").namelist()
        golden = capsules.golden("tf-2.11", "digits")
        loaded = keras.models.load_model("wrapped.keras", safe_mode=False)
        (answers,) = loaded.predict(golden.rows, verbose=0).values()
        pathlib.Path(old).rename("moved")
        try:
            keras.models.load_model("wrapped.keras", safe_mode=False)
        except OSError as error:
            said = str(error).split(":")[0]
        else:
            raise AssertionError("it loaded without its folder")
        assert tensorflow.saved_model.contains_saved_model("moved")
    assert numpy.allclose(answers, golden.answers, atol=verdicts.TOLERANCE)
    assert not any(name.endswith(".pb") for name in inside), inside
    return f"In the file: {', '.join(inside)}. With the folder the same answers; moved: OSError - {said}"


def _judged(folder: str, name: str) -> verdicts.Verdict:
    """What becomes of one file, handed to load_model as it is."""
    return verdicts.judge(lambda: keras.models.load_model(f"{folder}/{name}"), folder, name.split(".")[0])
