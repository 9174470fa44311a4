"""Variables that find no place, or no number."""

import pathlib

from helpers.clinic.proofs import caught, shelf
import keras


class Bent(keras.layers.Layer):
    """A kernel, and a bias if it is asked for; get_config forgets to say so."""

    def __init__(self, bias: bool = False, **options: object) -> None:
        super().__init__(**options)
        self.with_bias = bias

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        """Make one variable or two."""
        self.kernel = self.add_weight((input_shape[-1], 3), name="kernel")
        if self.with_bias:
            self.bias = self.add_weight((3,), name="bias")

    def call(self, inputs: keras.KerasTensor) -> keras.KerasTensor:
        """Return inputs times kernel, plus the bias if there is one."""
        return inputs @ self.kernel + (self.bias if self.with_bias else 0.0)

    def get_config(self) -> dict[str, object]:
        """Return the arguments of the base class only."""
        return super().get_config()


class Whole(Bent):
    """The same with a get_config that says everything."""

    def get_config(self) -> dict[str, object]:
        """Return every argument."""
        return {**super().get_config(), "bias": self.with_bias}


class Half(keras.Model):
    """Two layers, of which `build` makes the first only."""

    def __init__(self, **options: object) -> None:
        super().__init__(**options)
        self.first, self.second = keras.layers.Dense(8), keras.layers.Dense(3)

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        """Forget the second layer."""
        self.first.build(input_shape)
        self.built = True

    def call(self, inputs: keras.KerasTensor) -> keras.KerasTensor:
        """Return what the second layer makes of the first one's answers."""
        return self.second(self.first(inputs))


class Built(Half):
    """The same with a build that makes both."""

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        """Make every variable."""
        self.first.build(input_shape)
        self.second.build((None, 8))
        self.built = True


class Nested(keras.Model):
    """Layers in a list of lists, and in a list in a dictionary."""

    def __init__(self, **options: object) -> None:
        super().__init__(**options)
        self.blocks = [[keras.layers.Dense(8), keras.layers.Dense(8)], [keras.layers.Dense(4)]]
        self.heads = {"digits": [keras.layers.Dense(3)]}

    def call(self, inputs: keras.KerasTensor) -> keras.KerasTensor:
        """Apply one after the other."""
        for layer in [layer for block in [*self.blocks, self.heads["digits"]] for layer in block]:
            inputs = layer(inputs)
        return inputs


def _round_trip(model: keras.Model) -> float:
    """How far the answers of the loaded model are from those before the save."""
    answers = model(shelf.BATCH)
    model.save("model.keras")
    loaded = keras.models.load_model("model.keras", custom_objects={type(model).__name__: type(model)})
    return caught.apart(loaded(shelf.BATCH), answers)


def p12(folder: pathlib.Path) -> caught.Case:
    """A layer with other variables than the file has, and a model whose build forgets a layer."""
    kinds = {"Bent": Bent, "Whole": Whole}
    errors = []
    for kind in (Bent, Whole):
        model = keras.Sequential([keras.Input((64,)), kind(bias=True)])
        model.save(f"{kind.__name__}.keras")
    with caught.error(ValueError) as seen:
        keras.models.load_model("Bent.keras", custom_objects=kinds)
    errors.append(seen)
    moved = _round_trip(Half())
    assert moved > 0.1, moved

    loaded = keras.models.load_model("Whole.keras", custom_objects=kinds)
    assert caught.apart(loaded(shelf.BATCH), model(shelf.BATCH)) == 0
    assert _round_trip(Built()) == 0
    return caught.Case(
        "with every argument and every layer built, both load and answer the same. "
        "The forgotten layer raised nothing, and the answers had moved by more than 0.1",
        errors,
    )


def p13(folder: pathlib.Path) -> caught.Case:
    """Layers in lists in lists: are they saved here?"""
    model = Nested()
    moved = _round_trip(model)
    assert moved == 0 and len(model.weights) == 8, (moved, len(model.weights))
    measured = "four layers in nested lists have 8 variables, and all come back: the difference is 0"
    return caught.Case("none is needed here", measured=measured)
