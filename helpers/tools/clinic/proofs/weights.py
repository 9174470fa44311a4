"""Numbers and the variables they belong to: other layers, other shapes, other files, nothing built yet."""

import pathlib
import shutil

from helpers.tools.clinic.proofs import caught
import keras
import numpy
import tensorflow


def _layers(*units: int, bias: bool = True) -> keras.Sequential:
    """Dense layers on 64 numbers."""
    layers = [keras.layers.Dense(size, use_bias=bias) for size in units]
    return keras.Sequential([keras.Input((64,)), *layers])


def _unbuilt() -> keras.Sequential:
    """A Dense layer that does not know its input."""
    return keras.Sequential([keras.layers.Dense(10)])


def _take_back(model: keras.Model) -> None:
    """Load old.h5 into the layers it was saved from."""
    same = _layers(10)
    same.load_weights("old.h5")
    assert caught.apart(same(caught.BATCH), model(caught.BATCH)) == 0


def w01(folder: pathlib.Path) -> caught.Case:
    """Weights of one layer in an .h5 file, for a model with two."""
    model = _layers(10)
    model.save("old.h5")
    seen = caught.raised(lambda: _layers(8, 10).load_weights("old.h5"), ValueError)

    _take_back(model)
    return caught.Case("with the layers that the file has, it loads and answers the same", [seen])


def w02(folder: pathlib.Path) -> caught.Case:
    """Weights for a model that has none yet."""
    model = _layers(10)
    model.save("old.h5")
    model.save_weights("model.weights.h5")
    names = ("model.weights.h5", "old.h5")
    errors = [caught.raised(lambda name=name: _unbuilt().load_weights(name), ValueError) for name in names]

    for name in names:
        built = _unbuilt()
        built.build((None, 64))
        built.load_weights(name)
        assert caught.apart(built(caught.BATCH), model(caught.BATCH)) == 0
    return caught.Case("built first, it takes both files and answers the same", errors)


def w03(folder: pathlib.Path) -> caught.Case:
    """A layer with a bias in the .h5 file, and without one in the code."""
    model = _layers(10)
    model.save("old.h5")
    seen = caught.raised(lambda: _layers(10, bias=False).load_weights("old.h5"), ValueError)

    _take_back(model)
    return caught.Case("with the bias, it loads and answers the same", [seen])


def w04(folder: pathlib.Path) -> caught.Case:
    """Ten digits in the file, five classes in the code; then all layers but the last."""
    model = _layers(8, 10)
    model.save("old.h5")
    model.save_weights("model.weights.h5")
    errors = [
        caught.raised(lambda name=name: _layers(8, 5).load_weights(name), ValueError)
        for name in ("old.h5", "model.weights.h5")
    ]

    new, whole = _layers(8, 5), _layers(8, 10)
    whole.load_weights("model.weights.h5")
    new.layers[0].set_weights(whole.layers[0].get_weights())
    assert caught.apart(new.layers[0](caught.BATCH), model.layers[0](caught.BATCH)) == 0
    assert new(caught.BATCH).shape == (8, 5)
    return caught.Case(
        "loaded with its own shapes, the first layer is handed over and computes the same", errors
    )


def w05(folder: pathlib.Path) -> caught.Case:
    """A whole .h5 model with the name of a file of weights."""
    model = _layers(10)
    model.save("old.h5")
    shutil.copyfile("old.h5", "renamed.weights.h5")
    seen = caught.raised(lambda: _layers(10).load_weights("renamed.weights.h5"), ValueError)

    _take_back(model)
    return caught.Case("under a name that ends in `.h5` alone, its weights load and answer the same", [seen])


def w06(folder: pathlib.Path) -> caught.Case:
    """A part of a larger save, poured into the whole; then the other way round."""
    backbone = _layers(8)
    backbone.save_weights("backbone.weights.h5")
    whole = _layers(8, 10)
    seen = caught.raised(lambda: whole.load_weights("backbone.weights.h5"), ValueError)

    part = _layers(8)
    part.load_weights("backbone.weights.h5")
    whole.layers[0].set_weights(part.layers[0].get_weights())
    assert caught.apart(whole.layers[0](caught.BATCH), backbone(caught.BATCH)) == 0
    return caught.Case("loaded as the part it is and handed over, the layer computes the same", [seen])


def w07(folder: pathlib.Path) -> caught.Case:
    """Weights of a model in int8, for the same code in float32; then in int8 as well."""
    model = _layers(10)
    model.quantize("int8")
    model.save_weights("small.weights.h5")
    seen = caught.raised(lambda: _layers(10).load_weights("small.weights.h5"), ValueError)

    same = _layers(10)
    same.quantize("int8")
    same.load_weights("small.weights.h5")
    assert caught.apart(same(caught.BATCH), model(caught.BATCH)) == 0
    return caught.Case("quantised first, the code takes the file and answers the same", [seen])


def w08(folder: pathlib.Path) -> caught.Case:
    """By name from a .weights.h5 file; then from an .h5 file, and layer by layer."""
    model = _layers(8, 10)
    model.save_weights("model.weights.h5")
    model.save("old.h5")
    new = keras.Sequential([keras.Input((64,)), keras.layers.Dense(8, name=model.layers[0].name)])
    seen = caught.raised(lambda: new.load_weights("model.weights.h5", by_name=True), ValueError)

    new.load_weights("old.h5", by_name=True)
    assert caught.apart(new(caught.BATCH), model.layers[0](caught.BATCH)) == 0
    return caught.Case("from an `.h5` file the layer of that name comes, and computes the same", [seen])


def w09(folder: pathlib.Path) -> caught.Case:
    """Save a model that nobody has called or built."""
    seen = caught.raised(lambda: _unbuilt().save_weights("model.weights.h5"), ValueError)
    empty = _unbuilt()
    with caught.warned() as said:
        empty.save("empty.keras")
    assert any("a model that has not yet been built" in line for line in said), said
    assert keras.models.load_model("empty.keras").weights == []

    built = _unbuilt()
    built.build((None, 64))
    built.save("model.keras")
    assert caught.apart(keras.models.load_model("model.keras")(caught.BATCH), built(caught.BATCH)) == 0
    return caught.Case(
        "built first, it comes back with its weights; the `.keras` file saved before had none", [seen]
    )


def w10(folder: pathlib.Path) -> caught.Case:
    """A checkpoint of ten digits for a model of five; then with the shapes of the file."""
    model = _layers(10)
    tensorflow.train.Checkpoint(model=model).write("state")
    other = tensorflow.train.Checkpoint(model=_layers(5))
    seen = caught.raised(lambda: other.read("state"), ValueError)

    found = dict(tensorflow.train.list_variables("state"))
    assert [64, 10] in found.values()
    same = _layers(10)
    tensorflow.train.Checkpoint(model=same).read("state").assert_existing_objects_matched()
    assert caught.apart(same(caught.BATCH), model(caught.BATCH)) == 0
    return caught.Case(
        "with the shapes that `list_variables` shows, it restores and answers the same", [seen]
    )


def w11(folder: pathlib.Path) -> caught.Case:
    """The folder in place of a checkpoint, and a prefix that is not there."""
    model = _layers(10)
    manager = tensorflow.train.CheckpointManager(tensorflow.train.Checkpoint(model=model), "steps", 3)
    manager.save()
    same = _layers(10)
    checkpoint = tensorflow.train.Checkpoint(model=same)
    errors = [
        caught.raised(lambda path=path: checkpoint.read(path), tensorflow.errors.OpError)
        for path in ("steps", "steps/ckpt-7")
    ]

    checkpoint.restore(tensorflow.train.latest_checkpoint("steps")).assert_existing_objects_matched()
    assert caught.apart(same(caught.BATCH), model(caught.BATCH)) == 0
    return caught.Case("with the prefix that `latest_checkpoint` gives, it restores exactly", errors)


def w12(folder: pathlib.Path) -> caught.Case:
    """A list of arrays that is too short, and one of other shapes."""
    model, same = _layers(10), _layers(10)
    kernel, bias = model.get_weights()
    errors = [
        caught.raised(lambda: same.set_weights([kernel]), ValueError),
        caught.raised(lambda: same.set_weights([kernel.T, bias]), ValueError),
    ]

    assert [array.shape for array in same.get_weights()] == [kernel.shape, bias.shape]
    same.set_weights([kernel, bias])
    assert caught.apart(same(caught.BATCH), model(caught.BATCH)) == 0
    return caught.Case("with the arrays in number and shape as `get_weights` gives them, both agree", errors)


def w13(folder: pathlib.Path) -> caught.Case:
    """Two variables of one name in a layer, saved as .h5; then as .keras."""

    class Twice(keras.layers.Layer):
        def build(self, input_shape: tuple[int | None, ...]) -> None:
            self.low = self.add_weight((input_shape[-1],), "random_normal", name="bound")
            self.high = self.add_weight((input_shape[-1],), "random_normal", name="bound")

        def call(self, inputs: keras.KerasTensor) -> keras.KerasTensor:
            return keras.ops.clip(inputs, self.low, self.high)

    model = keras.Sequential([keras.Input((64,)), Twice()])
    seen = caught.raised(lambda: model.save("model.h5"), ValueError)

    model.save("model.keras")
    loaded = keras.models.load_model("model.keras", custom_objects={"Twice": Twice})
    assert caught.apart(loaded(caught.BATCH), model(caught.BATCH)) == 0
    assert numpy.ptp(model.layers[0].low) > 0
    return caught.Case("`.keras` keeps both variables, and the loaded model answers the same", [seen])
