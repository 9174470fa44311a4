"""Weights in shards, mixed precision, int8 and LoRA."""

import hashlib
import json
import pathlib
import shutil

from helpers.core import backend
from helpers.tools.clinic.proofs import caught
import keras
import numpy
import tensorflow

SHARD = 1.7e-5  # GB: the kernel of the first layer has a shard for itself
FEATURES, LABELS = caught.FEATURES, caught.LABELS


def _model(seed: int = 7) -> keras.Sequential:
    keras.utils.set_random_seed(seed)
    layers = [keras.layers.Dense(64, "relu"), keras.layers.Dense(10, "softmax", dtype="float32")]
    return keras.Sequential([keras.Input((64,)), *layers])


def _compiled(model: keras.Model, optimizer: object = None) -> keras.Model:
    model.compile(
        optimizer or keras.optimizers.Adam(0.01), "sparse_categorical_crossentropy", run_eagerly=True
    )
    return model


def _train(model: keras.Model) -> keras.Model:
    model.fit(FEATURES, LABELS, batch_size=32, epochs=2, shuffle=False, verbose=0)
    return model


def g01(folder: pathlib.Path) -> caught.Case:
    """Load without a shard, and with a renamed map; then look for the shards, bring the one, and load."""
    saved, loaded = _model(), _model(seed=1)
    saved.save_weights("model.weights.json", max_shard_size=SHARD)
    shutil.copy("model.weights.json", "renamed.weights.json")
    pathlib.Path("model_00001.weights.h5").rename("elsewhere.h5")
    errors = [
        caught.raised(lambda name=name: loaded.load_weights(name), FileNotFoundError)
        for name in ("model.weights.json", "renamed.weights.json")
    ]
    assert numpy.array_equal(loaded.layers[0].kernel, saved.layers[0].kernel)
    where = json.loads(pathlib.Path("model.weights.json").read_text(encoding="utf-8"))["weight_map"]
    missing = [name for names in where.values() for name in names if not pathlib.Path(name).exists()]
    assert set(missing) == {"model_00001.weights.h5"}, missing
    pathlib.Path("elsewhere.h5").rename(missing[0])
    loaded.load_weights("model.weights.json")
    assert caught.apart(loaded(caught.BATCH), saved(caught.BATCH)) == 0
    return caught.Case("with the shard beside its map it loads, and gives the same answers", errors)


def g02(folder: pathlib.Path) -> caught.Case:
    """Exchange a shard for the one of another save of the same model; then compare hashes."""
    older, newer, loaded = _model(seed=1), _model(seed=2), _model(seed=3)
    older.save_weights("older.weights.json", max_shard_size=SHARD)
    newer.save_weights("newer.weights.json", max_shard_size=SHARD)
    shards = sorted(pathlib.Path().glob("newer_*.weights.h5"))
    kept = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in shards}
    shutil.copy("older_00001.weights.h5", "newer_00001.weights.h5")
    loaded.load_weights("newer.weights.json")
    moved = min(caught.apart(loaded(caught.BATCH), one(caught.BATCH)) for one in (older, newer))
    assert moved > 0.01, moved
    other = [path.name for path in shards if hashlib.sha256(path.read_bytes()).hexdigest() != kept[path.name]]
    assert other == ["newer_00001.weights.h5"], other
    return caught.Case(
        "the hashes kept beside the map name the one shard that is another",
        measured="no error, and answers that differ from those of both saves by more than 0.01",
    )


def g03(folder: pathlib.Path) -> caught.Case:
    """Shards that are smaller than the largest array; then a little larger."""
    model = _model()
    with caught.error(ValueError) as seen:
        model.save_weights("model.weights.json", max_shard_size=1e-5)
    largest = max(weight.numpy().nbytes for weight in model.weights)
    model.save_weights("model_2.weights.json", max_shard_size=1.1 * largest / 2**30)
    loaded = _model(seed=1)
    loaded.load_weights("model_2.weights.json")
    assert caught.apart(loaded(caught.BATCH), model(caught.BATCH)) == 0
    return caught.Case("with shards that hold the largest array it saves and loads", [seen])


def g04(folder: pathlib.Path) -> caught.Case:
    """A folder with the suffix of a zip; then without."""
    model = _model()
    with caught.error(ValueError) as seen:
        model.save("model.keras", zipped=False)
    model.save("model", zipped=False)
    loaded = keras.models.load_model("model")
    assert caught.apart(loaded(caught.BATCH), model(caught.BATCH)) == 0
    return caught.Case("the folder loads, and gives the same answers", [seen])


def g05(folder: pathlib.Path) -> caught.Case:
    """Save under mixed_float16, load under float32; then under the policy, and with a wrapper in the file."""
    before = keras.config.dtype_policy()
    try:
        keras.config.set_dtype_policy("mixed_float16")
        _train(_compiled(_model())).save("model.keras")
        wrapper = keras.optimizers.LossScaleOptimizer(keras.optimizers.Adam(0.01))
        _train(_compiled(_model(), wrapper)).save("wrapped.keras")
        under_policy = keras.models.load_model("model.keras")
        keras.config.set_dtype_policy("float32")
        with caught.warned() as said:
            lost, wrapped = (keras.models.load_model(f"{name}.keras") for name in ("model", "wrapped"))
    finally:
        keras.config.set_dtype_policy(before)
    steps = [int(one.optimizer.iterations) for one in (lost, under_policy, wrapped)]
    assert steps == [0, 8, 8], steps
    assert sum("Skipping variable loading" in line for line in said) == 1, said
    return caught.Case(
        "under the policy, or wrapped by hand before the save, the optimizer is back at its step",
        measured="a warning alone: the optimizer comes back at step 0 in place of 8",
    )


def g06(folder: pathlib.Path) -> caught.Case:
    """Policies that do not exist; then one that does."""
    before = keras.config.dtype_policy()
    calls = {
        "global": lambda: keras.config.set_dtype_policy("mixed_int8"),
        "layer": lambda: keras.layers.Dense(1, dtype="mixed_flaot16"),
    }
    errors = [caught.raised(call, ValueError) for call in calls.values()]
    assert keras.config.dtype_policy() == before
    assert keras.layers.Dense(1, dtype="mixed_float16").compute_dtype == "float16"
    return caught.Case("a policy of the list in the error works", errors)


def _rounded(model: keras.Model) -> keras.Model:
    model.quantize("int8")
    return model


def g07(folder: pathlib.Path) -> caught.Case:
    """Export a rounded model for LiteRT; then the float one, rounded by the converter."""
    rounded = _rounded(_model())
    with backend.conversions():
        seen = caught.raised(
            lambda: rounded.export("model.tflite", format="litert", verbose=False), Exception
        )
        sizes = {}
        for name, optimizations in {"float": [], "small": [tensorflow.lite.Optimize.DEFAULT]}.items():
            _model().export(f"{name}.tflite", format="litert", optimizations=optimizations, verbose=False)
            sizes[name] = pathlib.Path(f"{name}.tflite").stat().st_size
    assert sizes["small"] < sizes["float"] / 2, sizes
    return caught.Case("the converter rounds the float model, to less than half of its bytes", [seen])


def g08(folder: pathlib.Path) -> caught.Case:
    """Train a rounded model; then the float one, and round it afterwards."""
    rounded, whole = _compiled(_rounded(_model())), _compiled(_model())
    before = rounded.get_weights()
    _train(rounded)
    pairs = zip(rounded.weights, before, strict=True)
    moved = [weight.path.split("/")[-1] for weight, old in pairs if (weight.numpy() != old).any()]
    assert moved == ["bias", "bias"], moved
    first = whole.layers[0].kernel.numpy()
    _train(whole)
    assert (whole.layers[0].kernel.numpy() != first).any()
    answers = whole(caught.BATCH)
    assert caught.apart(_rounded(whole)(caught.BATCH), answers) < 0.1
    return caught.Case(
        "trained as float and rounded afterwards, its kernels have learned",
        measured="no error, and of kernels, scales and biases only the biases moved",
    )


def g09(folder: pathlib.Path) -> caught.Case:
    """Save and load a model with adapters, train on; then with its arrays given back."""
    live = _train(_compiled(_model()))
    live.layers[0].enable_lora(4)
    _train(_compiled(live)).save("lora.keras")
    numpy.savez("lora.npz", *live.get_weights())
    loaded, cured = (keras.models.load_model("lora.keras") for _ in range(2))
    cured.set_weights([*numpy.load("lora.npz").values()])
    for twin in (loaded, cured):
        assert caught.apart(twin(caught.BATCH), live(caught.BATCH)) < 1e-5
    for model in (live, loaded, cured):
        _train(model)
    moved = caught.apart(loaded(caught.BATCH), live(caught.BATCH))
    assert moved > 1e-3, moved
    assert caught.apart(cured(caught.BATCH), live(caught.BATCH)) < 1e-5
    return caught.Case(
        "with its arrays given back it trains on as the live model does",
        measured="no error, equal answers, and after more training they differ by more than 0.001",
    )


def g10(folder: pathlib.Path) -> caught.Case:
    """Load a model with adapters, compile and train it; then with one adapter drawn again."""
    live = _compiled(_model())
    live.layers[0].enable_lora(4)
    _train(_compiled(live)).save("lora.keras")
    moved = {}
    for kind in ("loaded", "drawn"):
        model = keras.models.load_model("lora.keras")
        layer = model.layers[0]
        if kind == "drawn":
            layer.lora_kernel_a.assign(keras.initializers.HeUniform()(layer.lora_kernel_a.shape))
        assert caught.apart(model(caught.BATCH), live(caught.BATCH)) < 1e-5
        before = layer.kernel.numpy()
        _train(_compiled(model))
        moved[kind] = bool((layer.kernel.numpy() != before).any())
    assert moved == {"loaded": False, "drawn": True}, moved
    return caught.Case(
        "with one adapter drawn again the answers are the same, and the kernel learns",
        measured="no error, and after two epochs every number of the kernel is what it was",
    )
