"""What settles the items of lesson 17."""

import os
import pathlib

from helpers.core import backend, processes
from helpers.lessons.lesson_17 import backends, workers
import keras
import numpy
import tensorflow

_ROWS = numpy.random.default_rng(5).random((64, 8)).astype("float32")
_ROWS[32:] *= 3  # the part of the second device
_SUMS = _ROWS.sum(axis=1, keepdims=True)


def predict_replicas(folder: pathlib.Path) -> str:
    """Train with batch normalization on two devices, save, load on one, and compare answers."""
    found = _elsewhere(_on_two_devices, str(folder))
    for kind, (one, other, copied, apart) in found.items():
        loaded = keras.models.load_model(folder / f"{kind}.keras")
        numpy.testing.assert_allclose(float(loaded.layers[0].moving_mean[0]), copied)
        assert (one == other) == (apart < 1e-5) == (kind == "synchronized"), found
    assert found["apart"][3] > 0.05, found
    return "The two devices had other means, the file has that of the first. Synchronized: the same answers."


def predict_backends(folder: pathlib.Path) -> str:
    """Load a file that PyTorch trained, as it is and without its training."""
    try:
        model = keras.models.load_model(backends.FROM_TORCH)
        raised = f"loaded at step {int(model.optimizer.iterations)}"
    except TypeError as error:
        raised = str(error).split(" cannot be imported")[0].split("module ")[-1]
    answering = keras.models.load_model(backends.FROM_TORCH, compile=False)
    golden = numpy.load(backends.GOLDEN)
    assert numpy.abs(answering.predict(golden["rows"], verbose=0) - golden["answers"]).max() < 1e-5
    assert raised == "keras.src.backend.torch.optimizers.torch_adam", raised
    return "The load ends at PyTorch's own Adam. With compile=False the answers are the same."


def myth_devices(folder: pathlib.Path) -> str:
    """Save under a strategy over two devices; load where there is one."""
    golden = numpy.array(_elsewhere(_saved_by_two, str(folder)))
    loaded = keras.models.load_model(folder / "two.keras")
    assert len(tensorflow.config.list_logical_devices("CPU")) == 1
    assert numpy.abs(loaded.predict(_ROWS, verbose=0) - golden).max() < 1e-5
    steps = int(loaded.optimizer.iterations)
    assert steps == 1, steps
    return "One device loads what two trained: the same answers, and Adam at its step."


def myth_jax(folder: pathlib.Path) -> str:
    """Read in the record what TensorFlow made of the files from JAX."""
    read = backends.record()["read"]["tensorflow"]
    found = {read[f"{kind} from jax"] for kind in ("layers", "keras.ops")}
    assert found == {"goes on from step 8"}, found
    return "Recorded: TensorFlow loads what JAX trained, and goes on from step 8, the last of JAX."


def deck_distribution(folder: pathlib.Path) -> str:
    """Count the rows that a layer gets at a time under DataParallel and under a strategy."""
    found = _elsewhere(_rows_at_a_time)
    assert found["MirroredStrategy"] == 32, found
    assert found["DataParallel"] == 64, f"{found['DataParallel']} rows"
    return "Of a batch of 64 DataParallel hands 64 rows to one device, MirroredStrategy 32 to each of two."


def deck_steps(folder: pathlib.Path) -> str:
    """Load one layer from the checkpoint of step 4 and the other from that of step 8."""
    workers.run(str(folder / "run"), until=8)
    at = {step: workers.network() for step in (4, 8)}
    for step, model in at.items():
        tensorflow.train.Checkpoint(model=model).restore(
            str(folder / "run" / f"ckpt-{step}")
        ).expect_partial()
    mixed = workers.network()
    for place, step in enumerate(at):
        mixed.layers[place].set_weights(at[step].layers[place].get_weights())
    rows = workers.some_rows()
    apart = {step: float(numpy.abs(mixed(rows) - model(rows)).max()) for step, model in at.items()}
    assert min(apart.values()) > 0.01, apart
    return "No error, and answers that neither the model of step 4 nor that of step 8 gives."


def deck_standin(folder: pathlib.Path) -> str:
    """Hand a KerasTensor to a layer with tensorflow.tanh and to one with keras.ops.tanh."""
    found = {}
    for name, function in {"tensorflow": tensorflow.tanh, "keras.ops": keras.ops.tanh}.items():
        try:
            found[name] = tuple(function(keras.KerasTensor((None, 4))).shape)
        except ValueError as error:
            found[name] = str(error).split(" to ")[0]
    assert found["keras.ops"] == (None, 4), found
    assert found["tensorflow"] == "A KerasTensor cannot be used as input", found
    return "tensorflow.tanh refuses the KerasTensor, keras.ops.tanh returns one of the same shape."


def _elsewhere(function: object, *arguments: str) -> dict | list:
    """What a function answers in a process that can still have two devices."""
    result = processes.call(function, *arguments)
    assert result.answer is not None, result.error or result.crash or "it did not end"
    return result.answer


def _two() -> tensorflow.distribute.Strategy:
    (cpu,) = tensorflow.config.list_physical_devices("CPU")
    parts = [tensorflow.config.LogicalDeviceConfiguration()] * 2
    tensorflow.config.set_logical_device_configuration(cpu, parts)
    with backend.native_errors():
        return tensorflow.distribute.MirroredStrategy(["CPU:0", "CPU:1"])


def _model(*layers: keras.layers.Layer) -> keras.Model:
    keras.utils.set_random_seed(7)
    model = keras.Sequential([keras.Input((8,)), *layers, keras.layers.Dense(1)])
    model.compile(keras.optimizers.Adam(0.01), "mse", jit_compile=False)
    return model


def _train(model: keras.Model) -> keras.Model:
    data = tensorflow.data.Dataset.from_tensor_slices((_ROWS, _SUMS)).batch(64, drop_remainder=True)
    model.fit(data, shuffle=False, verbose=0)
    return model


def _on_two_devices(folder: str) -> dict[str, list[float]]:
    """For both kinds: the mean on each device, the one in the file, and how far loaded answers are."""
    strategy, found = _two(), {}
    for kind in ("apart", "synchronized"):
        with strategy.scope():
            layer = keras.layers.BatchNormalization(momentum=0.5, synchronized=kind == "synchronized")
            model = _model(layer)
        path = os.path.join(folder, f"{kind}.keras")
        _train(model).save(path)
        means = [float(copy[0]) for copy in layer.moving_mean.value.values]
        loaded = keras.models.load_model(path)
        answers = [one.predict(_ROWS, batch_size=64, verbose=0) for one in (model, loaded)]
        copied = float(loaded.layers[0].moving_mean[0])
        assert copied == means[0], f"means {means}, in the file {copied}"
        found[kind] = [*means, copied, float(numpy.abs(answers[0] - answers[1]).max())]
    return found


def _saved_by_two(folder: str) -> list[list[float]]:
    strategy = _two()
    with strategy.scope():
        model = _model()
    _train(model).save(os.path.join(folder, "two.keras"))
    return model.predict(_ROWS, batch_size=64, verbose=0).tolist()


class _Rows(keras.layers.Layer):
    """Notes how many rows it gets."""

    def call(self, rows: tensorflow.Tensor) -> tensorflow.Tensor:
        self.seen = [*getattr(self, "seen", []), rows.shape[0]]
        return rows


def _rows_at_a_time() -> dict[str, int]:
    strategy, found = _two(), {}
    keras.distribution.set_distribution(keras.distribution.DataParallel())
    layer = _Rows()
    _train(_model(layer))
    found["DataParallel"] = max(filter(None, layer.seen))
    keras.distribution.set_distribution(None)
    layer = _Rows()
    with strategy.scope():
        model = _model(layer)
    _train(model)
    found["MirroredStrategy"] = max(filter(None, layer.seen))
    return found
