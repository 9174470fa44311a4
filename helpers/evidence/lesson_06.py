"""What settles the items of lesson 06. Files are loaded in new processes, which share the folder only."""

import contextlib
import io
import pathlib

from helpers import fresh
import keras
import numpy


def predict_colleague(folder: pathlib.Path) -> str:
    """Save a model with an unregistered layer both ways; ask both files in a process without the class."""

    class Folded(keras.layers.Layer):
        def call(self, inputs: keras.KerasTensor) -> keras.KerasTensor:
            return keras.ops.absolute(inputs)

    model = keras.Sequential([keras.Input((4,)), Folded()])
    model.save(folder / "folded.keras")
    model.export(folder / "folded", verbose=False)
    ask = """
import keras, re, tensorflow
artefact = tensorflow.saved_model.load("folded")
print(artefact.serve([[-1.0, -2.0, 3.0, 4.0]]).numpy().tolist())
try:
    print(keras.models.load_model("folded.keras"))
except TypeError as error:
    print(re.search("Could not locate [^.]+", str(error))[0])
"""
    with contextlib.chdir(folder), contextlib.redirect_stdout(io.StringIO()) as printed:
        fresh.run_cell(ask)
    export, keras_file = printed.getvalue().splitlines()
    assert export == "[[1.0, 2.0, 3.0, 4.0]]", export
    assert keras_file == "Could not locate class 'Folded'", keras_file
    return f"Asked for -1, -2, 3, 4, the export answered {export}. The .keras file: {keras_file}."


def myth_anywhere(folder: pathlib.Path) -> str:
    """Register a class in a module; load its file in a process without the import, and in one with it."""
    (folder / "folded.py").write_text(
        """
import keras

@keras.saving.register_keras_serializable(package="evidence")
class Folded(keras.layers.Layer):
    def call(self, inputs):
        return keras.ops.absolute(inputs)
""",
        encoding="utf-8",
    )
    load = """
import keras
try:
    print(keras.models.load_model("folded.keras").layers[0].name)
except TypeError as error:
    print("Could not locate class 'Folded'" in str(error))
"""
    save = "import folded, keras\nkeras.Sequential([keras.Input((4,)), folded.Folded()]).save('folded.keras')"
    with contextlib.chdir(folder), contextlib.redirect_stdout(io.StringIO()) as printed:
        for code in (save, load, "import folded" + load):
            fresh.run_cell(code)
    refused, loaded = printed.getvalue().splitlines()
    assert refused == "True", refused
    assert loaded == "folded", loaded
    return (
        "Registered, and refused where its module was not imported: Could not locate class. With it: loaded."
    )


def myth_silence(folder: pathlib.Path) -> str:
    """A layer that forgets its slope, and a model without get_config: both load, both answer differently."""

    class Forgetful(keras.layers.Layer):
        def __init__(self, slope: float = 0.0, **kwargs: object) -> None:
            super().__init__(**kwargs)
            self.slope = slope

        def call(self, inputs: keras.KerasTensor) -> keras.KerasTensor:
            return keras.ops.maximum(inputs, self.slope * inputs)

        def get_config(self) -> dict[str, object]:
            return super().get_config()

    class Block(keras.Model):
        def __init__(self, slope: float = 0.0, **kwargs: object) -> None:
            super().__init__(**kwargs)
            self.bent = Forgetful(slope)

        def call(self, inputs: keras.KerasTensor) -> keras.KerasTensor:
            return self.bent(inputs)

    batch, apart = numpy.array([[-2.0, 1.0]]), []
    for kind in (Forgetful, Block):
        model = keras.Sequential([keras.Input((2,)), kind(slope=-1.0)])
        model.save(folder / "bent.keras")
        loaded = keras.models.load_model(folder / "bent.keras", custom_objects={kind.__name__: kind})
        apart.append(float(numpy.abs(loaded(batch) - model(batch)).max()))
    assert apart == [2.0, 2.0], apart
    return f"No error, and what layer and model answer to -2 has moved by {apart[0]:.0f} and {apart[1]:.0f}."
