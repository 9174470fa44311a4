"""What settles the items of lesson 12."""

import contextlib
import pathlib

from ai_edge_litert import interpreter as litert
from helpers import digits, models
from helpers.core import backend
from helpers.lessons.lesson_12 import other_runtimes
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
    with backend.conversions():
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


# What settles the items of the deck that belong to lesson 12.


# One dense layer and a softmax, as in the lesson; helpers do not read notebooks.
FORWARD = """
#include <math.h>
void forward(const float *place, const float *end, float *values) {
  const int *shape = (const int *)place;
  const float *kernel = place + 2, *bias = kernel + shape[0] * shape[1];
  float sums[10], total = 0;
  for (int to = 0; to < shape[1]; to++) {
    sums[to] = bias[to];
    for (int from = 0; from < shape[0]; from++) sums[to] += values[from] * kernel[from * shape[1] + to];
  }
  for (int to = 0; to < shape[1]; to++) total += values[to] = expf(sums[to]);
  for (int to = 0; to < shape[1]; to++) values[to] /= total;
}
"""


def deck_engine(folder: pathlib.Path) -> str:
    """Ask a forward pass in C, or what it answered where there was a compiler, and compare with Keras."""
    reader, rows = models.model(), digits.load().test_features[:10]
    kernel, bias = reader.layers[-1].get_weights()
    with contextlib.chdir(folder):
        pathlib.Path("weights").write_bytes(
            numpy.int32(kernel.shape).tobytes() + kernel.tobytes() + bias.tobytes()
        )
        pathlib.Path("forward.c").write_text(FORWARD, encoding="utf-8")
        program = other_runtimes.c("forward.c")
        found = program("weights", rows)[0] if program else other_runtimes.recorded("C")
    apart = numpy.abs(found - reader.predict(rows, verbose=0)).max()
    assert apart < 1e-5
    where = "The function, built here," if program else "The function, as recorded elsewhere,"
    return f"{where} answers ten images as Keras does, to {apart:.0e}. It uses C's `expf` and no library."
