"""What settles the items of lesson 10. Whatever runs writes a small text into the folder it is given."""

import contextlib
import pathlib
import sys
import zipfile

from helpers.core import processes
from helpers.lessons.lesson_10 import strange_files
import keras
import tensorflow


def predict_graph(folder: pathlib.Path) -> str:
    """Load a SavedModel and call nothing of it."""
    with contextlib.chdir(folder):
        strange_files.on_load("gift")
        before = strange_files.MARKER.exists()
        tensorflow.saved_model.load("gift")
        after = strange_files.MARKER.exists()
    assert (before, after) == (False, True)
    return "Before the load there was no file, after it there was one, and nothing of the model was called."


def myth_safe(folder: pathlib.Path) -> str:
    """Change one argument in a file, and load it with safe mode on."""

    @keras.saving.register_keras_serializable(package="evidence_10")
    class Diary(keras.layers.Layer):
        def __init__(self, log: str, **options: object) -> None:
            super().__init__(**options)
            self.log = log
            pathlib.Path(log).write_text("A layer was made.", encoding="utf-8")

        def call(self, pixels: keras.KerasTensor) -> keras.KerasTensor:
            return pixels

    with contextlib.chdir(folder):
        keras.Sequential([keras.Input((64,)), Diary("diary.txt")]).save("yours.keras")
        pathlib.Path("thesis.txt").write_text("Three years of work.", encoding="utf-8")
        with zipfile.ZipFile("yours.keras") as yours, zipfile.ZipFile("theirs.keras", "w") as theirs:
            for name in yours.namelist():
                theirs.writestr(name, yours.read(name).replace(b"diary.txt", b"thesis.txt"))
        keras.models.load_model("theirs.keras", safe_mode=True)
        left = pathlib.Path("thesis.txt").read_text(encoding="utf-8")
    assert left == "A layer was made."
    return f"safe_mode=True, and no error: the file named by the stranger now reads {left!r}"


def myth_scan(folder: pathlib.Path) -> str:
    """Scan a SavedModel for WriteFile, then call it."""
    with contextlib.chdir(folder):
        strange_files.on_call("gift")
        command = [sys.executable, "-m", "tensorflow.python.tools.saved_model_cli", "scan", "--dir"]
        scanned = processes.run_program(*command, "gift", "--op_denylist", "WriteFile", check=True)
        straight = tensorflow.Module()
        straight.serve = tensorflow.function(
            lambda pixels: (tensorflow.io.write_file(str(strange_files.MARKER), "called"), pixels)[1],
            input_signature=[tensorflow.TensorSpec([None, 64])],
        )
        tensorflow.saved_model.save(straight, "straight")
        found = processes.run_program(*command, "straight", "--op_denylist", "WriteFile", check=True)
        gift = tensorflow.saved_model.load("gift")
        gift.serve(tensorflow.ones([1, 64]))
        wrote = strange_files.MARKER.exists()
    assert "does not contain" in scanned.stdout, scanned.stdout
    assert "contains the following" in found.stdout, found.stdout  # without the branch it is found
    assert wrote
    return "saved_model_cli scan: it does not contain WriteFile. A call of the same model wrote a file."
