"""What settles the items of lesson 06. Files are loaded in new processes, which share the folder only."""

import contextlib
import io
import pathlib
import sys
import types
import unittest.mock
import warnings

import h5py
from helpers import digits, fresh, models
import keras
import numpy
import tensorflow


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


# What settles the items about lesson 06 that only the deck asks.


class _Scale(keras.layers.Layer):
    """Two weights of one shape, neither with a name: inputs times the first, plus the second."""

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        self.factor = self.add_weight(shape=input_shape[-1:], initializer="random_normal")
        self.shift = self.add_weight(shape=input_shape[-1:], initializer="random_normal")

    def call(self, inputs: keras.KerasTensor) -> keras.KerasTensor:
        return inputs * self.factor + self.shift


class _Exchanged(_Scale):
    """The same layer, after somebody has put the two lines of `build` in another order."""

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        self.shift = self.add_weight(shape=input_shape[-1:], initializer="random_normal")
        self.factor = self.add_weight(shape=input_shape[-1:], initializer="random_normal")


_Exchanged.__name__ = "_Scale"  # an edited class keeps its name


class _Reader(keras.Model):
    """A model as a class: its two layers make their weights at the first call."""

    def __init__(self, **options: object) -> None:
        super().__init__(**options)
        self.hidden, self.last = keras.layers.Dense(16, activation="relu"), keras.layers.Dense(10)

    def call(self, inputs: keras.KerasTensor) -> keras.KerasTensor:
        return self.last(self.hidden(inputs))


def _distance(answers: object, others: object) -> float:
    """The largest difference between two tables of answers."""
    return float(numpy.abs(numpy.asarray(answers) - numpy.asarray(others)).max())


def deck_unnamed(folder: pathlib.Path) -> str:
    """Save a layer whose weights have no names, load it, export it, and load it into exchanged lines."""
    keras.utils.set_random_seed(7)
    model, rows = keras.Sequential([keras.Input((64,)), _Scale()]), digits.load().test_features[:8]
    model.save(folder / "scaled.keras")
    model.save_weights(folder / "scaled.weights.h5")
    with h5py.File(folder / "scaled.weights.h5") as file:
        (layer,) = file["layers"].values()
        entries = list(layer["vars"])
    model.export(folder / "scaled", verbose=False)
    artefact = tensorflow.saved_model.load(str(folder / "scaled"))
    loaded, exchanged = (
        keras.models.load_model(folder / "scaled.keras", custom_objects={"_Scale": kind})
        for kind in (_Scale, _Exchanged)
    )
    assert _distance(loaded(rows), model(rows)) < 1e-6
    assert _distance(artefact.serve(rows), model(rows)) < 1e-6
    assert entries == ["0", "1"], entries
    assert _distance(exchanged(rows), model(rows)) > 0.01
    return "Weights 0 and 1 came back, from file and export. With two lines of code exchanged they swapped."


def deck_cure(folder: pathlib.Path) -> str:
    """Offer the class to load_model, for a folder and for a file; load the folder without the class."""
    model, rows = keras.Sequential([keras.Input((64,)), _Scale()]), digits.load().test_features[:8]
    model.export(folder / "custom_model", verbose=False)
    model.save(folder / "custom_model.keras")
    said = []
    for offered in (None, {"_Scale": _Scale}):
        try:
            keras.models.load_model(folder / "custom_model", custom_objects=offered)
        except ValueError as error:
            said.append(str(error))
    loaded = keras.models.load_model(folder / "custom_model.keras", custom_objects={"_Scale": _Scale})
    artefact = tensorflow.saved_model.load(str(folder / "custom_model"))
    assert len(said) == 2 and said[0] == said[1], said
    assert "File format not supported" in said[0] and "_Scale" not in said[0], said
    assert _distance(loaded(rows), model(rows)) == 0.0
    assert _distance(artefact.serve(rows), model(rows)) < 1e-6
    return "With and without the class: the same message, File format not supported. For the .keras it helps."


def deck_hdf5(folder: pathlib.Path) -> str:
    """Save a model of its own class as .h5 and load it; do the same with a stacked model."""
    mine, stacked, raised = _Reader(), models.sequential(), ""
    mine(digits.load().test_features[:8])
    mine.save(folder / "mine.h5")
    stacked.save(folder / "stacked.h5")
    try:
        keras.models.load_model(folder / "mine.h5", custom_objects={"_Reader": _Reader})
    except ValueError as error:
        raised = str(error)
    assert (folder / "mine.h5").stat().st_size > 0
    assert raised.startswith("Layer count mismatch"), raised
    assert len(keras.models.load_model(folder / "stacked.h5").weights) == 4
    return f"The save raised nothing. The load: {raised.split('. ')[0]}. A stacked model came back."


def deck_variable(folder: pathlib.Path) -> str:
    """Keep numbers in a plain tf.Variable, ask the live model about them, save it both ways."""

    class Rays(keras.layers.Layer):
        def build(self, input_shape: tuple[int | None, ...]) -> None:
            self.rays = tensorflow.Variable(tensorflow.random.normal((input_shape[-1], 128)))

        def call(self, inputs: keras.KerasTensor) -> keras.KerasTensor:
            return keras.ops.matmul(inputs, self.rays)

    rows = digits.load().test_features[:8]
    model = keras.Sequential([keras.Input((64,)), Rays()])
    answers = model.predict(rows, verbose=0)
    assert model.layers[0].built
    assert len(model.layers[0].weights) == 0
    assert numpy.array_equal(model.predict(rows, verbose=0), answers)
    model.save(folder / "rays.keras")
    loaded = keras.models.load_model(folder / "rays.keras", custom_objects={"Rays": Rays})
    apart = numpy.abs(loaded.predict(rows, verbose=0) - answers).max()
    assert apart > 1, apart
    model.export(folder / "rays", verbose=False)
    artefact = tensorflow.saved_model.load(str(folder / "rays"))
    assert numpy.allclose(artefact.serve(rows), answers, atol=1e-5)
    return f"Built, 0 weights, the same answers twice. After a load {apart:.0f} away. The export kept them."


def deck_mean(folder: pathlib.Path) -> str:
    """Keep the mean of the training rows in an attribute, and in the layer that Keras has for it."""

    class Centre(keras.layers.Layer):
        def __init__(self, **options: object) -> None:
            super().__init__(**options)
            self.mean = 0.0

        def adapt(self, rows: numpy.ndarray) -> None:
            self.mean = rows.mean(axis=0)

        def call(self, inputs: keras.KerasTensor) -> keras.KerasTensor:
            return inputs - self.mean

    data, same = digits.load(), {}
    for layer in (Centre(), keras.layers.Normalization()):
        layer.adapt(data.train_features)
        model = keras.Sequential([keras.Input((64,)), layer])
        model.save(folder / "centred.keras")
        loaded = keras.models.load_model(folder / "centred.keras", custom_objects={"Centre": Centre})
        pair = [each.predict(data.test_features, verbose=0) for each in (model, loaded)]
        same[type(layer).__name__] = numpy.allclose(*pair, atol=1e-5)
        if isinstance(layer, Centre):
            left = loaded.layers[0].mean
    assert left == 0.0
    assert same == {"Centre": False, "Normalization": True}, same
    return f"The loaded layer has the mean {left}, and its answers differ. Normalization came back as it was."


def deck_tuned(folder: pathlib.Path) -> str:
    """Change an attribute after the constructor was called; save, load, export."""

    class Gate(keras.layers.Layer):
        def __init__(self, level: float = 0.5, **options: object) -> None:
            super().__init__(**options)
            self.level = level

        def call(self, inputs: keras.KerasTensor) -> keras.KerasTensor:
            return keras.ops.where(inputs >= self.level, inputs, 0.0)

    rows, gate = numpy.array([[0.1, 0.4, 0.6, 0.9]], dtype="float32"), Gate(level=0.3)
    gate.level = 0.8
    model = keras.Sequential([keras.Input((4,)), gate])
    model.save(folder / "gate.keras")
    model.export(folder / "gate", verbose=False)
    loaded = keras.models.load_model(folder / "gate.keras", custom_objects={"Gate": Gate})
    artefact = tensorflow.saved_model.load(str(folder / "gate"))
    passed = [
        int((answers.numpy() > 0).sum()) for answers in (model(rows), loaded(rows), artefact.serve(rows))
    ]
    assert loaded.layers[0].level == 0.3
    assert passed == [1, 3, 1], passed
    return "The loaded layer has the level 0.3 and lets 3 of 4 numbers pass; the live one and the export, 1."


def deck_edited(folder: pathlib.Path) -> str:
    """Save with one version of a class, load with the next one, and ask four checks."""

    class Contrast(keras.layers.Layer):
        def call(self, inputs: keras.KerasTensor) -> keras.KerasTensor:
            return inputs**2

    class Edited(keras.layers.Layer):
        def call(self, inputs: keras.KerasTensor) -> keras.KerasTensor:
            return keras.ops.sqrt(inputs)

    rows = digits.load().test_features
    model = keras.Sequential([keras.Input((64,)), Contrast(), keras.layers.Dense(10)])
    model.save(folder / "contrast.keras")
    model.export(folder / "contrast", verbose=False)
    answers, content = model.predict(rows, verbose=0), (folder / "contrast.keras").read_bytes()
    loaded = keras.models.load_model(folder / "contrast.keras", custom_objects={"Contrast": Edited})
    artefact = tensorflow.saved_model.load(str(folder / "contrast"))
    assert all(map(numpy.array_equal, model.get_weights(), loaded.get_weights()))
    assert (folder / "contrast.keras").read_bytes() == content
    assert not numpy.allclose(loaded.predict(rows, verbose=0), answers, atol=0.1)
    assert numpy.allclose(artefact.serve(rows), answers, atol=1e-5)
    return "No error, the same file, equal weights, other answers. The export answers as on the first day."


def deck_arguments(folder: pathlib.Path) -> str:
    """Save and load three models without get_config, each made with an argument of its own."""

    class Needed(keras.Model):
        def __init__(self, scale: float, **options: object) -> None:
            super().__init__(**options)
            self.scale, self.last = scale, keras.layers.Dense(3)

        def call(self, inputs: keras.KerasTensor) -> keras.KerasTensor:
            return self.last(inputs) * self.scale

    class Scaled(Needed):
        def __init__(self, scale: float = 1.0, **options: object) -> None:
            super().__init__(scale, **options)

    class Wide(keras.Model):
        def __init__(self, units: int = 4, **options: object) -> None:
            super().__init__(**options)
            self.last = keras.layers.Dense(units)

        def call(self, inputs: keras.KerasTensor) -> keras.KerasTensor:
            return self.last(inputs)

    rows, seen = numpy.ones((2, 4), dtype="float32"), {}
    for model in (Needed(scale=5.0), Wide(units=6), Scaled(scale=5.0)):
        name, answers = type(model).__name__, model(rows)
        try:
            model.save(folder / "mine.keras")
            loaded = keras.models.load_model(folder / "mine.keras", custom_objects={name: type(model)})
            seen[name] = "as before" if numpy.allclose(loaded(rows), answers) else "different"
            fifth = numpy.allclose(5 * loaded(rows), answers, atol=1e-5)
        except (NotImplementedError, ValueError) as error:
            seen[name] = type(error).__name__
    assert seen == {"Needed": "NotImplementedError", "Wide": "ValueError", "Scaled": "different"}, seen
    assert fifth
    return f"{', '.join(f'{name}: {outcome}' for name, outcome in seen.items())}, five times smaller."


def deck_defaults(folder: pathlib.Path) -> str:
    """Test a layer that forgets its argument in four ways, and see which test finds it."""

    class Scale(keras.layers.Layer):
        def __init__(self, factor: float = 1.0, **options: object) -> None:
            super().__init__(**options)
            self.factor = factor

        def call(self, inputs: keras.KerasTensor) -> keras.KerasTensor:
            return inputs * self.factor

        def get_config(self) -> dict[str, object]:
            return super().get_config()

    rows, equal = digits.load().test_features[:8], {}
    for factor in (1.0, 5.0):
        model = keras.Sequential([keras.Input((64,)), Scale(factor=factor), keras.layers.Dense(10)])
        model.save(folder / "scale.keras")
        loaded = keras.models.load_model(folder / "scale.keras", custom_objects={"Scale": Scale})
        equal[factor, "answers"] = numpy.allclose(loaded(rows), model(rows), atol=1e-5)
        equal[factor, "weights"] = all(map(numpy.array_equal, model.get_weights(), loaded.get_weights()))
        equal[factor, "shapes"] = loaded.output_shape == model.output_shape
    failed = [test for test, passed in equal.items() if not passed]
    assert failed == [(5.0, "answers")], equal
    return "Of six comparisons one fails: the answers of the model whose factor is 5, not the default."


def deck_nested(folder: pathlib.Path) -> str:
    """Keep layers in lists of lists, two and three deep, and see what comes back."""

    class Nested(keras.layers.Layer):
        def __init__(self, deep: bool = False, **options: object) -> None:
            super().__init__(**options)
            first, last = keras.layers.Dense(4), keras.layers.Dense(3)
            self.deep, self.blocks = deep, [[[first], [last]]] if deep else [[first], [last]]

        def call(self, inputs: keras.KerasTensor) -> keras.KerasTensor:
            for blocks in self.blocks[0] if self.deep else self.blocks:
                for layer in blocks:
                    inputs = layer(inputs)
            return inputs

    rows, apart = numpy.ones((2, 4), dtype="float32"), []
    for deep in (False, True):
        inputs = keras.Input((4,))
        model = keras.Model(inputs, Nested(deep)(inputs))
        model.save(folder / "nested.keras")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # that the layer has no `build`; it needs none
            loaded = keras.models.load_model(folder / "nested.keras", custom_objects={"Nested": Nested})
        assert len(model.weights) == 4
        apart.append(float(numpy.abs(loaded(rows) - model(rows)).max()))
    assert max(apart) < 1e-6, apart
    return "Lists in lists, two and three deep: 4 of 4 arrays, and the same answers after the load."


def deck_gain(folder: pathlib.Path) -> str:
    """Save a lambda that reads a global of the notebook, and load it where that global has another value."""
    code = """
import keras
GAIN = 3.0
inputs, layer = keras.Input((4,)), keras.layers.Lambda(lambda inputs: inputs * GAIN)
keras.Sequential([inputs, layer]).save("sequential.keras")
keras.Model(inputs, layer(inputs)).save("functional.keras")
"""
    first, second = types.ModuleType("__main__"), types.ModuleType("__main__")
    second.GAIN = 7.0
    seen, tries = [], (("sequential", True), ("sequential", False), ("functional", False))
    with contextlib.chdir(folder):
        with unittest.mock.patch.dict(sys.modules, __main__=first):
            exec(code, vars(first))
        with unittest.mock.patch.dict(sys.modules, __main__=second):
            for name, safe_mode in tries:
                try:
                    loaded = keras.models.load_model(f"{name}.keras", safe_mode=safe_mode)
                    seen.append(loaded(numpy.ones((1, 4))).numpy().tolist())
                except (NameError, NotImplementedError, ValueError) as error:
                    seen.append((type(error).__name__, "disallowed by default" in str(error)))
    refused, first_call, at_load = seen
    assert refused == ("ValueError", True), refused
    assert first_call == ("NameError", False), first_call
    assert at_load == ("NotImplementedError", False), at_load
    return "Refused by default. With safe_mode=False: NameError at the first call, or an error at the load."
