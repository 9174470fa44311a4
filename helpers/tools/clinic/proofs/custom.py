"""Code of your own in a file: what a save cannot write, and what a load cannot call."""

import pathlib

from helpers.tools.clinic.proofs import caught
import keras
import numpy
import tensorflow

ROWS = numpy.array([[-1.0, 2.0, -3.0, 4.0]], "float32")


def _around(layer: keras.layers.Layer) -> keras.Sequential:
    return keras.Sequential([keras.Input((4,)), layer])


class Options:
    """Settings that Keras knows nothing of."""

    def __init__(self, factor: float) -> None:
        self.factor = factor


def c01(folder: pathlib.Path) -> caught.Case:
    """An argument that no file can hold, and a schedule without get_config."""

    class Scaled(keras.layers.Layer):
        def __init__(self, options: Options, **others: object) -> None:
            super().__init__(**others)
            self.options = options

        def call(self, inputs: keras.KerasTensor) -> keras.KerasTensor:
            return self.options.factor * inputs

    class Whole(Scaled):
        def __init__(self, factor: float, **others: object) -> None:
            super().__init__(Options(factor), **others)

        def get_config(self) -> dict[str, object]:
            return {**keras.layers.Layer.get_config(self), "factor": self.options.factor}

    class Halving(keras.optimizers.schedules.LearningRateSchedule):
        def __call__(self, step: keras.KerasTensor) -> float:
            return 0.5

    scheduled = _around(keras.layers.Dense(1))
    scheduled.compile(keras.optimizers.SGD(Halving()), "mse")
    errors = [
        caught.raised(lambda: _around(Scaled(Options(3.0))).save("model.keras"), NotImplementedError),
        caught.raised(lambda: scheduled.save("scheduled.keras"), NotImplementedError),
    ]

    model = _around(Whole(3.0))
    model.save("model.keras")
    loaded = keras.models.load_model("model.keras", custom_objects={"Whole": Whole})
    assert caught.apart(loaded(ROWS), 3 * ROWS) == 0
    return caught.Case("with plain arguments in get_config it saves, loads and answers the same", errors)


def c02(folder: pathlib.Path) -> caught.Case:
    """A get_config without an argument that has no default."""

    class Times(keras.layers.Layer):
        def __init__(self, factor: float, **others: object) -> None:
            super().__init__(**others)
            self.factor = factor

        def call(self, inputs: keras.KerasTensor) -> keras.KerasTensor:
            return self.factor * inputs

        def get_config(self) -> dict[str, object]:
            return super().get_config()

    class Whole(Times):
        def get_config(self) -> dict[str, object]:
            return {**super().get_config(), "factor": self.factor}

    _around(Times(3.0)).save("model.keras")
    seen = caught.raised(
        lambda: keras.models.load_model("model.keras", custom_objects={"Times": Times}), TypeError
    )

    _around(Whole(3.0)).save("model.keras")
    loaded = keras.models.load_model("model.keras", custom_objects={"Whole": Whole})
    assert caught.apart(loaded(ROWS), 3 * ROWS) == 0
    return caught.Case("with the argument in get_config it loads and answers the same", [seen])


class Holding(keras.layers.Layer):
    """Keeps a value as it is given, and returns it from get_config."""

    def __init__(self, value: object = None, **others: object) -> None:
        super().__init__(**others)
        self.value = value

    def call(self, inputs: keras.KerasTensor) -> keras.KerasTensor:
        """Return the inputs."""
        return inputs

    def get_config(self) -> dict[str, object]:
        """Return the value too."""
        return {**super().get_config(), "value": self.value}


def c03(folder: pathlib.Path) -> caught.Case:
    """An object and a tensor in get_config; then a list of numbers."""
    errors = [
        caught.raised(lambda: _around(Holding(Options(1.0))).save("model.keras"), TypeError),
        caught.raised(lambda: _around(Holding(tensorflow.constant([1.0, 2.0]))).save("model.h5"), TypeError),
    ]

    _around(Holding([1.0, 2.0])).save("model.keras")
    loaded = keras.models.load_model("model.keras", custom_objects={"Holding": Holding})
    assert list(loaded.layers[0].value) == [1.0, 2.0]
    return caught.Case("a list of numbers is written and comes back", errors)


def c04(folder: pathlib.Path) -> caught.Case:
    """A lambda as loss, and one as learning rate; then a registered function."""

    def scored(loss: object, rate: object, name: str) -> keras.Sequential:
        model = _around(keras.layers.Dense(2))
        model.compile(keras.optimizers.SGD(rate), loss)
        model.save(name)
        return model

    scored(lambda wanted, found: keras.ops.mean(keras.ops.square(wanted - found)), 0.1, "loss.keras")
    scored("mse", lambda: 0.1, "rate.keras")
    errors = [
        caught.raised(lambda name=name: keras.models.load_model(name), ValueError)
        for name in ("loss.keras", "rate.keras")
    ]

    @keras.saving.register_keras_serializable(package="clinic")
    def squared(wanted: keras.KerasTensor, found: keras.KerasTensor) -> keras.KerasTensor:
        return keras.ops.mean(keras.ops.square(wanted - found))

    model = scored(squared, 0.1, "named.keras")
    loaded = keras.models.load_model("named.keras")
    assert loaded.loss is squared and caught.apart(loaded(ROWS), model(ROWS)) == 0
    assert keras.models.load_model("loss.keras", compile=False)(ROWS).shape == (1, 2)
    return caught.Case(
        "a registered function comes back as the loss; compile=False loads the old file", errors
    )


class Averaged(keras.Model):
    """A model whose compile takes an argument more."""

    def __init__(self, **others: object) -> None:
        super().__init__(**others)
        self.last = keras.layers.Dense(2)

    def call(self, inputs: keras.KerasTensor) -> keras.KerasTensor:
        """Return the layer's answers."""
        return self.last(inputs)

    def compile(self, optimizer: object, weight: float) -> None:
        """Keep the weight."""
        super().compile(optimizer, "mse")
        self.weight = weight


class Recompiled(Averaged):
    """The same, and it says how it was compiled."""

    def get_compile_config(self) -> dict[str, object]:
        """Return the arguments of compile."""
        return {"optimizer": keras.saving.serialize_keras_object(self.optimizer), "weight": self.weight}

    def compile_from_config(self, config: dict[str, object]) -> None:
        """Compile with them."""
        optimizer = keras.saving.deserialize_keras_object(config["optimizer"])
        self.compile(optimizer, config["weight"])
        self.optimizer.build(self.trainable_variables)


def c05(folder: pathlib.Path) -> caught.Case:
    """A compile of your own: the load leaves it out and says so; then with its configuration."""
    warnings = {}
    for kind in (Averaged, Recompiled):
        model = kind()
        model.compile("sgd", 0.5)
        model(ROWS)
        model.save("model.keras")
        with caught.warned() as said:
            loaded = keras.models.load_model("model.keras", custom_objects={kind.__name__: kind})
        warnings[kind] = [line for line in said if "`compile()` was not called" in line], loaded
    lines, left = warnings[Averaged]
    assert lines and not hasattr(left, "weight")

    lines, loaded = warnings[Recompiled]
    assert not lines and loaded.weight == 0.5
    return caught.Case(
        "with get_compile_config and compile_from_config the loaded model is compiled as before",
        measured="a warning alone, and the loaded model lacks what its compile had kept",
    )


def c06(folder: pathlib.Path) -> caught.Case:
    """A function of TensorFlow in a functional model; then the one of keras.ops."""
    inputs = keras.Input((4,))
    seen = caught.raised(lambda: keras.Model(inputs, tensorflow.nn.relu(inputs)), ValueError)

    model = keras.Model(inputs, keras.ops.relu(inputs))
    model.save("model.keras")
    assert caught.apart(keras.models.load_model("model.keras")(ROWS), numpy.maximum(ROWS, 0)) == 0
    return caught.Case("keras.ops has the function, and the model saves, loads and answers the same", [seen])


def c07(folder: pathlib.Path) -> caught.Case:
    """A loss of your own in an .h5 file."""

    def far(wanted: keras.KerasTensor, found: keras.KerasTensor) -> keras.KerasTensor:
        return keras.ops.mean(keras.ops.absolute(wanted - found))

    model = _around(keras.layers.Dense(2))
    model.compile("sgd", far)
    model.save("model.h5")
    seen = caught.raised(lambda: keras.models.load_model("model.h5"), TypeError)

    loaded = keras.models.load_model("model.h5", compile=False)
    loaded.compile("sgd", far)
    assert caught.apart(loaded(ROWS), model(ROWS)) < 1e-6
    return caught.Case("without compile settings it loads and answers the same, and compiles anew", [seen])


def c08(folder: pathlib.Path) -> caught.Case:
    """A Lambda that uses a name of its old module; then a registered layer."""
    names: dict[str, object] = {"keras": keras}
    exec("import tensorflow as tf\nlayer = keras.layers.Lambda(lambda inputs: tf.abs(inputs))", names)
    _around(names["layer"]).save("model.keras")
    loaded = keras.models.load_model("model.keras", safe_mode=False)
    seen = caught.raised(lambda: loaded(ROWS), NameError)

    @keras.saving.register_keras_serializable(package="clinic")
    class Absolute(keras.layers.Layer):
        def call(self, inputs: keras.KerasTensor) -> keras.KerasTensor:
            return tensorflow.abs(inputs)

    _around(Absolute()).save("model.keras")
    assert caught.apart(keras.models.load_model("model.keras")(ROWS), abs(ROWS)) == 0
    return caught.Case("a registered layer finds its names in its module, and answers the same", [seen])


def c09(folder: pathlib.Path) -> caught.Case:
    """A Lambda whose output Keras cannot work out; then with its shape."""

    def counted(inputs: keras.KerasTensor) -> numpy.ndarray:
        return numpy.asarray(inputs) + 1  # no symbol goes through NumPy

    inputs = keras.Input((4,))
    seen = caught.raised(lambda: keras.layers.Lambda(counted)(inputs), NotImplementedError)

    model = keras.Model(inputs, keras.layers.Lambda(counted, output_shape=(4,))(inputs))
    assert caught.apart(model(ROWS), ROWS + 1) == 0
    return caught.Case("with output_shape the model is made and answers", [seen])


def c10(folder: pathlib.Path) -> caught.Case:
    """A build that needs more than the shape; then with get_build_config."""

    class Named(keras.layers.Layer):
        def add(self, *names: str) -> None:
            self.names = list(names)
            self.build((None, 4))

        def build(self, input_shape: tuple[int | None, ...]) -> None:
            self.bias = self.add_weight((len(self.names),), "random_normal", name="bias")

        def call(self, inputs: keras.KerasTensor) -> keras.KerasTensor:
            return inputs + self.bias

    class Whole(Named):
        def get_build_config(self) -> dict[str, object]:
            return {"names": self.names}

        def build_from_config(self, config: dict[str, object]) -> None:
            self.add(*config["names"])

    errors, answers = [], []
    for kind in (Named, Whole):
        layer = kind()
        layer.add("a", "b", "c", "d")
        model = _around(layer)
        model.save(f"{kind.__name__}.keras")
        answers.append(model(ROWS))
    errors.append(
        caught.raised(
            lambda: keras.models.load_model("Named.keras", custom_objects={"Named": Named}),
            AttributeError,
            TypeError,
        )
    )

    loaded = keras.models.load_model("Whole.keras", custom_objects={"Whole": Whole})
    assert caught.apart(loaded(ROWS), answers[1]) == 0
    return caught.Case("with get_build_config and build_from_config it loads and answers the same", errors)


def c11(folder: pathlib.Path) -> caught.Case:
    """Two loaded copies in one model; then the second under names of its own."""
    inputs = keras.Input((4,), name="pixels")
    keras.Model(inputs, keras.layers.Dense(2, name="last")(inputs)).save("model.keras")
    one, two = (keras.models.load_model("model.keras") for _ in range(2))
    seen = caught.raised(
        lambda: keras.Model([one.input, two.input], keras.layers.add([one.output, two.output])), ValueError
    )

    shared = keras.Input((4,))
    two.name = "second"
    both = keras.Model(shared, keras.layers.add([one(shared), two(shared)]))
    assert caught.apart(both(ROWS), 2 * one(ROWS)) < 1e-6
    return caught.Case("called on one new input, both work together", [seen])
