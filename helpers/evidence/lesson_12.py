"""What settles the items of lesson 12."""

import pathlib

from ai_edge_litert import interpreter as litert
from helpers import digits, models, quiet
import numpy
import tensorflow


def predict_quantise(folder: pathlib.Path) -> str:
    """Quantise a model to int8 and compare its answers to all digits."""
    answers, found = _both(folder, "int8")
    apart = numpy.abs(found - answers).max()
    changed = int((found.argmax(axis=1) != answers.argmax(axis=1)).sum())
    assert apart > 1e-3
    assert 0 < changed < len(answers) / 50, changed
    return (
        f"Of {len(answers):,} digits {changed} got another class, and some probability moved by {apart:.3f}."
    )


def myth_same(folder: pathlib.Path) -> str:
    """Convert twice without an error, as floats and to float16, and compare both with Keras."""
    answers, floats = _both(folder, "float")
    _, halves = _both(folder, "float16")
    apart = [numpy.abs(found - answers).max() for found in (floats, halves)]
    assert apart[0] < 1e-5 < apart[1], apart
    return f"Neither conversion said a word. Floats differ by {apart[0]:.0e}, float16 by {apart[1]:.0e}."


def _both(folder: pathlib.Path, kind: str) -> tuple[numpy.ndarray, numpy.ndarray]:
    """What Keras and a LiteRT file of this kind answer to all digits, float32 (1797, 10) each."""
    model, data = models.trained(epochs=3), digits.load()
    features = numpy.concatenate([data.test_features, data.train_features])
    with quiet.conversions():
        model.export(folder / "exported", verbose=False)
        converter = tensorflow.lite.TFLiteConverter.from_saved_model(str(folder / "exported"))
        if kind != "float":
            converter.optimizations = [tensorflow.lite.Optimize.DEFAULT]
        if kind == "float16":
            converter.target_spec.supported_types = [tensorflow.float16]
        if kind == "int8":
            converter.representative_dataset = lambda: ([row[None]] for row in data.train_features[:200])
        runner = litert.Interpreter(model_content=converter.convert()).get_signature_runner()
        (found,) = runner(pixels=features).values()
    return model.predict(features, verbose=0), found
