"""Try the claims on another TensorFlow, and write down what held there: `python record.py FOLDER`.

This file runs in an environment of its own with an older TensorFlow (2.8 to 2.15, which bring Keras 2) and
needs nothing of the course. It writes FOLDER/tf-VERSION.toml: for each claim the cases tried and whether the
claim held in them. The tests read these files as recorded results and never run this one.
"""

import contextlib
import json
import logging
import os
import pathlib
import platform
import sys
import tempfile
import time
import warnings
import zipfile

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import h5py
import keras
import numpy
import tensorflow

ROWS = numpy.random.default_rng(0).normal(size=(64, 8)).astype("float32")
LABELS = (ROWS.sum(axis=1) > 0).astype("int64")


class Doubled(keras.layers.Layer):
    """A layer of one's own, not registered; its weights have names."""

    def build(self, input_shape: tuple) -> None:
        """Make the one weight."""
        self.kernel = self.add_weight("kernel", (input_shape[-1], 3))

    def call(self, inputs: tensorflow.Tensor) -> tensorflow.Tensor:
        """Twice the product with the kernel."""
        return 2 * tensorflow.matmul(inputs, self.kernel)


class Block(keras.Model):
    """A subclassed model with its layers in a list."""

    def __init__(self, **options: object) -> None:
        super().__init__(**options)
        self.parts = [keras.layers.Dense(4), keras.layers.Dense(3)]

    def call(self, inputs: tensorflow.Tensor) -> tensorflow.Tensor:
        """One part after the other."""
        for part in self.parts:
            inputs = part(inputs)
        return inputs


def small(*layers: keras.layers.Layer, compiled: bool = True) -> keras.Model:
    """A sequential model of 8 features; with an optimizer it is trained for two epochs."""
    last = [*layers] or [
        keras.layers.Dense(16, activation="relu"),
        keras.layers.Dense(3, activation="softmax"),
    ]
    model = keras.Sequential([keras.Input((8,)), *last])
    if compiled:
        model.compile(optimizer="adam", loss="sparse_categorical_crossentropy")
        model.fit(ROWS, LABELS, epochs=2, verbose=0)
    return model


def functional() -> keras.Model:
    """A functional model, not compiled."""
    inputs = keras.Input((8,))
    return keras.Model(inputs, keras.layers.Dense(3)(inputs))


def same(first: object, second: object) -> bool:
    """Whether two answers agree to 1e-6."""
    return bool(numpy.allclose(first, second, atol=1e-6))


def works(step: object) -> bool:
    """Whether a step runs to its end and does not return False; what it raised goes to the terminal."""
    try:
        return step() is not False
    except Exception as error:
        print("   ", type(error).__name__, str(error).strip().splitlines()[0][:150] if str(error) else "")
        return False


def written() -> set:
    """The kinds of files that `save` writes for a plain name, `.h5` and `.keras`, told by their content."""
    kinds = set()
    for name in ("plain", "whole.h5", "whole.keras"):
        with contextlib.suppress(Exception):
            small(compiled=False).save(name)
            hdf5 = os.path.isfile(name) and h5py.is_hdf5(name)
            kinds.add("folder" if os.path.isdir(name) else "HDF5" if hdf5 else "zip")
    return kinds


def advice() -> str:
    """What the library says when a model is saved as `.h5`."""
    said = []
    handler = logging.Handler()
    handler.emit = lambda line: said.append(line.getMessage())
    logging.getLogger("absl").addHandler(handler)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        small(compiled=False).save("advice.h5")
    logging.getLogger("absl").removeHandler(handler)
    return " ".join([*said, *(str(warning.message) for warning in caught)])


def saved_and_loaded(name: str = "my_model", **options: object) -> bool:
    """Save a trained model, load it, compare the answers."""
    model = small()
    model.save(name, **options)
    return same(keras.models.load_model(name)(ROWS), model(ROWS))


def called(model: keras.Model) -> bool:
    """Save with tf.saved_model.save, call what comes back."""
    tensorflow.saved_model.save(model, "called")
    return same(tensorflow.saved_model.load("called")(ROWS), model(ROWS))


def artefact(model: keras.Model) -> object:
    """What tf.saved_model.load gives for a model saved with tf.saved_model.save."""
    tensorflow.saved_model.save(model, "artefact")
    return tensorflow.saved_model.load("artefact")


def example_two() -> bool:
    """An own layer whose weights have no names, in a subclassed model: save, load, call."""

    class Nameless(keras.layers.Layer):
        def build(self, input_shape: tuple) -> None:
            self.kernel = self.add_weight(shape=(input_shape[-1], 3), initializer="random_normal")

        def call(self, inputs: tensorflow.Tensor) -> tensorflow.Tensor:
            return tensorflow.matmul(inputs, self.kernel)

    class Example(keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.first = Nameless()

        def call(self, inputs: tensorflow.Tensor) -> tensorflow.Tensor:
            return self.first(inputs)

    model = Example()
    model(ROWS)
    return called(model)


def subclassed_in_one_file() -> bool:
    """A subclassed model as `.h5` or `.keras`, loaded with its class."""
    model, found = Block(), False
    answers = model(ROWS)
    for name in ("block.h5", "block.keras"):
        with contextlib.suppress(Exception):
            model.save(name)
            found |= same(keras.models.load_model(name, custom_objects={"Block": Block})(ROWS), answers)
    return found


def training_mode(model: keras.Model) -> bool:
    """Whether what comes back answers in training mode, where dropout is on, as well as without."""
    loaded = artefact(model)
    return not same(loaded(ROWS, training=True), loaded(ROWS, training=False))


def unknown_layer(name: str, **options: object) -> bool:
    """Whether a load without the class raises an error that names it."""
    small(Doubled(), compiled=False).save(name, **options)
    try:
        keras.models.load_model(name)
    except Exception as error:
        return "Doubled" in str(error)
    return False


def fit_again(name: str) -> bool:
    """Save a trained model, load it, train it for another epoch."""
    small().save(name)
    keras.models.load_model(name).fit(ROWS, LABELS, verbose=0)
    return True


def same_in_memory() -> bool:
    """Whether a save as `.h5` leaves the model as it was: the next file still has the optimizer."""
    model = small()
    steps = int(model.optimizer.iterations)
    model.save("first.h5")
    model.save("then.h5")
    return int(keras.models.load_model("then.h5").optimizer.iterations) == steps


def weights_without_code() -> bool:
    """Save weights as `weights.h5`; whether that runs and loading them as a model does not."""
    small().save_weights("weights.h5")
    return not works(lambda: keras.models.load_model("weights.h5"))


def with_class(name: str) -> bool:
    """Load a model with an own layer by a plain name, with custom_objects."""
    model = small(Doubled(), compiled=False)
    model.save(name)
    return same(keras.models.load_model(name, custom_objects={"Doubled": Doubled})(ROWS), model(ROWS))


def not_called_before(*layers: keras.layers.Layer) -> bool:
    """Whether a model that declares its input can only be saved with its weights after it was called."""
    model = keras.Sequential(layers)
    tensorflow.saved_model.save(model, "not_called")
    return not (model.built and works(lambda: tensorflow.saved_model.load("not_called")(ROWS)))


def needs_code(model: keras.Model) -> bool:
    """Whether a whole `.h5` needs its architecture rebuilt before it loads."""
    model.save("whole.h5")
    return not same(keras.models.load_model("whole.h5")(ROWS), model(ROWS))


def only_weights(model: keras.Model) -> bool:
    """Whether a whole `.h5` has no architecture in it."""
    model.save("whole.h5")
    with h5py.File("whole.h5", "r") as file:
        return "model_config" not in file.attrs


def file_or_folder() -> bool:
    """Whether `save` with a plain name leaves something from which structure and weights come back."""
    return saved_and_loaded("plain_name") and os.path.exists("plain_name")


def dropped() -> keras.Model:
    """A model with dropout."""
    return small(keras.layers.Dropout(0.5), keras.layers.Dense(3), compiled=False)


CLAIMS = {
    "A04": {
        "what save writes": lambda: written() == {"folder", "HDF5"},
        "what the library advises": lambda: ".keras" not in advice(),
    },
    "A05": {
        "save writes it": lambda: "folder" in written(),
        "load_model reads it": lambda: saved_and_loaded("folder"),
        "the library advises it": lambda: ".keras" not in advice(),
    },
    "A06": {"a Sequential": lambda: (small().save("kept"), bool(keras.models.load_model("kept").layers))[1]},
    "A09": {
        "compiled": lambda: needs_code(small()),
        "not compiled": lambda: needs_code(small(compiled=False)),
    },
    "A11": {
        "compiled": lambda: only_weights(small()),
        "not compiled": lambda: only_weights(small(compiled=False)),
    },
    "A14": {"a Sequential": lambda: called(small()), "a functional model": lambda: called(functional())},
    "A15": {"a Sequential": lambda: hasattr(artefact(small()), "layers")},
    "A18": {
        "an Input layer": lambda: not_called_before(keras.Input((8,)), keras.layers.Dense(3)),
        "the argument input_shape": lambda: not_called_before(keras.layers.Dense(3, input_shape=(8,))),
    },
    "A19": {"the first example": lambda: called(small(compiled=False))},
    "A22": {"save, load, call": example_two},
    "A28": {"a Sequential": lambda: hasattr(artefact(small()), "fit")},
    "B07": {
        "a Sequential": lambda: saved_and_loaded("path"),
        "functional": lambda: functional().save("path"),
    },
    "B08": {"a plain name": file_or_folder},
    "B09": {"save and load_model": saved_and_loaded},
    "B14": {},
    "B16": {
        "a compiled model trains on": lambda: fit_again("compiled.h5"),
        "the model in memory stays as it was": same_in_memory,
    },
    "B29": {"a subclassed model": lambda: not subclassed_in_one_file()},
    "B37": {"tf.saved_model.save": lambda: training_mode(dropped())},
    "B45": {"save_weights, then load_model": weights_without_code},
    "B46": {"save and load_model": lambda: saved_and_loaded("full_model")},
    "B48": {
        "a folder of that name": lambda: unknown_layer("custom_model"),
        "an HDF5 file of that name": lambda: unknown_layer("custom_file", save_format="h5"),
    },
    "B49": {"a folder of that name": lambda: with_class("custom_model")},
    "B52": {"save, load_model, fit": lambda: fit_again("trainable_model")},
}
CLAIMS["B14"] = CLAIMS["A04"]


def capsule(path: pathlib.Path) -> None:
    """Write files of TensorFlow 2.15 for newer versions to load, with the answers it gave, into one zip."""
    folder = pathlib.Path("capsule")
    folder.mkdir()
    answers = {"rows": ROWS}
    for activation in ("relu", "hard_sigmoid"):
        layers = [keras.layers.Dense(16, activation=activation), keras.layers.Dense(3)]
        model = small(*layers, compiled=False)
        answers[activation] = model.predict(ROWS, verbose=0)
        for name in (f"{activation}.h5", f"{activation}.keras"):
            model.save(folder / name)
        model.save(folder / activation)
        (folder / activation / "keras_metadata.pb").exists() or sys.exit("not a folder of Keras 2")
    model = small(compiled=False)
    model.compile(keras.optimizers.Adam(0.01), "sparse_categorical_crossentropy")
    model.fit(ROWS, LABELS, epochs=2, verbose=0)
    answers["trained"] = model.predict(ROWS, verbose=0)
    model.save(folder / "trained.keras")
    numpy.savez(folder / "answers.npz", **answers)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as box:
        for part in sorted(folder.rglob("*")):
            if part.is_file():
                box.write(part, part.relative_to(folder))


def main(target: pathlib.Path) -> None:
    """Try every case in an empty folder of its own and write the findings."""
    versions = f"TensorFlow {tensorflow.__version__} with Keras {keras.__version__}"
    found = [f'versions = "{versions}, Python {platform.python_version()}"']
    found.append(f'recorded = "{time.strftime("%Y-%m")}"')
    for claim, cases in CLAIMS.items():
        found.append(f"\n[{claim}]")
        for name, case in cases.items():
            with tempfile.TemporaryDirectory() as folder:
                os.chdir(folder)
                tensorflow.random.set_seed(7)
                print(claim, name)
                found.append(f"{json.dumps(name)} = {str(works(case)).lower()}")
                os.chdir(target)
    name = f"tf-{tensorflow.__version__}"
    (target / f"{name}.toml").write_text("\n".join(found) + "\n", encoding="utf-8")
    if tensorflow.__version__.startswith("2.15."):
        with tempfile.TemporaryDirectory() as folder:
            os.chdir(folder)
            tensorflow.random.set_seed(7)
            capsule(target / f"{name}.zip")
            os.chdir(target)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]).resolve())
