"""Several devices, other backends, hubs."""

import json
import pathlib
import unittest.mock
import zipfile

from helpers.core import processes
from helpers.tools.clinic.proofs import caught
import keras
import numpy
import tensorflow

ROWS = numpy.random.default_rng(3).random((64, 8)).astype("float32")
ROWS[32:] *= 3
SUMS = ROWS.sum(axis=1, keepdims=True)


def _model(*layers: keras.layers.Layer) -> keras.Sequential:
    model = keras.Sequential([keras.Input((8,)), *layers, keras.layers.Dense(1)])
    model.compile(keras.optimizers.Adam(0.01), "mse", jit_compile=False)
    return model


def _train(model: keras.Model) -> keras.Model:
    data = tensorflow.data.Dataset.from_tensor_slices((ROWS, SUMS)).batch(64, drop_remainder=True)
    model.fit(data, shuffle=False, verbose=0)
    return model


def _strategy(devices: int = 1) -> tensorflow.distribute.Strategy:
    return tensorflow.distribute.MirroredStrategy([f"CPU:{number}" for number in range(devices)])


def _two() -> tensorflow.distribute.Strategy:
    parts = [tensorflow.config.LogicalDeviceConfiguration()] * 2
    cpu = tensorflow.config.list_physical_devices("CPU")[0]
    tensorflow.config.set_logical_device_configuration(cpu, parts)
    return _strategy(2)


def _elsewhere(function: object) -> object:
    """What a function answers in a new process: two devices have to be set before the first operation."""
    result = processes.call(function)
    assert result.answer is not None, result.error or result.crash
    return result.answer


def n01(folder: pathlib.Path) -> caught.Case:
    """Ask for the steps of a model under a strategy."""
    with _strategy().scope():
        model = _model()
    _train(model)
    seen = caught.raised(lambda: int(model.optimizer.iterations), TypeError)
    assert int(model.optimizer.iterations.numpy()) == 1
    return caught.Case("with .numpy() it is at step 1", [seen])


def n02(folder: pathlib.Path) -> caught.Case:
    """Train a model from outside the scope inside it; then load it inside."""
    outside, strategy = _model(), _strategy()
    with strategy.scope():
        seen = caught.raised(lambda: outside.fit(ROWS, SUMS, verbose=0), RuntimeError)
    _model().save("model.keras")
    with strategy.scope():
        inside = keras.models.load_model("model.keras")
    _train(inside)
    assert int(inside.optimizer.iterations.numpy()) == 1
    return caught.Case("loaded inside the scope it trains", [seen])


def _moved() -> dict[str, float]:
    strategy, apart = _two(), {}
    for synchronized in (False, True):
        with strategy.scope():
            model = _model(keras.layers.BatchNormalization(momentum=0.5, synchronized=synchronized))
        _train(model).save("model.keras")
        loaded = keras.models.load_model("model.keras")
        answers = [one.predict(ROWS, batch_size=64, verbose=0) for one in (model, loaded)]
        apart[str(synchronized)] = caught.apart(*answers)
    return apart


def n03(folder: pathlib.Path) -> caught.Case:
    """Save a model with batch normalization from two devices, and load it."""
    apart = _elsewhere(_moved)
    assert apart["True"] < 1e-5, apart
    assert apart["False"] > 0.05, apart
    return caught.Case(
        "synchronized, the answers are the same", measured="loaded, the answers are apart by > 0.05"
    )


def n05(folder: pathlib.Path) -> caught.Case:
    """Load a file that names PyTorch's own Adam; then without its training, then with the name put right."""
    model = _train(_model())
    model.save("model.keras")
    _renamed("model.keras", "from_torch.keras", "keras.src.backend.torch.optimizers.torch_adam")
    seen = caught.raised(lambda: keras.models.load_model("from_torch.keras"), TypeError)
    loaded = keras.models.load_model("from_torch.keras", compile=False)
    assert caught.apart(loaded(ROWS), model(ROWS)) == 0
    _renamed("from_torch.keras", "mended.keras", "keras.optimizers")
    steps = int(keras.models.load_model("mended.keras").optimizer.iterations)
    assert steps == 1, steps
    return caught.Case("compile=False answers; with the name put right, Adam is at its step", [seen])


def _renamed(path: str, target: str, module: str) -> None:
    """Copy a .keras; the copy says that its optimizer lies in another module."""
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "config.json":
                config = json.loads(content)
                config["compile_config"]["optimizer"]["module"] = module
                content = json.dumps(config).encode("utf-8")
            new.writestr(name, content)


def n06(folder: pathlib.Path) -> caught.Case:
    """Ask for a model of a hub without its package; then load a folder."""
    with unittest.mock.patch("keras.src.saving.saving_lib.huggingface_hub", None):
        seen = caught.raised(lambda: keras.models.load_model("hf://library/sums"), ImportError)
    model = _model()
    model.save("folder", zipped=False)
    assert caught.apart(keras.models.load_model("folder")(ROWS), model(ROWS)) == 0
    return caught.Case("the folder of a model loads as a file does", [seen])


class _Rows(keras.layers.Layer):
    """Notes how many rows it gets at a time."""

    def __init__(self) -> None:
        super().__init__()
        self.seen = []

    def call(self, rows: tensorflow.Tensor) -> tensorflow.Tensor:
        """Change nothing."""
        self.seen.append(rows.shape[0])
        return rows


def _rows_at_a_time() -> dict[str, int]:
    strategy, found = _two(), {}
    keras.distribution.set_distribution(keras.distribution.DataParallel())
    layer = _Rows()
    _train(_model(layer))
    found["DataParallel"] = layer.seen[-1]
    keras.distribution.set_distribution(None)
    layer = _Rows()
    with strategy.scope():
        model = _model(layer)
    _train(model)
    found["MirroredStrategy"] = layer.seen[-1]
    return found


def n07(folder: pathlib.Path) -> caught.Case:
    """Count the rows that a layer gets at a time, of a batch of 64 on two devices."""
    found = _elsewhere(_rows_at_a_time)
    assert found["MirroredStrategy"] == 32, found
    assert found["DataParallel"] == 64, found
    return caught.Case(
        "under MirroredStrategy each device gets 32 rows", measured="DataParallel: 64 rows for one device"
    )
