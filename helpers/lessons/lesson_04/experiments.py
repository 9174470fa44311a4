"""What settles the items of lesson 04."""

import contextlib
import io
import json
import pathlib
import pickle
import pickletools
import unittest.mock
import warnings
import zipfile

import absl.logging
import h5py
from helpers import digits, fresh, models
import keras
import numpy
import tensorflow


def predict_formats(folder: pathlib.Path) -> str:
    """Try save with six names, and export."""
    model, written = models.sequential(), []
    for name in ("model.keras", "model.h5", "model", "model.tf", "model.pb", "model.zip"):
        try:
            models.sequential().save(folder / name)
            written.append(name)
        except ValueError:
            continue
    model.export(folder / "exported", verbose=False)
    assert written == ["model.keras", "model.h5"], written
    assert (folder / "exported" / "saved_model.pb").is_file()
    return f"Of six names save took {' and '.join(written)}. The SavedModel folder came from export alone."


def predict_trap(folder: pathlib.Path) -> str:
    """Save one instance as .h5 and then as .keras; save another as .keras alone."""
    trapped, alone = models.trained(epochs=2), models.trained(epochs=2)
    trapped.save(folder / "first.h5")
    trapped.save(folder / "then.keras")
    alone.save(folder / "alone.keras")
    found = [keras.models.load_model(folder / name).optimizer for name in ("then.keras", "alone.keras")]
    seen = [(type(optimizer).__name__, int(optimizer.iterations)) for optimizer in found]
    assert seen == [("RMSprop", 0), ("Adam", 90)], seen
    return (
        "From then.keras: RMSprop at step 0. From an instance that was never saved as .h5: Adam at step 90."
    )


def myth_hdf5(folder: pathlib.Path) -> str:
    """Open both kinds of .h5, and load the whole model without any code."""
    model = models.trained(epochs=1)
    model.save_weights(folder / "only.weights.h5")
    model.save(folder / "whole.h5")
    with h5py.File(folder / "whole.h5") as whole, h5py.File(folder / "only.weights.h5") as weights:
        layers = [
            layer["class_name"] for layer in json.loads(whole.attrs["model_config"])["config"]["layers"]
        ]
        bare = "model_config" not in weights.attrs
    loaded = keras.models.load_model(folder / "whole.h5")
    assert bare
    assert layers == ["InputLayer", "Dense", "Dense"]
    assert loaded.count_params() == 9610
    return f"whole.h5 names its layers ({', '.join(layers)}) and loads without code; the other names none."


def myth_everything(folder: pathlib.Path) -> str:
    """Ask a loaded export for its layers, its loss and a training step."""
    models.trained(epochs=1).export(folder / "exported", verbose=False)
    artefact = tensorflow.saved_model.load(str(folder / "exported"))
    missing = [name for name in ("layers", "loss", "optimizer", "fit") if not hasattr(artefact, name)]
    assert hasattr(artefact, "serve")
    assert missing == ["layers", "loss", "optimizer", "fit"]
    return f"The loaded folder answers at `serve`. It has no {', no '.join(missing)}."


def myth_structure(folder: pathlib.Path) -> str:
    """Read the layers inside a file as text, then load it in a process that has no code of the model."""
    model, rows = models.trained(epochs=1), digits.load().test_features[:32]
    model.save(folder / "digits.keras")
    numpy.savez(folder / "golden.npz", rows=rows, answers=model.predict(rows, verbose=0))
    with zipfile.ZipFile(folder / "digits.keras") as box:
        config = json.loads(box.read("config.json"))
        python = [name for name in box.namelist() if name.endswith(".py")]
    layers = [(layer["class_name"], layer["config"].get("units")) for layer in config["config"]["layers"]]
    load = """
import keras, numpy
rows, answers = numpy.load("golden.npz").values()
print(numpy.allclose(keras.models.load_model("digits.keras").predict(rows, verbose=0), answers, atol=1e-6))
"""
    with contextlib.chdir(folder), contextlib.redirect_stdout(io.StringIO()) as printed:
        fresh.run_cell(load)
    assert layers == [("InputLayer", None), ("Dense", 128), ("Dense", 10)], layers
    assert python == [], python
    assert printed.getvalue() == "True\n", printed.getvalue()
    return "The file names an input, Dense 128 and Dense 10. A process without model code: the same answers."


# What settles the items about lesson 04 that only the deck asks.


def _same(answers: object, others: object) -> bool:
    """Whether two tables of answers agree to six digits."""
    return numpy.allclose(answers, others, atol=1e-6)


def _noisy() -> keras.Sequential:
    """A model in which dropout makes training-mode answers vary."""
    keras.utils.set_random_seed(7)
    return keras.Sequential([keras.Input((64,)), keras.layers.Dropout(0.5), keras.layers.Dense(10)])


def deck_recommended(folder: pathlib.Path) -> str:
    """Save as .h5 and listen to what Keras logs."""
    with unittest.mock.patch.object(absl.logging, "warning") as warning:
        models.sequential().save(folder / "digits.h5")
    (said,) = [str(call.args[0]) for call in warning.call_args_list]
    assert "considered legacy" in said and "native Keras format" in said, said
    assert "my_model.keras" in said and "SavedModel" not in said, said
    return f"Keras says: {said[said.index('We recommend') :].split(' or ')[0]}."


def deck_quick(folder: pathlib.Path) -> str:
    """Save the same training as .h5 and as .keras, weigh both, load the .h5 and train on."""
    data, model, raised = digits.load(), models.trained(epochs=1), ""
    rows = data.test_features[:32]
    model.save(folder / "quick.keras")
    keras.models.load_model(folder / "quick.keras").save(folder / "quick.h5")
    sizes = [(folder / f"quick.{suffix}").stat().st_size for suffix in ("keras", "h5")]
    loaded = keras.models.load_model(folder / "quick.h5")
    same = _same(loaded(rows), model(rows))
    try:
        loaded.fit(data.train_features, data.train_labels, verbose=0)
    except ValueError as error:
        raised = str(error)
    loaded.compile(optimizer="adam", loss="sparse_categorical_crossentropy")
    anew = int(loaded.optimizer.iterations)
    loaded.fit(rows, data.test_labels[:32], verbose=0)
    assert max(sizes) < 1.1 * min(sizes), sizes
    assert same and raised.startswith("Unknown variable"), raised or "fit runs"
    assert (anew, int(loaded.optimizer.iterations)) == (0, 1)
    return "Same answers, nearly the same size. Then fit: Unknown variable. Compiled anew, it starts at 0."


class _Branching(keras.Model):
    """Layers in a dictionary of lists, added up at the end: (rows, 64) to (rows, 2)."""

    def __init__(self, **options: object) -> None:
        super().__init__(**options)
        self.branches = {
            "deep": [keras.layers.Dense(8, activation="relu"), keras.layers.Dense(2)],
            "short": [keras.layers.Dense(2)],
        }

    def call(self, inputs: keras.KerasTensor) -> keras.KerasTensor:
        total = 0
        for branch in self.branches.values():
            outputs = inputs
            for layer in branch:
                outputs = layer(outputs)
            total += outputs
        return total


def deck_single(folder: pathlib.Path) -> str:
    """Save a model of its own class, with branches in a dictionary of lists, and load it twice."""
    model, rows, raised = _Branching(), digits.load().test_features[:8], ""
    answers = model(rows)
    model.save(folder / "branching.keras")
    loaded = keras.models.load_model(folder / "branching.keras", custom_objects={"_Branching": _Branching})
    try:
        keras.models.load_model(folder / "branching.keras")
    except TypeError as error:
        raised = str(error)
    assert (folder / "branching.keras").is_file()
    assert len(loaded.weights) == 6 and _same(loaded(rows), answers)
    assert "Could not locate class '_Branching'" in raised, raised
    return "Two branches, 3 layers, 6 arrays: all came back from one file. Without the class it was refused."


def deck_graphs(folder: pathlib.Path) -> str:
    """Add a training-mode endpoint, call both endpoints, and ask for a graph tagged "train"."""
    model, rows, raised = _noisy(), digits.load().test_features[:8], ""
    archive = keras.export.ExportArchive()
    archive.track(model)
    signature = [tensorflow.TensorSpec((None, 64))]
    archive.add_endpoint("serve", lambda batch: model(batch, training=False), signature)
    archive.add_endpoint("vary", lambda batch: model(batch, training=True), signature)
    archive.write_out(str(folder / "two"), verbose=False)
    artefact = tensorflow.saved_model.load(str(folder / "two"))
    try:
        tensorflow.saved_model.load(str(folder / "two"), tags="train")
    except ValueError as error:
        raised = str(error)
    assert "one MetaGraph with tags ['serve']" in raised, raised
    assert _same(artefact.serve(rows), model(rows))
    assert not _same(artefact.vary(rows), artefact.vary(rows))
    return (
        "One graph, tagged serve, with two endpoints: one repeats its answers, one varies. No graph `train`."
    )


def deck_switch(folder: pathlib.Path) -> str:
    """Ask the model, its export, and the export inside a layer for training-mode answers."""
    model, rows, raised = _noisy(), digits.load().test_features[:8], ""
    model.export(folder / "exported", verbose=False)
    artefact = tensorflow.saved_model.load(str(folder / "exported"))
    layer = keras.layers.TFSMLayer(folder / "exported", call_endpoint="serve")
    try:
        artefact.serve(rows, training=True)
    except TypeError as error:
        raised = str(error)
    assert "unexpected keyword argument 'training'" in raised, raised
    assert not _same(model(rows, training=True), model(rows))
    assert _same(layer(rows, training=True), model(rows))
    return "The model varies with training=True, its export raises TypeError, a TFSMLayer answers as always."


def deck_slots(folder: pathlib.Path) -> str:
    """Count whose arrays are in the folder, then ask what was loaded to train."""
    tensorflow.saved_model.save(models.trained(epochs=1), str(folder / "out"))
    arrays = [name for name, _ in tensorflow.train.list_variables(str(folder / "out/variables/variables"))]
    moments = [name for name in arrays if name.startswith("optimizer/_variables")]
    loaded = tensorflow.saved_model.load(str(folder / "out"))
    missing = [name for name in ("fit", "compile", "loss", "layers") if not hasattr(loaded, name)]
    assert len(moments) == 8 and int(loaded.optimizer._iterations) == 45, arrays
    assert missing == ["fit", "compile", "loss", "layers"], missing
    return f"{len(moments)} arrays of Adam and its step, 45, are there. Missing: {', '.join(missing)}."


def deck_pickled(folder: pathlib.Path) -> str:
    """Pickle a model, weigh it beside a .keras, and open the pickle as a zip."""
    model, rows = models.trained(epochs=1), digits.load().test_features[:32]
    model.save(folder / "digits.keras")
    content = pickle.dumps(model)
    with zipfile.ZipFile(io.BytesIO(content)) as box:
        members = sorted(box.namelist())
    loaded = pickle.loads(content)
    steps = {operation.name for operation, _, _ in pickletools.genops(content)}
    assert len(content) > 0.99 * (folder / "digits.keras").stat().st_size
    assert members == ["config.json", "metadata.json", "model.weights.h5"], members
    assert "REDUCE" in steps, steps
    assert int(loaded.optimizer.iterations) == 45
    assert _same(loaded.predict(rows, verbose=0), model.predict(rows, verbose=0))
    return f"Not smaller than the .keras. Opened as a zip, the pickle holds {', '.join(members)}."


def deck_adam(folder: pathlib.Path) -> str:
    """Load a weights file into four compiled models, each prepared by another line."""
    trained, rows = models.trained(epochs=2), digits.load().test_features[:8]
    trained.save_weights(folder / "only.weights.h5")
    wanted = [variable.numpy() for variable in trained.optimizer.variables]
    lines = {
        "model.build": lambda model: model.build((None, 64)),
        "model.predict": lambda model: model.predict(rows, verbose=0),
        "iterations.assign": lambda model: model.optimizer.iterations.assign(90),
        "optimizer.build": lambda model: model.optimizer.build(model.trainable_variables),
    }
    whole = {}
    for name, line in lines.items():
        model = models.sequential(seed=3)
        model.compile(optimizer="adam", loss="sparse_categorical_crossentropy")
        line(model)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # "Skipping variable loading", the only sign
            model.load_weights(folder / "only.weights.h5")
        found = model.optimizer.variables
        whole[name] = len(found) == 10 and all(map(numpy.array_equal, found, wanted))
    assert [name for name, all_there in whole.items() if all_there] == ["optimizer.build"], whole
    return "All ten arrays of Adam came back after optimizer.build, and after none of the other three lines."


def deck_giveaway(folder: pathlib.Path) -> str:
    """Write a model in four ways that look as if they left the optimizer out; compare the files."""
    model = models.sequential()
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy")
    model.optimizer.build(model.trainable_variables)
    model.save(folder / "own.keras")
    model.save(folder / "asked.keras", include_optimizer=False)
    clone = keras.models.clone_model(model)
    clone.set_weights(model.get_weights())
    clone.save(folder / "clone.keras")
    model.trainable = False
    model.save(folder / "frozen.keras")
    keras.models.load_model(folder / "own.keras", compile=False).save(folder / "bare.keras")
    arrays = {}
    for path in sorted(folder.glob("*.keras")):
        with zipfile.ZipFile(path) as box, h5py.File(box.open("model.weights.h5")) as weights:
            arrays[path.stem] = len(weights["optimizer/vars"]) if "optimizer" in weights else 0
    assert arrays == {"own": 10, "asked": 10, "clone": 10, "frozen": 10, "bare": 0}, arrays
    assert int(clone.optimizer.iterations) == 0
    ratio = (folder / "asked.keras").stat().st_size / (folder / "bare.keras").stat().st_size
    assert ratio > 2, ratio
    counted = ", ".join(f"{name} {count}" for name, count in sorted(arrays.items()))
    return f"Arrays of Adam in the files: {counted}."


def deck_sigmoid(folder: pathlib.Path) -> str:
    """Compare today's hard_sigmoid with the values that Keras 2 gave, and look at what a file says of it."""
    points = numpy.array([-3.0, -2.5, -1.0, 0.0, 1.0, 2.5, 3.0], dtype="float32")
    keras_2 = numpy.array([0.0, 0.0, 0.3, 0.5, 0.7, 1.0, 1.0])  # recorded from Keras 2's own code
    today = numpy.array(keras.activations.hard_sigmoid(points))
    apart = numpy.abs(today - keras_2)
    assert numpy.allclose(today, numpy.clip(points / 6 + 0.5, 0, 1), atol=1e-6), today
    assert numpy.isclose(apart.max(), 1 / 12, atol=1e-6), apart
    model = keras.Sequential([keras.Input((8,)), keras.layers.Dense(16, activation="hard_sigmoid")])
    model.save(folder / "named.keras")
    with zipfile.ZipFile(folder / "named.keras") as box:
        config = json.loads(box.read("config.json"))
    assert config["config"]["layers"][1]["config"]["activation"] == "hard_sigmoid"
    return f"At -2.5: Keras 2 gave 0, today gives {today[1]:.3f}. The file holds the name, no formula."


def deck_cure(folder: pathlib.Path) -> str:
    """Save four trained instances as .h5, try a cure on each, save as .keras and load."""
    settings = {"loss": "sparse_categorical_crossentropy", "metrics": ["accuracy"]}
    models.trained(epochs=2).save(folder / "trained.keras")
    cures = {
        "a new Adam": lambda model: model.compile(optimizer="adam", **settings),
        "its own optimizer": lambda model: model.compile(optimizer=model.optimizer, **settings),
        "the .h5": lambda model: keras.models.load_model(folder / "first.h5"),
        "a clone": keras.models.clone_model,
    }
    found = {}
    for name, attempt in cures.items():
        trapped = keras.models.load_model(folder / "trained.keras")
        trapped.save(folder / "first.h5")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # the optimizers that do not fit are skipped
            (attempt(trapped) or trapped).save(folder / "then.keras")
            optimizer = keras.models.load_model(folder / "then.keras").optimizer
        found[name] = f"{type(optimizer).__name__} {int(optimizer.iterations)}"
    wanted = {
        "a new Adam": "Adam 0",
        "its own optimizer": "Adam 90",
        "the .h5": "Adam 0",
        "a clone": "RMSprop 0",
    }
    assert found == wanted, found
    return f"Class and step after each: {', '.join(f'{name}: {seen}' for name, seen in found.items())}."


def deck_root(folder: pathlib.Path) -> str:
    """Write a checkpoint under one name and read it under another; ask what notices."""
    path = tensorflow.train.Checkpoint(model=models.sequential(seed=1)).write(str(folder / "state"))
    other = models.sequential(seed=2)
    before = other.get_weights()
    status = tensorflow.train.Checkpoint(net=other).read(path)
    status.expect_partial()
    unchanged = all(map(numpy.array_equal, before, other.get_weights()))
    noticed = ""
    try:
        status.assert_existing_objects_matched()
    except AssertionError as error:
        noticed = str(error)
    assert unchanged
    assert other.built
    assert noticed.startswith("Found 4 Python objects that were not bound"), noticed
    tensorflow.train.Checkpoint(model=other).read(path).assert_existing_objects_matched()
    return "Read as `net`: no error, 4 of 4 arrays as before. The assertion says: 4 objects were not bound."
