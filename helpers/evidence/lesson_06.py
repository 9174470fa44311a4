"""What settles the items of lesson 06. Each writes a module and asks new processes to load a file."""

import contextlib
import io
import pathlib

from helpers import fresh

# One layer, with a marker where the decorator goes or stays away.
_MODULE = """
import keras, numpy, tensorflow

{decorator}
class Folded(keras.layers.Layer):
    def __init__(self, slope=0.0, **kwargs):
        super().__init__(**kwargs)
        self.slope = slope

    def call(self, inputs):
        return keras.ops.maximum(inputs, self.slope * inputs)

batch = numpy.linspace(-1, 1, 8, dtype="float32").reshape(2, 4)
"""
_REGISTER = "@keras.saving.register_keras_serializable(package='evidence')"
_SAVE = """
import folded, keras, numpy
model = keras.Sequential([keras.Input((4,)), folded.Folded(slope=-1.0)])
model.save("folded.keras")
model.export("folded_export", verbose=False)
numpy.save("batch.npy", folded.batch)
numpy.save("answers.npy", model.predict(folded.batch, verbose=0))
"""
_LOAD = """
import keras, numpy
try:
    model = keras.models.load_model("folded.keras")
    print("same" if numpy.allclose(model(numpy.load("batch.npy")), numpy.load("answers.npy")) else "other")
except TypeError as error:
    print("refused" if "Could not locate class 'Folded'" in str(error) else error)
"""
_SERVE = """
import numpy, tensorflow
artefact = tensorflow.saved_model.load("folded_export")
print("same" if numpy.allclose(artefact.serve(numpy.load("batch.npy")), numpy.load("answers.npy")) else "other")
"""
_FORGETFUL = """
class Layer(folded.Folded):
    def get_config(self):
        return super(folded.Folded, self).get_config()

class Model(keras.Model):
    def __init__(self, slope=0.0, **kwargs):
        super().__init__(**kwargs)
        self.folded = folded.Folded(slope)

    def call(self, inputs):
        return self.folded(inputs)

for kind in (Layer, Model):
    model = keras.Sequential([keras.Input((4,)), kind(slope=-1.0)])
    model.save("forgetful.keras")
    loaded = keras.models.load_model("forgetful.keras", custom_objects={kind.__name__: kind, **known})
    print(float(abs(loaded.predict(folded.batch, verbose=0) - model.predict(folded.batch, verbose=0)).max()))
"""


def predict_colleague(folder: pathlib.Path) -> str:
    """Save a model with an unregistered layer both ways; ask for both in processes without the class."""
    _write(folder, decorator="")
    keras_file, export = _printed(folder, _SAVE, _LOAD, _SERVE)
    assert (keras_file, export) == ("refused", "same"), (keras_file, export)
    return "Without the class, the export gave the same answers. The .keras file: Could not locate class 'Folded'."


def myth_anywhere(folder: pathlib.Path) -> str:
    """Register the class; load its file in a process without the import, and in one with it."""
    _write(folder, decorator=_REGISTER)
    without, with_import = _printed(folder, _SAVE, _LOAD, "import folded" + _LOAD)
    assert (without, with_import) == ("refused", "same"), (without, with_import)
    return "Registered, and refused by a process that had not imported the module. With the import: same answers."


def myth_silence(folder: pathlib.Path) -> str:
    """A layer that forgets its slope, a model without get_config: both load, and both answer differently."""
    _write(folder, decorator="")
    known = "import folded, keras\nknown = {'Folded': folded.Folded}\n"
    apart = [float(line) for line in _printed(folder, known + _FORGETFUL)]
    assert len(apart) == 2 and min(apart) > 0.5, apart
    return f"No error, and answers up to {apart[0]:.2f} away for the layer, {apart[1]:.2f} for the model."


def _write(folder: pathlib.Path, decorator: str) -> None:
    (folder / "folded.py").write_text(_MODULE.format(decorator=decorator), encoding="utf-8")


def _printed(folder: pathlib.Path, *codes: str) -> list[str]:
    """The lines that each text prints, run one after the other in new processes in this folder."""
    printed = io.StringIO()
    with contextlib.chdir(folder), contextlib.redirect_stdout(printed):
        for code in codes:
            fresh.run_cell(code)
    return printed.getvalue().splitlines()
