"""What settles the items of lesson 17."""

import contextlib
import pathlib

from helpers.lessons.lesson_17 import backends, workers
from helpers.tools.clinic.proofs import devices
import keras
import numpy
import tensorflow


def predict_replicas(folder: pathlib.Path) -> str:
    """Train with batch normalization on two devices, save, load on one, and compare answers."""
    with contextlib.chdir(folder):
        found = devices.elsewhere(devices.normalized)
    same = {kind: numbers[-1] < 1e-5 for kind, numbers in found.items()}
    assert same == {"apart": False, "synchronized": True}, same
    for kind, (one, other, copied, _) in found.items():
        assert copied == one and (one == other) == same[kind], found
        loaded = keras.models.load_model(folder / f"{kind}.keras")
        numpy.testing.assert_allclose(float(loaded.layers[0].moving_mean[0]), copied)
    assert found["apart"][-1] > 0.05, found
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
    with contextlib.chdir(folder):
        golden = numpy.array(devices.elsewhere(_saved_by_two))
    loaded = keras.models.load_model(folder / "two.keras")
    assert len(tensorflow.config.list_logical_devices("CPU")) == 1
    assert numpy.abs(loaded.predict(devices.ROWS, verbose=0) - golden).max() < 1e-5
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
    found = devices.elsewhere(devices.rows_at_a_time)
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


def deck_orbax(folder: pathlib.Path) -> str:
    """Give the state tree, which Keras hands to Orbax, to a model from the same configuration."""
    rows = keras.Input((8,))
    functional = keras.Model(rows, keras.layers.Dense(1)(keras.layers.Dense(4)(rows)))
    functional.compile(keras.optimizers.Adam(0.01), "mse", jit_compile=False)
    found = {}
    for kind, model in {"Sequential": devices.model(), "functional": functional}.items():
        loaded = devices.from_state_tree(devices.train(model))
        apart = numpy.abs(loaded(devices.ROWS) - model(devices.ROWS)).max()
        found[kind] = "trained" if apart < 1e-5 else "drawn"
    assert found == {"Sequential": "drawn", "functional": "trained"}, found
    return "Both have the right step. The kernel of the Sequential was not found, those of the other were."


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


def _saved_by_two() -> list[list[float]]:
    with devices.strategy(2).scope():
        model = devices.model()
    devices.train(model).save("two.keras")
    return model.predict(devices.ROWS, batch_size=64, verbose=0).tolist()
