"""Several devices, other backends, hubs."""

import json
import os
import pathlib
import runpy
import sys
import unittest.mock
import zipfile

from helpers.core import backend, processes
from helpers.tools.clinic.proofs import caught
import keras
import numpy
import tensorflow

ROWS = numpy.random.default_rng(5).random((64, 8)).astype("float32")
ROWS[32:] *= 3  # the part of the second device
SUMS = ROWS.sum(axis=1, keepdims=True)


def model(*layers: keras.layers.Layer) -> keras.Sequential:
    """A model that learns the sums of rows."""
    keras.utils.set_random_seed(7)
    made = keras.Sequential([keras.Input((8,)), *layers, keras.layers.Dense(1)])
    made.compile(keras.optimizers.Adam(0.01), "mse", jit_compile=False)
    return made


def train(made: keras.Model) -> keras.Model:
    """One step with all rows."""
    data = tensorflow.data.Dataset.from_tensor_slices((ROWS, SUMS)).batch(64, drop_remainder=True)
    made.fit(data, shuffle=False, verbose=0)
    return made


def strategy(devices: int = 1) -> tensorflow.distribute.Strategy:
    """A strategy over one device, or over parts of it, which have to be set before the first operation."""
    if devices > 1:
        parts = [tensorflow.config.LogicalDeviceConfiguration()] * devices
        (cpu,) = tensorflow.config.list_physical_devices("CPU")
        tensorflow.config.set_logical_device_configuration(cpu, parts)
    with backend.native_errors():
        return tensorflow.distribute.MirroredStrategy([f"CPU:{number}" for number in range(devices)])


def elsewhere(function: object) -> dict | list:
    """What a function answers in a new process, which can still have two devices."""
    result = processes.call(function)
    assert result.answer is not None, result.error or result.crash or "it did not end"
    return result.answer


def n01(folder: pathlib.Path) -> caught.Case:
    """Ask for the steps of a model under a strategy."""
    with strategy().scope():
        trained = model()
    train(trained)
    seen = caught.raised(lambda: int(trained.optimizer.iterations), TypeError)
    assert int(trained.optimizer.iterations.numpy()) == 1
    return caught.Case("with .numpy() it is at step 1", [seen])


def n02(folder: pathlib.Path) -> caught.Case:
    """Train a model from outside the scope inside it; then load it inside."""
    outside, one = model(), strategy()
    with one.scope():
        seen = caught.raised(lambda: outside.fit(ROWS, SUMS, verbose=0), RuntimeError)
    model().save("model.keras")
    with one.scope():
        inside = keras.models.load_model("model.keras")
    train(inside)
    assert int(inside.optimizer.iterations.numpy()) == 1
    return caught.Case("loaded inside the scope it trains", [seen])


def normalized() -> dict[str, list[float]]:
    """Save from two devices and load: the mean of each, that of the file, how far answers are apart."""
    two, found = strategy(2), {}
    for kind in ("apart", "synchronized"):
        with two.scope():
            layer = keras.layers.BatchNormalization(momentum=0.5, synchronized=kind == "synchronized")
            trained = model(layer)
        train(trained).save(f"{kind}.keras")
        means = [float(copy[0]) for copy in layer.moving_mean.value.values]
        loaded = keras.models.load_model(f"{kind}.keras")
        answers = [one.predict(ROWS, batch_size=64, verbose=0) for one in (trained, loaded)]
        found[kind] = [*means, float(loaded.layers[0].moving_mean[0]), caught.apart(*answers)]
    return found


def n03(folder: pathlib.Path) -> caught.Case:
    """Save a model with batch normalization from two devices, and load it."""
    found = elsewhere(normalized)
    assert found["synchronized"][-1] < 1e-5, found
    assert found["apart"][-1] > 0.05, found
    return caught.Case(
        "synchronized, the answers are the same", measured="loaded, the answers are apart by > 0.05"
    )


def _started(name: str) -> dict[str, object]:
    """Run the files with which Keras chooses its backend, as an import does that finds this variable set."""
    with unittest.mock.patch.dict(os.environ, KERAS_BACKEND=name), unittest.mock.patch.dict(sys.modules):
        chosen = runpy.run_path(keras.src.backend.config.__file__)["backend"]()
        with unittest.mock.patch.object(keras.src.backend.config, "_BACKEND", chosen):
            return runpy.run_path(keras.src.backend.__file__)


def n04(folder: pathlib.Path) -> caught.Case:
    """Backends that are not installed, and a name that is none; then the one that is here."""
    errors = [
        caught.raised(lambda: _started("jax"), ModuleNotFoundError),
        caught.raised(lambda: _started("tensorfow"), ValueError),
    ]

    assert _started("tensorflow")["backend"]() == keras.backend.backend()
    return caught.Case("with the name of a backend that is here, the import goes on", errors)


def n05(folder: pathlib.Path) -> caught.Case:
    """Load a file that names PyTorch's own Adam; then without its training, then with the name put right."""
    trained = train(model())
    trained.save("model.keras")
    _renamed("model.keras", "from_torch.keras", "keras.src.backend.torch.optimizers.torch_adam")
    seen = caught.raised(lambda: keras.models.load_model("from_torch.keras"), TypeError)
    loaded = keras.models.load_model("from_torch.keras", compile=False)
    assert caught.apart(loaded(ROWS), trained(ROWS)) == 0
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
    saved = model()
    saved.save("folder", zipped=False)
    assert caught.apart(keras.models.load_model("folder")(ROWS), saved(ROWS)) == 0
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


def rows_at_a_time() -> dict[str, int]:
    """How many rows of a batch of 64 a layer gets, on two devices."""
    two, found = strategy(2), {}
    keras.distribution.set_distribution(keras.distribution.DataParallel())
    layer = _Rows()
    train(model(layer))
    found["DataParallel"] = layer.seen[-1]
    keras.distribution.set_distribution(None)
    layer = _Rows()
    with two.scope():
        made = model(layer)
    train(made)
    found["MirroredStrategy"] = layer.seen[-1]
    return found


def n07(folder: pathlib.Path) -> caught.Case:
    """Count the rows that a layer gets at a time, of a batch of 64 on two devices."""
    found = elsewhere(rows_at_a_time)
    assert found["MirroredStrategy"] == 32, found
    assert found["DataParallel"] == 64, found
    return caught.Case(
        "under MirroredStrategy each device gets 32 rows", measured="DataParallel: 64 rows for one device"
    )


def from_state_tree(live: keras.Model) -> keras.Model:
    """What comes back from the configuration and the state tree of a model; Orbax holds both."""
    loaded = type(live).from_config(live.get_config())
    loaded.compile_from_config(live.get_compile_config())
    loaded.set_state_tree(live.get_state_tree())
    assert int(loaded.optimizer.iterations) == int(live.optimizer.iterations) > 0
    return loaded


def n08(folder: pathlib.Path) -> caught.Case:
    """Give the state tree of a model to one from the same configuration, and so with the cure."""
    written = model()
    cured = keras.Sequential.from_config(written.get_config())
    cured.compile_from_config(written.get_compile_config())
    apart = [caught.apart(from_state_tree(train(live))(ROWS), live(ROWS)) for live in (written, cured)]
    assert apart[1] < 1e-5, apart
    assert apart[0] > 0.05, apart
    return caught.Case(
        "from its configuration, the answers are the same", measured="as written, they are apart by > 0.05"
    )
