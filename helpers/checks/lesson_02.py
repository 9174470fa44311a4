"""Judges of the exercises of lesson 02. The given cells write their files into the scratch folder."""

import pathlib

from helpers import digits
from helpers.checks import common
import keras
import numpy


def task_1(path: object) -> common.Verdict:
    """The name of a .keras file that holds the model of the notebook."""
    name = str(path)
    facts = {"seen": name}
    if not pathlib.Path(name).suffix:
        return common.Verdict("no-suffix", facts)
    if not pathlib.Path(name).is_file():
        return common.Verdict("no-file", facts)
    if name.endswith(".weights.h5"):
        return common.Verdict("weights", facts)
    if name.endswith((".h5", ".hdf5")):
        return common.Verdict("legacy", facts)
    try:
        loaded = keras.models.load_model(name)
    except ValueError:
        return common.Verdict("other", facts)
    apart = _from_golden(common.answers(loaded, _golden()["batch"]))
    return common.CORRECT if apart <= 1e-5 else common.Verdict("answers", {**facts, "difference": apart})


def task_2(artefact: object) -> common.Verdict:
    """What tensorflow.saved_model.load returns for an export of the model."""
    if isinstance(artefact, keras.Model):
        return common.Verdict("keras-model")
    if not hasattr(artefact, "serve"):
        loaded = hasattr(artefact, "signatures")
        return (
            common.Verdict("no-serve")
            if loaded
            else common.Verdict("not-loaded", {"seen": common.kind(artefact)})
        )
    apart = _from_golden(artefact.serve(_golden()["batch"]))
    return common.CORRECT if apart <= 1e-5 else common.Verdict("answers", {"difference": apart})


def task_3(rebuilt: object) -> common.Verdict:
    """The colleague's model: the saved weights, and the activation that goes with them."""
    if not isinstance(rebuilt, keras.Model):
        return common.Verdict("no-model", {"seen": common.kind(rebuilt)})
    apart = _from_golden(common.answers(rebuilt, _golden()["batch"]))
    if apart <= 1e-5:
        return common.CORRECT
    saved = keras.models.load_model("colleague.keras")
    weights_apart = common.weight_difference(rebuilt, saved)
    if weights_apart == float("inf"):
        return common.Verdict("shapes")
    if weights_apart <= 1e-6:
        return common.Verdict("activation", {"difference": apart})
    data = digits.load()
    reads = (common.answers(rebuilt, data.test_features).argmax(axis=1) == data.test_labels).mean() > 0.5
    return common.Verdict("retrained" if reads else "random", {"difference": weights_apart})


def task_4(resumed: object) -> common.Verdict:
    """The half-trained model of the file, one epoch of 45 steps further."""
    if not isinstance(resumed, keras.Model):
        return common.Verdict("no-model", {"seen": common.kind(resumed)})
    if getattr(resumed, "optimizer", None) is None:
        return common.Verdict("uncompiled")
    steps = int(resumed.optimizer.iterations)
    apart = common.weight_difference(resumed, keras.models.load_model("half.keras"))
    if steps == 135:
        # One epoch moves a weight by a few hundredths; another random start is much further away.
        return common.CORRECT if 0 < apart < 0.2 else common.Verdict("new-model", {"difference": apart})
    known = {90: "not-trained", 45: "recompiled"}
    return common.Verdict(known.get(steps, "steps"), {"seen": steps})


def task_5(large: object) -> common.Verdict:
    """A frozen body out of digits.keras with a head that tells digits of 5 and more from the others."""
    if not isinstance(large, keras.Model):
        return common.Verdict("no-model", {"seen": common.kind(large)})
    data = digits.load()
    given = common.answers(large, data.test_features)
    if given.shape != (len(data.test_labels), 1):
        return common.Verdict("shape", {"seen": given.shape})
    bodies = [layer for layer in _all_layers(large) if _kernel_shape(layer) == (64, 128)]
    if not bodies:
        return common.Verdict("body-gone")
    hidden = keras.models.load_model("digits.keras").layers[0].get_weights()
    moved = max(common.difference(*pair) for pair in zip(bodies[0].get_weights(), hidden, strict=True))
    if moved > 0:
        return common.Verdict("moved", {"difference": moved})
    if bodies[0].trainable_weights:
        return common.Verdict("not-frozen")
    share = float(((given[:, 0] > 0.5) == (data.test_labels >= 5)).mean())
    return common.CORRECT if share >= 0.85 else common.Verdict("untrained", {"share": share})


def task_6(best: object, history: object) -> common.Verdict:
    """The model of the best epoch, as the callback kept it."""
    if not isinstance(best, keras.Model):
        return common.Verdict("no-model", {"seen": common.kind(best)})
    losses = history.history.get("val_loss") if isinstance(history, keras.callbacks.History) else None
    if not losses:
        return common.Verdict("no-history", {"seen": common.kind(history)})
    data = digits.load()
    loss = keras.losses.SparseCategoricalCrossentropy()
    seen = float(loss(data.test_labels, common.answers(best, data.test_features)))
    if abs(seen - min(losses)) <= 1e-3:
        return common.CORRECT
    facts = {"seen": seen, "lowest": min(losses)}
    return common.Verdict("last" if abs(seen - losses[-1]) <= 1e-3 else "other", facts)


def _golden() -> dict[str, numpy.ndarray]:
    with numpy.load("golden.npz") as stored:
        return dict(stored)


def _from_golden(given: object) -> float:
    return common.difference(numpy.asarray(given), _golden()["answers"])


def _all_layers(model: keras.Model) -> list[keras.layers.Layer]:
    return [layer for layer in model._flatten_layers() if layer is not model]


def _kernel_shape(layer: keras.layers.Layer) -> tuple[int, ...] | None:
    kernel = getattr(layer, "kernel", None)
    return None if kernel is None else tuple(kernel.shape)
