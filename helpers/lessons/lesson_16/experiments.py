"""What settles the items of lesson 16."""

import contextlib
import pathlib
import shutil
import warnings

from helpers import digits
from helpers.core import backend
from helpers.lessons.lesson_16 import growth
import keras
import numpy
import tensorflow

_DATA = digits.load()
_SHARD = 1.7e-5  # GB: the kernel of the body has a shard for itself
_MIXED = "mixed_float16"


def predict_shard(folder: pathlib.Path) -> str:
    """Save in shards, train on, save under another name, and exchange one shard; then load."""
    model = _compiled(_reader())
    _train(model, epochs=1)
    model.save_weights(folder / "monday.weights.json", max_shard_size=_SHARD)
    monday = model.get_weights()
    _train(model)
    model.save_weights(folder / "tuesday.weights.json", max_shard_size=_SHARD)
    shutil.copy(folder / "monday_00001.weights.h5", folder / "tuesday_00001.weights.h5")
    loaded = _reader()
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        loaded.load_weights(folder / "tuesday.weights.json")
    said = [one for one in said if "could not be loaded" in str(one.message)]
    days = {"Monday": monday, "Tuesday": model.get_weights()}
    found = [
        day
        for one in loaded.get_weights()
        for day, saved in days.items()
        if any(_same(one, each) for each in saved)
    ]
    assert set(found) == {"Monday", "Tuesday"} and len(found) == len(monday), found
    assert not said, said
    assert _apart(loaded, model) > 0.01
    return f"No error and no warning. The arrays of the loaded model are those of: {', '.join(found)}."


def predict_policy(folder: pathlib.Path) -> str:
    """Save under mixed_float16, then load under each of two policies."""
    with _policy(_MIXED):
        live = _train(_compiled(_reader()))
        live.save(folder / "mixed.keras")
    found = {}
    for policy in ("float32", _MIXED):
        with _policy(policy), warnings.catch_warnings(record=True) as said:
            warnings.simplefilter("always")
            loaded = keras.models.load_model(folder / "mixed.keras")
        skipped = sum("Skipping variable loading" in str(one.message) for one in said)
        assert loaded.layers[0].dtype_policy.name == _MIXED
        assert _apart(live, loaded) < 1e-6
        found[policy] = (type(loaded.optimizer).__name__, int(loaded.optimizer.iterations) > 0, skipped)
    assert found[_MIXED] == ("LossScaleOptimizer", True, 0), found
    assert found["float32"] == ("Adam", False, 1), found
    return "Under float32: the answers, a plain Adam at step 0, one warning. Under mixed_float16: the step."


def predict_lora(folder: pathlib.Path) -> str:
    """Save a model with adapters; train the live one, the loaded one, and one with its arrays given back."""
    live = _adapted()
    live.save(folder / "lora.keras")
    arrays = live.get_weights()
    loaded, cured = (keras.models.load_model(folder / "lora.keras") for _ in range(2))
    cured.set_weights(arrays)
    steps = {int(one.optimizer.iterations) for one in (live, loaded, cured)}
    assert len(steps) == 1 and _apart(live, loaded) < 1e-5 and _apart(live, cured) < 1e-5
    for model in (live, loaded, cured):
        _train(model, rows=_mirrored())
    found = _apart(live, loaded)
    assert _apart(live, cured) < 1e-5
    assert found > 0.1, f"{found:.1f} apart"
    return "Answers and step equal after the load. Three epochs later the answers are more than 0.1 apart."


def myth_int8(folder: pathlib.Path) -> str:
    """Round a trained model, compile it, train it on, and look at which numbers moved."""
    model = _rounded(_train(_compiled(_reader())))
    _compiled(model)
    before = model.get_weights()
    _train(model)
    pairs = zip(model.weights, before, strict=True)
    moved = sorted(weight.path.split("/")[-1] for weight, old in pairs if (weight.numpy() != old).any())
    assert moved == ["bias", "bias"], moved
    assert [weight.dtype for weight in model.weights].count("int8") == 2
    return "Of two kernels, two scales and two biases, training moved the two biases and nothing else."


def myth_half(folder: pathlib.Path) -> str:
    """Load sharded weights without their second shard, with and without skip_mismatch."""
    growth.model(0.25, layers=4).save_weights(folder / "m.weights.json", max_shard_size=1e-4)
    (folder / "m_00001.weights.h5").unlink()
    replaced = []
    for options in ({}, {"skip_mismatch": True}):
        model = growth.model(0.25, layers=4)
        before = [layer.kernel.numpy() for layer in model.layers]
        try:
            model.load_weights(folder / "m.weights.json", **options)
            said = "nothing"
        except FileNotFoundError as error:
            said = str(error)
        assert "m_00001.weights.h5" in said, said
        pairs = zip(model.layers, before, strict=True)
        replaced.append([not _same(layer.kernel.numpy(), old) for layer, old in pairs])
    assert replaced[0] == replaced[1] == [True, False, False, False], replaced
    return "FileNotFoundError, and the first of four kernels is replaced; with skip_mismatch just the same."


def deck_litert(folder: pathlib.Path) -> str:
    """Export a rounded model in three ways."""
    model = _rounded(_train(_compiled(_reader())))
    rows, found = _DATA.test_features, {}
    for name, form in {"folder": "tf_saved_model", "m.onnx": "onnx", "m.tflite": "litert"}.items():
        try:
            with backend.conversions():
                model.export(str(folder / name), verbose=False, format=form)
            found[name] = "written"
        except Exception as error:
            found[name] = "refused" if "must be tensor of 32-bit float" in str(error) else str(error)
    assert found == {"folder": "written", "m.onnx": "written", "m.tflite": "refused"}, found
    artefact = tensorflow.saved_model.load(str(folder / "folder"))
    assert numpy.abs(artefact.serve(rows) - model(rows)).max() < 1e-5
    return "The folder and the ONNX file are written, LiteRT's converter refuses the product of int8."


def deck_dead(folder: pathlib.Path) -> str:
    """Load a model with adapters, compile and train it, as loaded and with one adapter drawn at random."""
    _adapted().save(folder / "lora.keras")
    moved = {}
    for kind in ("loaded", "drawn"):
        model = keras.models.load_model(folder / "lora.keras")
        layer = model.layers[0]
        if kind == "drawn":
            layer.lora_kernel_a.assign(keras.initializers.HeUniform(seed=7)(layer.lora_kernel_a.shape))
        kernel, bias = layer.kernel.numpy(), layer.bias.numpy()
        _train(_compiled(model))
        assert not _same(layer.bias.numpy(), bias)
        moved[kind] = not _same(layer.kernel.numpy(), kernel)
    assert moved == {"loaded": False, "drawn": True}, moved
    return "The bias learns. The kernel with its adapters does not, unless one adapter is drawn at random."


def deck_memory(folder: pathlib.Path) -> str:
    """Read the record of what a save of 1000 MB took, and compare the same two ways for a small one here."""
    recorded = growth.record()["measured"]["1000"]
    whole, weights = (round(recorded[way]["memory"]) for way in ("save .keras", "save weights"))
    assert 1000 <= whole <= 1300, whole
    assert 200 <= weights <= 300, weights
    return f"Recorded on {growth.record()['date']}: {whole} MB for the .keras, {weights} MB for the weights."


def _reader() -> keras.Sequential:
    keras.utils.set_random_seed(7)
    body = keras.layers.Dense(64, "relu", name="body")
    head = keras.layers.Dense(10, "softmax", dtype="float32", name="head")
    return keras.Sequential([keras.Input((64,)), body, head])


def _compiled(model: keras.Model) -> keras.Model:
    model.compile(keras.optimizers.Adam(0.01), "sparse_categorical_crossentropy")
    return model


def _train(model: keras.Model, epochs: int = 3, rows: numpy.ndarray = _DATA.train_features) -> keras.Model:
    model.fit(rows, _DATA.train_labels, epochs=epochs, batch_size=32, shuffle=False, verbose=0)
    return model


def _mirrored() -> numpy.ndarray:
    return _DATA.train_features.reshape(-1, 8, 8)[:, :, ::-1].reshape(-1, 64)


def _adapted() -> keras.Model:
    """A reader that has learned mirrored digits with adapters of rank 4."""
    model = _train(_compiled(_reader()))
    model.layers[0].enable_lora(4)
    return _train(_compiled(model), rows=_mirrored())


def _rounded(model: keras.Model) -> keras.Model:
    with warnings.catch_warnings(action="ignore"):  # the input says that it has nothing to round
        model.quantize("int8")
    return model


@contextlib.contextmanager
def _policy(name: str):
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(name)
    try:
        yield
    finally:
        keras.config.set_dtype_policy(before)


def _same(one: numpy.ndarray, other: numpy.ndarray) -> bool:
    return numpy.array_equal(one, other)


def _apart(one: keras.Model, other: keras.Model) -> float:
    return float(numpy.abs(one(_DATA.test_features) - other(_DATA.test_features)).max())
