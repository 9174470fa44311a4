"""Models unlike those of the lessons, each saved with a golden batch beside it: MODELS[name](folder)."""

import collections.abc
import pathlib
import types

from helpers.tools import round_trip
import keras
import numpy
import tensorflow

SCALED = '''
import keras

@keras.saving.register_keras_serializable("odd")
class Scaled(keras.layers.Layer):
    """Its get_config forgets `factor`."""

    def __init__(self, factor=1.0, **kwargs):
        super().__init__(**kwargs)
        self.factor = factor

    def call(self, inputs):
        return self.factor * inputs

    def get_config(self):
        return super().get_config()


@keras.saving.register_keras_serializable("odd")
class Stepped(keras.Model):
    """Subclassed, with a training step of its own."""

    def __init__(self, units=3, **kwargs):
        super().__init__(**kwargs)
        self.units, self.dense = units, keras.layers.Dense(units)

    def build(self, shape):
        self.dense.build(shape)
        self.built = True

    def call(self, inputs):
        return self.dense(inputs)

    def train_step(self, batch):
        return {"loss": keras.ops.mean(self(batch[0], training=True))}

    def get_config(self):
        return {**super().get_config(), "units": self.units}


@keras.saving.register_keras_serializable("odd")
class Drawn(keras.layers.Layer):
    """Answers otherwise each time."""

    def call(self, inputs):
        return inputs + keras.random.normal(keras.ops.shape(inputs))
'''

ROWS = 5
GENERATOR = numpy.random.default_rng(7)


def _floats(*sizes: int) -> numpy.ndarray:
    return GENERATOR.random(sizes).astype("float32")


def write(path: pathlib.Path, batch: object, answers: object) -> None:
    """The golden batch beside a model, by the two lines that the tool prints for such a model."""
    whole = not isinstance(batch, dict | list) and not isinstance(answers, dict | list)
    lines = round_trip.golden_lines(whole, any(_is_text(one) for one in keras.tree.flatten(batch)))
    said = "\n".join(lines).replace("golden.npz", f"{path}.npz")
    model = types.SimpleNamespace(predict=lambda batch, verbose: answers)
    exec(said, {"numpy": numpy, "keras": keras, "tensorflow": tensorflow, "batch": batch, "model": model})


def _is_text(value: object) -> bool:
    return getattr(value, "dtype", None) == tensorflow.string


def _kept(path: pathlib.Path, model: keras.Model, batch: object, answers: object = None) -> None:
    answers = model.predict(batch, verbose=0) if answers is None else answers
    model.save(path.with_name(path.name + ".keras"))
    write(path, batch, answers)


def text(path: pathlib.Path) -> None:
    """Strings in, through TextVectorization."""
    words = numpy.array(["a cat sat", "the dog ran", "a dog sat", "the cat ran", "a mat"])
    layer = keras.layers.TextVectorization(output_sequence_length=4)
    layer.adapt(words)
    model = keras.Sequential(
        [keras.Input((), dtype="string"), layer, keras.layers.Embedding(20, 3), keras.layers.Flatten()]
    )
    _kept(path, model, tensorflow.constant(words))


def lookup(path: pathlib.Path) -> None:
    """Strings in, through StringLookup."""
    layer = keras.layers.StringLookup(vocabulary=["red", "green", "blue"], output_mode="one_hot")
    model = keras.Sequential([keras.Input((1,), dtype="string"), layer, keras.layers.Dense(2)])
    _kept(path, model, tensorflow.constant([["red"], ["blue"], ["grey"]]))


def named(path: pathlib.Path) -> None:
    """A dict of inputs, one of them integers within an Embedding."""
    inputs = {"words": keras.Input((4,), dtype="int32", name="words"), "age": keras.Input((2,), name="age")}
    flat = keras.layers.Flatten()(keras.layers.Embedding(5, 3)(inputs["words"]))
    model = keras.Model(inputs, keras.layers.Dense(2)(keras.layers.Concatenate()([flat, inputs["age"]])))
    _kept(
        path, model, {"words": GENERATOR.integers(0, 5, (ROWS, 4)).astype("int32"), "age": _floats(ROWS, 2)}
    )


def nested(path: pathlib.Path) -> None:
    """Inputs in a dict of a list and an array, outputs in a dict."""
    inputs = {"pair": [keras.Input((2,)), keras.Input((3,))], "one": keras.Input((4,))}
    joined = keras.layers.Concatenate()([*inputs["pair"], inputs["one"]])
    outputs = {"sum": keras.layers.Dense(2)(joined), "mean": keras.layers.Dense(1)(joined)}
    batch = {"pair": [_floats(ROWS, 2), _floats(ROWS, 3)], "one": _floats(ROWS, 4)}
    _kept(path, keras.Model(inputs, outputs), batch)


def several(path: pathlib.Path) -> None:
    """Two inputs, three outputs in a list, one of them integers."""
    one, two = keras.Input((3,), name="one"), keras.Input((2,), name="two")
    joined = keras.layers.Concatenate()([one, two])
    dense = keras.layers.Dense(4, name="dense")(joined)
    outputs = [dense, keras.ops.argmax(dense, axis=-1), keras.layers.Dense(1, name="last")(joined)]
    _kept(path, keras.Model([one, two], outputs), [_floats(ROWS, 3), _floats(ROWS, 2)])


def exported_two(path: pathlib.Path) -> None:
    """An export with two inputs."""
    one, two = keras.Input((3,), name="one"), keras.Input((2,), name="two")
    model = keras.Model([one, two], keras.layers.Dense(2)(keras.layers.Concatenate()([one, two])))
    batch = [_floats(ROWS, 3), _floats(ROWS, 2)]
    write(path, batch, model.predict(batch, verbose=0))
    model.export(path, verbose=False)


def exported_dict(path: pathlib.Path) -> None:
    """An export with a dict of inputs and of outputs."""
    inputs = {"one": keras.Input((3,), name="one"), "two": keras.Input((2,), name="two")}
    joined = keras.layers.Concatenate()(list(inputs.values()))
    model = keras.Model(inputs, {"x": keras.layers.Dense(2)(joined), "y": keras.layers.Dense(1)(joined)})
    batch = {"one": _floats(ROWS, 3), "two": _floats(ROWS, 2)}
    write(path, batch, model.predict(batch, verbose=0))
    model.export(path, verbose=False)


def exported_text(path: pathlib.Path) -> None:
    """An export that takes strings."""
    layer = keras.layers.StringLookup(vocabulary=["red", "green", "blue"], output_mode="one_hot")
    model = keras.Sequential([keras.Input((1,), dtype="string"), layer, keras.layers.Dense(2)])
    batch = tensorflow.constant([["red"], ["blue"], ["grey"]])
    write(path, batch, model.predict(batch, verbose=0))
    model.export(path, verbose=False)


def signature_only(path: pathlib.Path) -> None:
    """A SavedModel of `tf.saved_model.save`: no endpoint `serve`, one signature."""

    class Doubler(tensorflow.Module):
        @tensorflow.function(input_signature=[tensorflow.TensorSpec([None, 2], "float32", name="numbers")])
        def double(self, numbers: tensorflow.Tensor) -> dict:
            return {"doubled": 2 * numbers}

    batch, module = _floats(ROWS, 2), Doubler()
    tensorflow.saved_model.save(module, str(path), signatures=module.double)
    write(path, batch, {"doubled": 2 * batch})


def stateful(path: pathlib.Path) -> None:
    """A stateful LSTM, which takes a fixed number of rows."""
    model = keras.Sequential([keras.Input(batch_shape=(2, 3, 4)), keras.layers.LSTM(5, stateful=True)])
    batch = _floats(2, 3, 4)
    answers = model.predict(batch, batch_size=2, verbose=0)
    model.reset_states() if hasattr(model, "reset_states") else model.layers[0].reset_state()
    _kept(path, model, batch, answers)


def images(path: pathlib.Path) -> None:
    """Images of any size, halved five times."""
    layers = [layer for _ in range(5) for layer in (keras.layers.Conv2D(2, 3), keras.layers.MaxPooling2D())]
    model = keras.Sequential([keras.Input((None, None, 3)), *layers, keras.layers.GlobalAveragePooling2D()])
    _kept(path, model, _floats(2, 128, 128, 3))


def subclassed(path: pathlib.Path) -> None:
    """Subclassed, with a training step of its own; its class is in the module `odd_layers`."""
    import odd_layers

    model = odd_layers.Stepped(4)
    model.compile("adam", "mse")
    _kept(path, model, _floats(ROWS, 6))


def unzipped(path: pathlib.Path) -> None:
    """A `.keras` as a folder."""
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(2)])
    batch = _floats(ROWS, 4)
    keras.saving.save_model(model, path, zipped=False)
    write(path, batch, model.predict(batch, verbose=0))


def policy(name: str) -> collections.abc.Callable[[pathlib.Path], None]:
    """A model of one dtype policy."""

    def made(path: pathlib.Path) -> None:
        layers = [keras.layers.Dense(6, dtype=name), keras.layers.Dense(2, dtype=name)]
        batch = _floats(ROWS, 4)
        model = keras.Sequential([keras.Input((4,), dtype=keras.DTypePolicy(name).compute_dtype), *layers])
        _kept(path, model, batch, numpy.asarray(model.predict(batch, verbose=0)).astype("float32"))

    return made


def quantised(mode: str) -> collections.abc.Callable[[pathlib.Path], None]:
    """A model quantised after training."""

    def made(path: pathlib.Path) -> None:
        model = keras.Sequential([keras.Input((16,)), keras.layers.Dense(8), keras.layers.Dense(2)])
        model.quantize(mode)
        _kept(path, model, _floats(ROWS, 16))

    return made


def lora(path: pathlib.Path) -> None:
    """A Dense and an Embedding with low-rank updates."""
    layers = [keras.layers.Embedding(9, 6), keras.layers.Flatten(), keras.layers.Dense(3)]
    model = keras.Sequential([keras.Input((4,), dtype="int32"), *layers])
    model.layers[0].enable_lora(2)
    model.layers[2].enable_lora(2)
    model.layers[2].lora_kernel_b.assign(_floats(2, 3))
    _kept(path, model, GENERATOR.integers(0, 9, (ROWS, 4)).astype("int32"))


def numbers(kind: str) -> collections.abc.Callable[[pathlib.Path], None]:
    """A model whose input and output are of one type of numbers."""

    def made(path: pathlib.Path) -> None:
        inputs = keras.Input((3,), dtype=kind)
        outputs = keras.ops.logical_not(inputs) if kind == "bool" else inputs + inputs
        batch = (_floats(ROWS, 3) * 9).astype(kind)
        _kept(path, keras.Model(inputs, outputs), batch)

    return made


def ragged(path: pathlib.Path) -> None:
    """A ragged input."""
    inputs = keras.Input((None,), ragged=True, dtype="int32")
    model = keras.Sequential([inputs, keras.layers.Embedding(5, 2)])
    model.save(path.with_name(path.name + ".keras"))
    write(path, _floats(ROWS, 6), _floats(ROWS, 2))


def sparse(path: pathlib.Path) -> None:
    """A sparse input."""
    inputs = keras.Input((6,), sparse=True)
    keras.Model(inputs, keras.layers.Dense(2)(inputs)).save(path.with_name(path.name + ".keras"))
    write(path, _floats(ROWS, 6), _floats(ROWS, 2))


def forgetful(path: pathlib.Path) -> None:
    """A layer whose get_config forgets an argument: it loads, and answers otherwise."""
    import odd_layers

    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(2), odd_layers.Scaled(9.0)])
    _kept(path, model, _floats(ROWS, 4))


def drawn(path: pathlib.Path) -> None:
    """A layer that draws at every call."""
    import odd_layers

    _kept(path, keras.Sequential([keras.Input((4,)), odd_layers.Drawn()]), _floats(ROWS, 4))


def token(path: pathlib.Path) -> None:
    """Numbers that an Embedding reads, declared as floats, as `Input((10,))` declares them."""
    layers = [keras.layers.Embedding(3, 2), keras.layers.GlobalAveragePooling1D()]
    model = keras.Sequential([keras.Input((10,)), *layers])
    _kept(path, model, GENERATOR.integers(0, 3, (ROWS, 10)).astype("float32"))


def lazy(path: pathlib.Path) -> None:
    """A Sequential that was never built: no weights are in its file."""
    model = keras.Sequential([keras.layers.Dense(2)])
    model.save(path.with_name(path.name + ".keras"))
    write(path, _floats(ROWS, 3), _floats(ROWS, 2))


def legacy(path: pathlib.Path) -> None:
    """An `.h5`."""
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(2)])
    batch = _floats(ROWS, 4)
    write(path, batch, model.predict(batch, verbose=0))
    model.save(path.with_name(path.name + ".h5"))


def lambda_(path: pathlib.Path) -> None:
    """A Lambda, which a load refuses."""
    model = keras.Sequential([keras.Input((4,)), keras.layers.Lambda(lambda values: values * 2)])
    _kept(path, model, _floats(ROWS, 4))


MODELS: dict[str, collections.abc.Callable[[pathlib.Path], None]] = {
    **{
        made.__name__.strip("_"): made
        for made in (text, lookup, named, nested, several, exported_two, exported_dict, exported_text)
    },
    **{
        made.__name__.strip("_"): made
        for made in (signature_only, stateful, images, subclassed, unzipped, lora, ragged, sparse, forgetful)
    },
    **{made.__name__.strip("_"): made for made in (drawn, token, lazy, legacy, lambda_)},
    **{name: policy(name) for name in ("float16", "bfloat16", "mixed_float16", "mixed_bfloat16", "float64")},
    **{mode: quantised(mode) for mode in ("int8", "float8", "int4")},
    **{f"of_{kind}": numbers(kind) for kind in ("uint8", "int64", "bool", "complex64", "uint32")},
}


def fill(folder: pathlib.Path, names: collections.abc.Iterable[str] = ()) -> dict[str, pathlib.Path]:
    """Write models into a folder, with the module `odd_layers`, which has to be importable; their paths."""
    (folder / "odd_layers.py").write_text(SCALED, encoding="utf-8")
    found = {}
    for name in names or MODELS:
        MODELS[name](folder / name)
        found[name] = next(
            path for path in folder.glob(f"{name}*") if path.stem == name and path.suffix != ".npz"
        )
    return found
