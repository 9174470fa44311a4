"""What settles the item of the first page."""

import contextlib
import io
import pathlib

from helpers import fresh, models
import keras

LOAD_IN_A_NEW_PROCESS = """
import keras
try:
    keras.models.load_model("custom.keras")
    print("loaded")
except TypeError as error:
    print(str(error).partition("Exception encountered: ")[2])
"""


def predict_proof(folder: pathlib.Path) -> str:
    """Save a model with a class of its own; load it here, and in a process that does not know the class."""
    printed = io.StringIO()
    with contextlib.chdir(folder), contextlib.redirect_stdout(printed):
        models.custom_layer().save("custom.keras")
        here = keras.models.load_model("custom.keras")
        fresh.run_cell(LOAD_IN_A_NEW_PROCESS)
    there = printed.getvalue().split(".")[0]
    assert here.count_params() == 9610
    assert there == "Could not locate class 'CustomDense'", there
    return f"Loaded where it was saved. In a new process: {there}."
