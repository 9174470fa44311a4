"""Judges of the exercises of lesson 02. The given cells write their files into the scratch folder."""

import pathlib

from helpers import digits
from helpers.core import errors
from helpers.lessons import judgement
import keras
import numpy


def task_1(path: object) -> judgement.Verdict:
    """The name of a .keras file that holds the model of the notebook."""
    name = str(path)
    facts = {"seen": name}
    unzipped = pathlib.Path(name, "config.json").is_file()  # what save(..., zipped=False) leaves
    if not pathlib.Path(name).suffix and not unzipped:
        return judgement.Verdict("no-suffix", facts)
    if not pathlib.Path(name).is_file() and not unzipped:
        return judgement.Verdict("no-file", facts)
    if name.endswith(".weights.h5"):
        return judgement.Verdict("weights", facts)
    if name.endswith((".h5", ".hdf5")):
        return judgement.Verdict("legacy", facts)
    try:
        loaded = keras.models.load_model(name)
    except ValueError:
        return judgement.Verdict("other", facts)
    apart = _from_golden(judgement.answers(loaded, _golden()["batch"]))
    return (
        judgement.CORRECT if apart <= 1e-5 else judgement.Verdict("answers", {**facts, "difference": apart})
    )


def task_2(answer: object) -> judgement.Verdict:
    """A function that answers from the folder that tf.saved_model.save wrote."""
    if not callable(answer):
        return judgement.Verdict("no-function", {"seen": judgement.kind(answer)})
    with numpy.load("old_service.npz") as golden:
        rows, wanted = golden["batch"], golden["answers"]
    try:
        given = answer(rows)
    except (TypeError, ValueError) as error:  # what a signature says to a call it does not take
        return judgement.Verdict("raises", {"seen": errors.one_line(error)})
    if isinstance(given, dict):
        return judgement.Verdict("dictionary", {"seen": ", ".join(given)})
    apart = judgement.difference(numpy.asarray(given), wanted)
    if apart <= 1e-5:
        return judgement.CORRECT
    own = judgement.difference(numpy.asarray(given), _golden()["answers"]) <= 1e-5
    return judgement.Verdict("own-model" if own else "answers", {"difference": apart})


def task_3(rebuilt: object, said: object) -> judgement.Verdict:
    """The colleague's model: the saved weights, the activation that goes with them, and the proof."""
    if not isinstance(rebuilt, keras.Model):
        return judgement.Verdict("no-model", {"seen": judgement.kind(rebuilt)})
    with numpy.load("colleague.npz") as golden:
        apart = judgement.difference(judgement.answers(rebuilt, golden["batch"]), golden["answers"])
    if apart <= 1e-5:
        number = numpy.asarray(said)
        if number.ndim or not numpy.issubdtype(number.dtype, numpy.number):
            return judgement.Verdict("no-number", {"seen": judgement.kind(said)})
        facts = {"seen": float(number), "difference": apart}
        return judgement.CORRECT if abs(float(number) - apart) <= 1e-6 else judgement.Verdict("said", facts)
    layers = [keras.layers.Dense(128, activation="relu"), keras.layers.Dense(10, activation="softmax")]
    saved = keras.Sequential([keras.Input((64,)), *layers])
    saved.load_weights("colleague.weights.h5")
    weights_apart = judgement.weight_difference(rebuilt, saved)
    if weights_apart == float("inf"):
        return judgement.Verdict("shapes")
    if weights_apart <= 1e-6:
        return judgement.Verdict("activation", {"difference": apart})
    data = digits.load()
    reads = (judgement.answers(rebuilt, data.test_features).argmax(axis=1) == data.test_labels).mean() > 0.5
    return judgement.Verdict("retrained" if reads else "random", {"difference": weights_apart})


def task_4(resumed: object) -> judgement.Verdict:
    """The half-trained model of the file, one epoch of 45 steps further, at a tenth of its learning rate."""
    if not isinstance(resumed, keras.Model):
        return judgement.Verdict("no-model", {"seen": judgement.kind(resumed)})
    if getattr(resumed, "optimizer", None) is None:
        return judgement.Verdict("uncompiled")
    if not isinstance(resumed.optimizer, keras.optimizers.Adam):
        return judgement.Verdict("other-optimizer", {"seen": type(resumed.optimizer).__name__})
    steps = int(resumed.optimizer.iterations)
    apart = judgement.weight_difference(resumed, keras.models.load_model("half.keras"))
    if steps != 135:
        known = {90: "not-trained", 45: "recompiled"}
        return judgement.Verdict(known.get(steps, "steps"), {"seen": steps})
    # At 0.001 one epoch moves no weight further than 0.05, at 0.01 about 0.2; another random start is 1 away.
    if not 0 < apart < 0.5:
        return judgement.Verdict("new-model", {"difference": apart})
    rate = float(resumed.optimizer.learning_rate)
    if abs(rate - 1e-3) > 1e-6:
        return judgement.Verdict("rate", {"seen": rate})
    return judgement.CORRECT if apart <= 0.08 else judgement.Verdict("late", {"difference": apart})


def task_5(large: object) -> judgement.Verdict:
    """The frozen body of strange.keras with a head that tells digits of 5 and more from the others."""
    if not isinstance(large, keras.Model):
        return judgement.Verdict("no-model", {"seen": judgement.kind(large)})
    data = digits.load()
    given = judgement.answers(large, data.test_features)
    if given.shape != (len(data.test_labels), 1):
        return judgement.Verdict("shape", {"seen": given.shape})
    strange = keras.models.load_model("strange.keras")
    *body, _ = [layer for layer in strange.layers if layer.weights]
    gone = [layer.name for layer in body if not _holds(large.weights, layer.weights)]
    if gone:
        same_shapes = {tuple(variable.shape) for variable in large.weights}
        there = {tuple(variable.shape) for layer in body for variable in layer.weights} <= same_shapes
        kernels = [layer for layer in body if len(layer.weights) == 2]
        only_averages = all(_holds(large.weights, layer.weights) for layer in kernels)
        mistake = "averages" if only_averages else "moved"
        return judgement.Verdict(mistake if there else "body-gone", {"seen": ", ".join(gone)})
    if any(_holds(large.trainable_weights, layer.weights[:1]) for layer in body):
        return judgement.Verdict("not-frozen")
    if _holds(large.weights, strange.layers[-1].weights):
        return judgement.Verdict("on-answers")
    large_ones = given[:, 0] > 0.5
    share = float((large_ones == (data.test_labels >= 5)).mean())
    # A tenth of the digits are fives: a head that takes them for small is asked first, because a good one of
    # that kind is right on 85 of 100 too.
    if float((large_ones == (data.test_labels > 5)).mean()) > share + 0.05:
        return judgement.Verdict("five", {"share": share})
    return judgement.CORRECT if share >= 0.85 else judgement.Verdict("untrained", {"share": share})


def task_6(best: object, history: object) -> judgement.Verdict:
    """The model of the best epoch, as the callback kept it."""
    if not isinstance(best, keras.Model):
        return judgement.Verdict("no-model", {"seen": judgement.kind(best)})
    losses = history.history.get("val_loss") if isinstance(history, keras.callbacks.History) else None
    if not losses:
        return judgement.Verdict("no-history", {"seen": judgement.kind(history)})
    data = digits.load()
    loss = keras.losses.SparseCategoricalCrossentropy()
    rows, labels = data.train_features[1000:], data.train_labels[1000:]
    seen = float(loss(labels, judgement.answers(best, rows)))
    facts = {"seen": seen, "lowest": min(losses)}
    if abs(seen - min(losses)) <= 1e-3:
        return judgement.CORRECT if _stored(best) else judgement.Verdict("no-file", facts)
    # Adam learns the training rows by heart: their lowest loss is in the last epoch, or near it.
    late = (losses[-1], losses[int(numpy.argmin(history.history["loss"]))])
    return judgement.Verdict("last" if min(abs(seen - each) for each in late) <= 1e-3 else "other", facts)


def _stored(model: keras.Model) -> bool:
    """Whether a .keras or .weights.h5 file below the scratch folder holds the weights of this model."""
    for path in pathlib.Path().rglob("*.keras"):
        if judgement.weight_difference(keras.models.load_model(path, compile=False), model) <= 1e-6:
            return True
    for path in pathlib.Path().rglob("*.weights.h5"):
        twin = keras.models.clone_model(model)
        try:
            twin.load_weights(path)
        except ValueError:  # the weights of a model of another shape
            continue
        if judgement.weight_difference(twin, model) <= 1e-6:
            return True
    return False


def _golden() -> dict[str, numpy.ndarray]:
    with numpy.load("golden.npz") as stored:
        return dict(stored)


def _from_golden(given: object) -> float:
    return judgement.difference(numpy.asarray(given), _golden()["answers"])


def _holds(variables: list[keras.Variable], wanted: list[keras.Variable]) -> bool:
    """Whether each wanted array stands, to the bit, among the variables of a model."""
    arrays = [numpy.asarray(variable) for variable in variables]
    return all(
        any(numpy.array_equal(array, numpy.asarray(variable)) for array in arrays) for variable in wanted
    )
