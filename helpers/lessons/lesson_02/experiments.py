"""What settles the items of lesson 02."""

import collections.abc
import json
import pathlib
import warnings
import zipfile

from helpers import digits, models
import keras
import numpy
import tensorflow


def predict_optimizer(folder: pathlib.Path) -> str:
    """Train for two epochs, save, load, and compare the optimizers."""
    model = models.trained(epochs=2)
    model.save(folder / "digits.keras")
    loaded = keras.models.load_model(folder / "digits.keras")
    pairs = list(zip(model.optimizer.variables, loaded.optimizer.variables, strict=True))
    assert int(loaded.optimizer.iterations) == int(model.optimizer.iterations) == 90
    assert all(numpy.array_equal(*pair) for pair in pairs)
    return f"The loaded model stands at step 90, and all {len(pairs)} arrays of its optimizer are equal."


def myth_retrain(folder: pathlib.Path) -> str:
    """Ask a loaded .keras file and a loaded export for another step of training."""
    model, data = models.trained(epochs=1), digits.load()
    model.save(folder / "digits.keras")
    model.export(folder / "exported", verbose=False)
    loaded = keras.models.load_model(folder / "digits.keras")
    loaded.fit(data.train_features, data.train_labels, epochs=1, verbose=0)
    assert int(loaded.optimizer.iterations) == 90
    artefact = tensorflow.saved_model.load(str(folder / "exported"))
    assert not any(hasattr(artefact, name) for name in ("fit", "compile", "layers"))
    return "The .keras file went on from step 45 to 90. The export has no fit, no compile and no layers."


def myth_shapes(folder: pathlib.Path) -> str:
    """Load the weights into the same model, and into one whose hidden layer uses tanh."""
    model, rows = models.trained(epochs=4), digits.load().test_features
    model.save_weights(folder / "digits.weights.h5")
    answers = model.predict(rows, verbose=0)
    apart = {}
    for activation in ("relu", "tanh"):
        rebuilt = models.sequential()
        rebuilt.layers[0].activation = keras.activations.get(activation)
        rebuilt.load_weights(folder / "digits.weights.h5")
        apart[activation] = float(numpy.abs(rebuilt.predict(rows, verbose=0) - answers).max())
    assert apart["relu"] < 1e-6 and apart["tanh"] > 0.05, apart
    far = f"{apart['tanh']:.2f}"
    return f"Both loaded with no error. With relu the answers are equal; with tanh they are up to {far} away."


# What settles the items about lesson 02 that only the deck asks.


def _error(call: collections.abc.Callable[[], object]) -> str:
    """Class and text of the error that a call raises, or "nothing"."""
    try:
        call()
    except Exception as error:  # the class is part of what an experiment reports
        return f"{type(error).__name__}: {error}"
    return "nothing"


def _distance(answers: object, others: object) -> float:
    """The largest difference between two tables of answers."""
    return float(numpy.abs(numpy.asarray(answers) - numpy.asarray(others)).max())


def deck_suffix(folder: pathlib.Path) -> str:
    """Save under a name without a suffix and look at the disk; then save with one."""
    model = models.sequential()
    raised = _error(lambda: model.save(folder / "digits"))
    left = sorted(path.name for path in folder.iterdir())
    model.save(folder / "digits.keras")
    now = sorted(path.name for path in folder.iterdir())
    assert raised.startswith("ValueError: Invalid filepath extension"), raised
    assert (left, now) == ([], ["digits.keras"]), (left, now)
    return f"{raised.split('.')[0]}. The folder stayed empty; with the suffix it holds {now[0]}."


def deck_exists(folder: pathlib.Path) -> str:
    """Load an export, a text file without a suffix, a name that nobody wrote, and a damaged .keras."""
    model = models.sequential()
    model.export(folder / "exported", verbose=False)
    (folder / "notes").write_text("buy milk", encoding="utf-8")
    model.save(folder / "damaged.keras")
    content = bytearray((folder / "damaged.keras").read_bytes())
    content[len(content) // 2] ^= 1
    (folder / "damaged.keras").write_bytes(content)
    raised = {
        name: _error(lambda name=name: keras.models.load_model(folder / name))
        for name in ("exported", "notes", "nowhere", "damaged.keras")
    }
    alike = [
        name for name, text in raised.items() if text.startswith("ValueError: File format not supported")
    ]
    assert alike == ["exported", "notes", "nowhere"], raised
    assert raised["damaged.keras"] != "nothing"
    return "An export, a text file and a name that does not exist: File format not supported, three times."


def deck_parts(folder: pathlib.Path) -> str:
    """Save, list the directory, and open the file without Keras."""
    models.sequential().save(folder / "digits.keras")
    (path,) = folder.iterdir()
    with zipfile.ZipFile(path) as box:
        members = sorted(box.namelist())
        config = json.loads(box.read("config.json"))
    assert path.is_file()
    assert members == ["config.json", "metadata.json", "model.weights.h5"], members
    assert config["config"]["layers"][1]["config"]["units"] == 128
    return f"One file, {path.name}. Inside: {', '.join(members)}; the text in the first says 128 units."


def deck_pair(folder: pathlib.Path) -> str:
    """Save one trained model in four ways, load each with load_model, and train on."""
    data = digits.load()
    models.trained(epochs=1).save(folder / "full.keras")
    saves = {
        "full": lambda model, path: model.save(path),
        "exported": lambda model, path: model.export(path, verbose=False),
        "full.h5": lambda model, path: model.save(path),
    }
    refused = {}
    for name, save in saves.items():
        # A fresh instance for each: saving .h5 changes the model it saves.
        model = keras.models.load_model(folder / "full.keras")
        refused[f"save {name}"] = _error(lambda save=save, model=model, name=name: save(model, folder / name))
    loaded = {}
    for name in (*saves, "full.keras"):
        refused[f"load {name}"] = _error(
            lambda name=name: loaded.update({name: keras.models.load_model(folder / name)})
        )
    for name, model in loaded.items():
        refused[f"fit {name}"] = _error(
            lambda model=model: model.fit(data.train_features, data.train_labels, verbose=0)
        )
    raised = {step for step, text in refused.items() if text != "nothing"}
    assert raised == {"save full", "load full", "load exported", "fit full.h5"}, refused
    assert int(loaded["full.keras"].optimizer.iterations) == 90
    return (
        "No suffix: both lines raise. Export: load_model raises. HDF5: fit raises. Keras: step 45, then 90."
    )


def deck_called(folder: pathlib.Path) -> str:
    """Call what comes back from tf.saved_model.save, ask its signature, and ask an export of the model."""
    model, rows = models.sequential(), digits.load().test_features[:8]
    tensorflow.saved_model.save(model, str(folder / "out"))
    model.export(folder / "exported", verbose=False)
    loaded = tensorflow.saved_model.load(str(folder / "out"))
    artefact = tensorflow.saved_model.load(str(folder / "exported"))
    raised = _error(lambda: loaded(rows))
    signed = loaded.signatures["serving_default"](tensorflow.constant(rows))["output_0"]
    answers = model.predict(rows, verbose=0)
    assert raised.startswith("TypeError") and "not callable" in raised, raised
    assert _distance(signed, answers) < 1e-6
    assert not hasattr(loaded, "serve") and _distance(artefact.serve(rows), answers) < 1e-6
    return f"{raised}. Its signature and the serve of an export gave the model's answers."


def deck_dummy(folder: pathlib.Path) -> str:
    """Compare a model that declares its input with one that does not; neither is ever called."""
    declared = models.sequential()
    open_ended = keras.Sequential([keras.layers.Dense(10)])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Keras warns that nothing may be in the file; the evidence looks
        open_ended.save(folder / "open.keras")
    declared.save(folder / "declared.keras")
    loaded = [keras.models.load_model(folder / name) for name in ("declared.keras", "open.keras")]
    raised = _error(lambda: open_ended.export(folder / "exported", verbose=False))
    assert [model.built for model in (declared, open_ended)] == [True, False]
    assert [len(model.weights) for model in loaded] == [4, 0]
    assert "not yet been built" in raised, raised
    return "Never called: with keras.Input 4 arrays came back; without it none did, and export refused."


def deck_filename(folder: pathlib.Path) -> str:
    """Save weights under the old name and under the new one, and hand the file to load_model."""
    model = models.sequential()
    raised = _error(lambda: model.save_weights(folder / "weights.h5"))
    model.save_weights(folder / "digits.weights.h5")
    unread = _error(lambda: keras.models.load_model(folder / "digits.weights.h5"))
    assert "must end in `.weights.h5`" in raised, raised
    assert [path.name for path in folder.iterdir()] == ["digits.weights.h5"]
    assert unread.startswith("ValueError: No model config found"), unread
    return (
        f"{raised.split('. ')[0]}. A file with that name is written; load_model finds no model config in it."
    )


def deck_training(folder: pathlib.Path) -> str:
    """Save a compiled and an uncompiled model with the same line, train both on, compile one again."""
    data, compiled, bare = digits.load(), models.trained(epochs=1), models.sequential()
    raised, steps = {}, {}
    for name, model in {"compiled": compiled, "bare": bare}.items():
        model.save(folder / f"{name}.keras")
        loaded = keras.models.load_model(folder / f"{name}.keras")
        raised[name] = _error(
            lambda loaded=loaded: loaded.fit(data.train_features, data.train_labels, verbose=0)
        )
        steps[name] = int(loaded.optimizer.iterations) if hasattr(loaded, "optimizer") else None
    again = keras.models.load_model(folder / "compiled.keras")
    again.compile(optimizer="adam", loss="sparse_categorical_crossentropy")
    assert raised["compiled"] == "nothing" and "call `compile()`" in raised["bare"], raised
    assert steps == {"compiled": 90, "bare": None}, steps
    assert int(again.optimizer.iterations) == 0
    return (
        "Compiled: on from step 45 to 90. Uncompiled: fit asks for compile. Compiled again: back at step 0."
    )


def deck_rescue(folder: pathlib.Path) -> str:
    """Take the numbers of an export into layers built anew, and train on."""
    data, model = digits.load(), models.trained(epochs=1)
    model.export(folder / "exported", verbose=False)
    artefact = tensorflow.saved_model.load(str(folder / "exported"))
    raised = _error(lambda: keras.models.load_model(folder / "exported", compile=True))
    rebuilt = models.sequential(seed=1)
    rebuilt.set_weights([variable.numpy() for variable in artefact.variables])
    apart = _distance(rebuilt(data.test_features), model(data.test_features))
    rebuilt.compile(optimizer="adam", loss="sparse_categorical_crossentropy")
    rebuilt.fit(data.train_features, data.train_labels, verbose=0)
    before, after = (each.history.history["loss"][0] for each in (model, rebuilt))
    assert not hasattr(artefact, "compile") and "format not supported" in raised, raised
    assert apart < 1e-6 and after < 0.8 * before, (apart, before, after)
    return f"Rebuilt with its numbers: the same answers, and the loss fell from {before:.2f} to {after:.2f}."


def deck_recompile(folder: pathlib.Path) -> str:
    """Compile a loaded model in three ways, and ask its optimizer for its steps."""
    models.trained(epochs=2).save(folder / "digits.keras")
    ways = {
        "by name": lambda optimizer: "adam",
        "from its config": lambda optimizer: keras.optimizers.Adam.from_config(optimizer.get_config()),
        "itself": lambda optimizer: optimizer,
    }
    steps = {}
    for name, way in ways.items():
        model = keras.models.load_model(folder / "digits.keras")
        model.compile(optimizer=way(model.optimizer), loss="sparse_categorical_crossentropy")
        steps[name] = (int(model.optimizer.iterations), len(model.optimizer.variables))
    assert steps == {"by name": (0, 2), "from its config": (0, 2), "itself": (90, 10)}, steps
    return "Handed over itself, Adam stands at step 90 with 10 arrays. By name or config: step 0, 2 arrays."


def deck_frozen(folder: pathlib.Path) -> str:
    """Freeze a layer of a trained model without compiling again; train on, save and load."""
    model, data = models.trained(epochs=2), digits.load()
    kernel = model.layers[0].kernel.numpy()
    model.layers[0].trainable = False
    model.save(folder / "half.keras")
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always", UserWarning)
        loaded = keras.models.load_model(folder / "half.keras")
    skipped = [str(each.message) for each in said if "Skipping variable loading" in str(each.message)]
    assert int(model.optimizer.iterations) == 90 and int(loaded.optimizer.iterations) == 0
    assert len(skipped) == 1 and "6 variables" in skipped[0], skipped
    model.fit(data.train_features, data.train_labels, epochs=1, verbose=0)
    assert not numpy.allclose(model.layers[0].kernel, kernel, atol=1e-3)
    return "Saved at step 90, loaded at step 0, with a UserWarning. And `fit` still changed the frozen layer."


def deck_names(folder: pathlib.Path) -> str:
    """Load a trained .h5 into a model whose layers have other names, by name and in order."""
    trained = models.trained(epochs=1)
    trained.save(folder / "old.h5")
    changed, said = {}, []
    for by_name in (True, False):
        layers = [keras.layers.Dense(128, name="hidden"), keras.layers.Dense(10, name="answer")]
        model = keras.Sequential([keras.Input((64,)), *layers])
        before = model.get_weights()
        with warnings.catch_warnings(record=True) as heard:
            warnings.simplefilter("always", UserWarning)
            model.load_weights(folder / "old.h5", by_name=by_name)
        said += [each for each in heard if issubclass(each.category, UserWarning)]
        pairs = zip(before, model.get_weights(), strict=True)
        changed[by_name] = sum(not numpy.array_equal(*pair) for pair in pairs)
    assert changed == {True: 0, False: 4}, changed
    assert not said, said
    return "By name, 0 of 4 arrays were loaded; in order, 4 of 4. Neither load said anything."


def deck_mismatch(folder: pathlib.Path) -> str:
    """Load weights into a model with half as many units, first without and then with skip_mismatch."""
    models.sequential().save_weights(folder / "digits.weights.h5")
    narrow = keras.Sequential(
        [
            keras.Input((64,)),
            keras.layers.Dense(64, bias_initializer="ones"),
            keras.layers.Dense(10, bias_initializer="ones"),
        ]
    )
    before = narrow.get_weights()
    refused = ""
    try:
        narrow.load_weights(folder / "digits.weights.h5")
    except ValueError as error:
        refused = str(error)
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always", UserWarning)
        narrow.load_weights(folder / "digits.weights.h5", skip_mismatch=True)
    warned = [str(each.message) for each in said if "could not be loaded" in str(each.message)]
    unchanged = [numpy.array_equal(*pair) for pair in zip(before, narrow.get_weights(), strict=True)]
    assert "2 objects could not be loaded" in refused, refused
    assert len(warned) == 1 and warned[0].startswith("A total of 2 objects"), warned
    assert unchanged == [True] * 4, unchanged
    return "Without it a ValueError, with it a UserWarning, both about 2 layers. 4 of 4 arrays are as before."


def deck_order(folder: pathlib.Path) -> str:
    """Load weights into a model that creates its two layers the other way round, for three pairs of names."""

    class Pair(keras.Model):
        def __init__(self, used: tuple[str, str], created: tuple[str, str]) -> None:
            super().__init__()
            self.used = used
            for name in created:
                setattr(self, name, keras.layers.Dense(8))

        def call(self, inputs: keras.KerasTensor) -> keras.KerasTensor:
            first, second = (getattr(self, name) for name in self.used)
            return second(keras.ops.tanh(first(inputs)))

    rows, seen = numpy.random.default_rng(0).normal(size=(4, 8)), {}
    for names in (("query", "value"), ("encoder", "decoder"), ("first", "second")):
        saved, tidied = Pair(names, created=names), Pair(names, created=names[::-1])
        answers, _ = saved(rows), tidied(rows)
        saved.save_weights(folder / "pair.weights.h5")
        try:
            tidied.load_weights(folder / "pair.weights.h5")
            kernel = getattr(tidied, names[0]).kernel
            own, other = (numpy.array_equal(kernel, getattr(saved, name).kernel) for name in names)
            assert numpy.allclose(tidied(rows), answers, atol=1e-6) == own
            seen[names[0]] = "its own" if own else "the other's" if other else "neither's"
        except ValueError as error:
            seen[names[0]] = type(error).__name__
    assert seen == {"query": "the other's", "encoder": "its own", "first": "ValueError"}, seen
    return f"Numbers after the load: {', '.join(f'{name} {outcome}' for name, outcome in seen.items())}."


def deck_unbuilt(folder: pathlib.Path) -> str:
    """Save a model that does not know its input yet, in three ways."""
    model = keras.Sequential([keras.layers.Dense(10)])
    tensorflow.saved_model.save(model, str(folder / "empty"))
    loaded = tensorflow.saved_model.load(str(folder / "empty"))
    arrays = tensorflow.train.list_variables(str(folder / "empty" / "variables" / "variables"))
    assert list(loaded.signatures) == []
    # What a file without any array holds is its table of contents.
    assert [name for name, shape in arrays] == ["_CHECKPOINTABLE_OBJECT_GRAPH"], arrays
    assert {path.name for path in (folder / "empty").iterdir()} >= {"saved_model.pb", "variables"}
    refused = ""
    try:
        model.export(folder / "exported", verbose=False)
    except ValueError as error:
        refused = str(error)
    assert "has not yet been built" in refused, refused
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always", UserWarning)
        model.save(folder / "empty.keras")
    assert any("has not yet been built" in str(each.message) for each in said)
    assert keras.models.load_model(folder / "empty.keras").weights == []
    return "saved_model.save wrote 0 variables and 0 signatures with no error; export raised, .keras warned."
