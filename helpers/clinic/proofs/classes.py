"""Classes and functions of one's own: found, allowed, and made with the arguments that a load hands over."""

import pathlib

from helpers.clinic.proofs import caught
import keras
import numpy

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
