"""Judges of the exercises of lesson 01. The given cells write golden.npz into the scratch folder."""

import pathlib
import tempfile

from helpers import digits
from helpers.lessons import judgement
import keras
import numpy


def task_1(numbers: object) -> judgement.Verdict:
    """How many numbers the weights in stranger.keras hold."""
    stranger = keras.models.load_model("stranger.keras")
    count = stranger.count_params()
    if int(numbers) == count == float(numbers):
        return judgement.CORRECT
    kernels = sum(array.size for array in stranger.get_weights() if array.ndim == 2)
    with_optimizer = count + sum(variable.numpy().size for variable in stranger.optimizer.variables)
    known = {
        9610: "own-model",
        len(stranger.weights): "arrays",
        kernels: "biases",
        with_optimizer: "optimizer",
    }
    return judgement.Verdict(known.get(int(numbers), "other"), {"seen": numbers})


def task_2(loaded: object) -> judgement.Verdict:
    """The model that was sent: an HDF5 file under the name of a zip."""
    if not isinstance(loaded, keras.Model):
        return judgement.Verdict("no-model", {"seen": judgement.kind(loaded)})
    given = judgement.answers(loaded, (sent := numpy.load("sent.npz"))["batch"])
    apart = judgement.difference(given, sent["answers"])
    if apart <= 1e-5:
        return judgement.CORRECT
    own = judgement.difference(given, numpy.load("golden.npz")["answers"]) <= 1e-5
    return judgement.Verdict("own-model" if own else "answers", {"difference": apart})


def task_3(twin: object, model: keras.Model) -> judgement.Verdict:
    """A clone with the weights of the model, and a life of its own."""
    if not isinstance(twin, keras.Model):
        return judgement.Verdict("no-model", {"seen": judgement.kind(twin)})
    if twin is model:
        return judgement.Verdict("same-object")
    if judgement.weight_difference(twin, model) <= 1e-6:
        return judgement.CORRECT
    data = digits.load()
    reads = (judgement.answers(twin, data.test_features).argmax(axis=1) == data.test_labels).mean() > 0.5
    golden = numpy.load("golden.npz")
    if reads:
        return judgement.Verdict("retrained", {"difference": judgement.weight_difference(twin, model)})
    apart = judgement.difference(judgement.answers(twin, golden["batch"]), golden["answers"])
    return judgement.Verdict("untouched", {"difference": apart})


def task_4(portable: object) -> judgement.Verdict:
    """A model that takes scans (0 to 100, column by column) and answers as the golden batch says."""
    if not isinstance(portable, keras.Model):
        return judgement.Verdict("no-model", {"seen": judgement.kind(portable)})
    golden = numpy.load("golden.npz")
    columns = golden["batch"].reshape(-1, 8, 8).transpose(0, 2, 1).reshape(-1, 64)
    model = keras.models.load_model("scanned.keras")
    given = judgement.answers(portable, 100 * columns)
    apart = judgement.difference(given, golden["answers"])
    if apart > 1e-4:
        half_done = {
            "unprepared": 100 * columns,
            "scaled-only": columns,
            "turned-only": 100 * golden["batch"],
        }
        for key, rows in half_done.items():
            if judgement.difference(given, judgement.answers(model, rows)) <= 1e-4:
                return judgement.Verdict(key)
        return judgement.Verdict("answers", {"difference": apart})
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "portable.keras")
        portable.save(path)
        again = judgement.answers(keras.models.load_model(path), 100 * columns)
    apart = judgement.difference(again, given)
    return judgement.Verdict("not-saved", {"difference": apart}) if apart > 1e-5 else judgement.CORRECT


def task_5(found: object) -> judgement.Verdict:
    """What pupil.keras says of its training, looked up in the file; "lost" for what no file keeps."""
    pupil, page = (keras.models.load_model(f"{name}.keras") for name in ("pupil", "scanned"))
    truth = {name: ask(pupil) for name, ask in _KEPT.items()} | dict.fromkeys(_LEFT_BEHIND, "lost")
    if not isinstance(found, dict):
        return judgement.Verdict("no-dictionary", {"seen": judgement.kind(found)})
    open_ones = [name for name in truth if found.get(name, ...) is ...]
    if open_ones:
        return judgement.Verdict("unfilled", {"seen": len(open_ones), "topic": open_ones[0]})
    wrong = [name for name in truth if not _same(found[name], truth[name])]
    if not wrong:
        return judgement.CORRECT
    topic = wrong[0]
    facts = {"right": len(truth) - len(wrong), "topic": topic, "seen": found[topic]}
    if topic in _LEFT_BEHIND:
        return judgement.Verdict("never-there", facts)
    if _same(found[topic], "lost"):
        return judgement.Verdict("not-lost", facts)
    return judgement.Verdict("own-model" if _same(found[topic], _KEPT[topic](page)) else "wrong", facts)


_KEPT = {
    "units": lambda model: int(model.layers[0].units),
    "steps": lambda model: int(model.optimizer.iterations),
    "learning rate": lambda model: float(model.optimizer.learning_rate),
    "loss": lambda model: model.loss,
}
_LEFT_BEHIND = ("epochs", "author")


def _same(given: object, wanted: object) -> bool:
    """Whether an entry is what the file says: a text as it stands, a number to one part in a thousand."""
    if isinstance(wanted, str) or isinstance(given, str):
        return isinstance(given, str) and given == wanted
    return abs(float(given) - wanted) <= 1e-3 * abs(wanted)
