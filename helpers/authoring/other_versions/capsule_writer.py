"""Write one time capsule: `python writer.py DIGITS FOLDER`, on the TensorFlow of this very Python.

This file runs in environments of their own, on TensorFlow 2.5 to 2.21 and Python 3.8 or newer, and needs
nothing of the course. It writes three small models in every format that this TensorFlow writes, each from an
instance of its own, and `golden.npz` and `info.json` with what they answered and what wrote them.
"""

import json
import os
import pathlib
import platform
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import h5py
import numpy
import tensorflow
from tensorflow import keras

KERAS = getattr(keras, "__version__", None)
if KERAS is None:  # TensorFlow 2.6 to 2.15 say it elsewhere
    import keras as package

    KERAS = package.__version__
KERAS_2 = KERAS.startswith("2.")


@keras.utils.register_keras_serializable(package="capsules")
class Scaled(keras.layers.Layer):
    """A layer of one's own, registered: (rows, n) to (rows, units), a product times a factor."""

    def __init__(self, units, factor=2.0, **options):
        super().__init__(**options)
        self.units, self.factor = units, factor

    def build(self, input_shape):
        """Make the one weight."""
        self.kernel = self.add_weight(name="kernel", shape=(input_shape[-1], self.units))

    def call(self, inputs):
        """Return the product with the kernel times the factor."""
        return self.factor * tensorflow.matmul(inputs, self.kernel)

    def get_config(self):
        """Return every argument of the constructor."""
        config = super().get_config()
        config.update(units=self.units, factor=self.factor)
        return config


def load_digits(path):
    """Features (rows, 64) from 0 to 1 and labels (rows,), the rows to train on and the rows to test with."""
    with numpy.load(path) as stored:
        features = stored["images"].reshape(-1, 64).astype("float32") / 16
        labels = stored["labels"].astype("int64")
    order = numpy.random.RandomState(0).permutation(len(labels))
    train, test = order[360:], order[:360]
    return features[train], labels[train], features[test], labels[test]


def begin(model):
    """Give a model first weights that are the same on every TensorFlow."""
    random = numpy.random.RandomState(7)
    model.set_weights(
        [random.normal(0, 0.2, weight.shape).astype("float32") for weight in model.get_weights()]
    )
    return model


def trained(model, data, epochs):
    """Compile a model and train it: 45 steps an epoch, in the order of the rows."""
    begin(model).compile(
        optimizer=keras.optimizers.Adam(learning_rate=0.01),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    model.fit(data[0], data[1], batch_size=32, epochs=epochs, shuffle=False, verbose=0)
    return model


def digits(data):
    """A sequential model that reads digits: Dense 8 relu, Dense 10 softmax, trained for three epochs."""
    layers = [keras.layers.Dense(8, activation="relu"), keras.layers.Dense(10, activation="softmax")]
    return trained(keras.Sequential([keras.Input(shape=(64,)), *layers]), data, epochs=3)


def own(data):
    """A functional model with the registered layer, trained for one epoch."""
    inputs = keras.Input(shape=(64,))
    return trained(keras.Model(inputs, keras.layers.Softmax()(Scaled(10)(inputs))), data, epochs=1)


def gate(data):
    """One number in, its hard sigmoid out: a built-in activation and nothing else; not compiled."""
    layer = keras.layers.Dense(1, activation="hard_sigmoid")
    model = keras.Sequential([keras.Input(shape=(1,)), layer])
    model.set_weights([numpy.ones((1, 1), "float32"), numpy.zeros(1, "float32")])
    return model


def checkpoint(model, path):
    """What tf.train.Checkpoint writes of a model and its optimizer."""
    tensorflow.train.Checkpoint(model=model, optimizer=model.optimizer).save(os.path.join(path, "ckpt"))


def model_export(model, path):
    """What the method `export` writes, which newer versions have."""
    if not hasattr(model, "export"):
        raise NotImplementedError("this version has no export")
    model.export(path)


def model_save(model, path):
    """What `save` writes for a name without a suffix: a folder, in Keras 2 alone."""
    if not KERAS_2:
        raise NotImplementedError("this version writes no folder")
    model.save(path)


def weights_tf(model, path):
    """What `save_weights` writes for a name without a suffix: a checkpoint, in Keras 2 alone."""
    if not KERAS_2:
        raise NotImplementedError("this version writes no such weights")
    model.save_weights(os.path.join(path, "weights"))


WHOLE = {
    ".keras": lambda model, path: model.save(path),
    ".h5": lambda model, path: model.save(path),
    "_model_save": model_save,
    "_export": model_export,
    "_tf_save": lambda model, path: tensorflow.saved_model.save(model, path),
}
PARTS = {
    ".weights.h5": lambda model, path: model.save_weights(path),
    "_weights_tf": weights_tf,
    "_checkpoint": checkpoint,
}
MODELS = {"digits": (digits, {**WHOLE, **PARTS}), "own": (own, WHOLE), "gate": (gate, WHOLE)}


def main(source, target):
    """Write every format of every model, and what there is to know about them."""
    folder = pathlib.Path(target)
    folder.mkdir(parents=True)
    data = load_digits(source)
    asked = {
        "digits": data[2][:16],
        "own": data[2][:16],
        "gate": numpy.linspace(-4, 4, 17, dtype="float32")[:, None],
    }
    golden, saves, steps = {}, {}, {}
    for name, (make, formats) in MODELS.items():
        for suffix, save in formats.items():
            model = make(data)
            answers = model.predict(asked[name], verbose=0)
            first = golden.setdefault(name + "_answers", answers)
            # Each file comes from an instance of its own, so they have to agree before they are saved.
            assert numpy.allclose(first, answers, atol=1e-6), name + suffix
            golden[name + "_rows"] = asked[name]
            if getattr(model, "optimizer", None) is not None and name != "gate":
                steps[name] = int(model.optimizer.iterations.numpy())
            try:
                save(model, str(folder / (name + suffix)))
                saves[name + suffix] = "written"
            except Exception as error:  # what cannot be written is a result
                saves[name + suffix] = (str(error).strip().splitlines() or [type(error).__name__])[0]
    numpy.savez_compressed(folder / "golden.npz", **golden)
    info = {
        "written by": "helpers/authoring/other_versions/capsule_writer.py, on the TensorFlow below",
        "tensorflow": tensorflow.__version__,
        "keras": KERAS,
        "python": platform.python_version(),
        "numpy": numpy.__version__,
        "h5py": h5py.__version__,
        "steps": steps,
        "files": saves,
    }
    (folder / "info.json").write_text(json.dumps(info, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
