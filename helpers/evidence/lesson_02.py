"""What settles the items of lesson 02."""

import pathlib

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
    return (
        f"Both loaded without a word. With relu the answers are equal; with tanh they are up to {far} away."
    )
