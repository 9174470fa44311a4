"""Classes and functions of one's own: found, allowed, and made with the arguments that a load hands over."""

import pathlib

from helpers.tools.clinic.proofs import caught
import keras
import numpy
import tensorflow

ROWS = numpy.array([[-1.0, 2.0, -3.0, 4.0]], "float32")


def _around(layer: keras.layers.Layer) -> keras.Sequential:
    return keras.Sequential([keras.Input((4,)), layer])


def p09(folder: pathlib.Path) -> caught.Case:
    """A layer and a loss that nobody registered; then handed over, or left out."""

    class Folded(keras.layers.Layer):
        def call(self, inputs: keras.KerasTensor) -> keras.KerasTensor:
            return keras.ops.absolute(inputs)

    def far(wanted: keras.KerasTensor, found: keras.KerasTensor) -> keras.KerasTensor:
        return keras.ops.mean(keras.ops.absolute(wanted - found))

    model = _around(Folded())
    model.save("layer.keras")
    _around(Folded()).save("layer.h5")
    scored = _around(keras.layers.Dense(1))
    scored.compile("sgd", far)
    scored.save("loss.keras")
    errors = []
    for name in ("layer.keras", "layer.h5", "loss.keras"):
        with caught.error(TypeError, ValueError) as seen:
            keras.models.load_model(name)
        errors.append(seen)

    for name in ("layer.keras", "layer.h5"):
        loaded = keras.models.load_model(name, custom_objects={"Folded": Folded})
        assert caught.apart(loaded(ROWS), model(ROWS)) == 0
    unscored = keras.models.load_model("loss.keras", compile=False)
    assert caught.apart(unscored(ROWS), scored(ROWS)) == 0
    return caught.Case(
        "named in the load, the class is found; compile=False needs no loss: the same answers", errors
    )


def p21(folder: pathlib.Path) -> caught.Case:
    """A Lambda, then a registered function with a name."""
    model = _around(keras.layers.Lambda(lambda inputs: 2 * inputs))
    model.save("lambda.keras")
    with caught.error(ValueError) as seen:
        keras.models.load_model("lambda.keras")

    @keras.saving.register_keras_serializable(package="clinic")
    def doubled(inputs: keras.KerasTensor) -> keras.KerasTensor:
        return 2 * inputs

    _around(keras.layers.Lambda(doubled)).save("named.keras")
    loaded = keras.models.load_model("named.keras")
    assert caught.apart(loaded(ROWS), model(ROWS)) == 0
    return caught.Case("a registered function loads with safe mode on, and answers the same", [seen])


def l05(folder: pathlib.Path) -> caught.Case:
    """A constructor that takes its own argument only, as .keras and as .h5."""

    class Times(keras.layers.Layer):
        def __init__(self, factor: float) -> None:
            super().__init__()
            self.factor = factor

        def call(self, inputs: keras.KerasTensor) -> keras.KerasTensor:
            return self.factor * inputs

        def get_config(self) -> dict[str, object]:
            return {**super().get_config(), "factor": self.factor}

    errors = []
    for name in ("times.keras", "times.h5"):
        model = _around(Times(5.0))
        model.save(name)
        with caught.error(TypeError) as seen:
            keras.models.load_model(name, custom_objects={"Times": Times})
        errors.append(seen)

    class Open(Times):
        def __init__(self, factor: float, **options: object) -> None:
            keras.layers.Layer.__init__(self, **options)
            self.factor = factor

    loaded = keras.models.load_model("times.keras", custom_objects={"Times": Open})
    assert caught.apart(loaded(ROWS), model(ROWS)) == 0
    return caught.Case("with `**options` handed on, the same file loads and answers the same", errors)


# get_config that leaves something out: the load fills it with defaults, without a word.


ONES = numpy.ones((1, 4), "float32")


class Times(keras.layers.Layer):
    """Multiplies by a factor; its get_config says everything."""

    def __init__(self, factor: float = 1.0, **options: object) -> None:
        super().__init__(**options)
        self.factor = factor

    def call(self, inputs: keras.KerasTensor) -> keras.KerasTensor:
        """Return the product."""
        return self.factor * inputs

    def get_config(self) -> dict[str, object]:
        """Return the arguments of the base class and its own."""
        return {**super().get_config(), "factor": self.factor}


class Forgetful(Times):
    """Leaves its factor out."""

    def get_config(self) -> dict[str, object]:
        """Return the arguments of the base class only."""
        return keras.layers.Layer.get_config(self)


class Alone(Times):
    """Leaves the base class out."""

    def get_config(self) -> dict[str, object]:
        """Return its own argument only."""
        return {"factor": self.factor}


def _round_trip(kind: type[Times]) -> tuple[keras.Sequential, keras.Sequential]:
    """A model with a layer of this kind, and what its file gives back."""
    layer = kind(5.0, name="mine", trainable=False)
    model = keras.Sequential([keras.Input((4,)), layer])
    model.save("model.keras")
    return model, keras.models.load_model("model.keras", custom_objects={kind.__name__: kind})


def p10(folder: pathlib.Path) -> caught.Case:
    """The factor is 5 before the save; what is it after the load?"""
    model, loaded = _round_trip(Forgetful)
    before, after = float(model(ONES)[0, 0]), float(loaded(ONES)[0, 0])
    assert (before, after) == (5.0, 1.0), (before, after)

    model, loaded = _round_trip(Times)
    assert caught.apart(loaded(ONES), model(ONES)) == 0
    measured = (
        f"no error, and the answer to 1 was {before:.1f} before the save and is {after:.1f} after the load"
    )
    return caught.Case("with every argument in get_config the answer stays 5.0", measured=measured)


def p11(folder: pathlib.Path) -> caught.Case:
    """The layer is called mine and is frozen before the save; what is it after the load?"""
    _, loaded = _round_trip(Alone)
    layer = loaded.layers[0]
    assert (layer.name, layer.trainable) == ("alone", True), (layer.name, layer.trainable)
    with caught.error(ValueError) as seen:
        loaded.get_layer("mine")

    _, loaded = _round_trip(Times)
    layer = loaded.get_layer("mine")
    assert not layer.trainable
    return caught.Case("with super().get_config() it is called mine again, and frozen", [seen])


# An export inside a Keras model: TFSMLayer.


def _wrapping(folder: pathlib.Path) -> keras.Sequential:
    """A model around an export; the folder is written once."""
    if not (folder / "exported").exists():
        caught.trained().export("exported", verbose=False)
    layer = keras.layers.TFSMLayer("exported", call_endpoint="serve")
    return keras.Sequential([keras.Input((64,)), layer])


def l01(folder: pathlib.Path) -> caught.Case:
    """Train it with Adam, then with plain SGD."""
    model = _wrapping(folder)
    model.compile("adam", "sparse_categorical_crossentropy")
    with caught.error(ValueError) as seen:
        model.fit(caught.FEATURES, caught.LABELS, verbose=0)

    model = _wrapping(folder)
    before = model(caught.BATCH)
    model.compile("sgd", "sparse_categorical_crossentropy")
    model.fit(caught.FEATURES, caught.LABELS, verbose=0)
    assert caught.apart(model(caught.BATCH), before) > 0
    return caught.Case("with plain SGD it trains, and its answers move", [seen])


def l02(folder: pathlib.Path) -> caught.Case:
    """Save a model around an export as .keras, load it, then load it without safe mode."""
    model = _wrapping(folder)
    model.save("model.keras")
    with caught.error(ValueError) as seen:
        keras.models.load_model("model.keras")

    loaded = keras.models.load_model("model.keras", safe_mode=False)
    assert caught.apart(loaded(caught.BATCH), model(caught.BATCH)) < 1e-6
    return caught.Case("with safe_mode=False the file of our own loads, and answers the same", [seen])


def c12(folder: pathlib.Path) -> caught.Case:
    """Export a model with a space in its name, in that of a layer, or "_" in front; then with underscores."""

    def build(model: str, layer: str) -> keras.Sequential:
        return keras.Sequential([keras.Input((64,)), keras.layers.Dense(10, name=layer)], name=model)

    names = [("my digits", "last"), ("digits", "last layer"), ("_my_digits", "last")]
    errors = []
    for pair in names:
        errors.append(
            caught.raised(lambda pair=pair: build(*pair).export("exported", verbose=False), ValueError)
        )
        keras.utils.clear_session()  # else the refused name begins the names of all that is built after it

    model = build("my_digits", "last_layer")
    model.export("exported", verbose=False)
    artefact = tensorflow.saved_model.load("exported")
    assert caught.apart(artefact.serve(caught.BATCH), model(caught.BATCH)) < 1e-6
    return caught.Case("with underscores it is exported, and answers the same", errors)
