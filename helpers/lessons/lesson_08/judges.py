"""Judges of the exercises of lesson 08. The given cells write their files into the scratch folder."""

import pathlib
import shutil
import tempfile

from helpers import digits
from helpers.core import errors
from helpers.lessons import judgement
from helpers.lessons.lesson_08 import resuming
import keras
import numpy

EPOCHS = 8  # of task 1
STEPS = EPOCHS * 20  # in batches of 32
RATE = 0.01 * 0.7**7  # what its schedule says in the last of them


def task_1(resumed: object) -> judgement.Verdict:
    """A model that ended in the weights of the uninterrupted training."""
    if not isinstance(resumed, keras.Model):
        return judgement.Verdict("no-model", {"seen": judgement.kind(resumed)})
    with numpy.load("whole.npz") as stored:
        whole = list(stored.values())
    weights = resumed.get_weights()
    if [one.shape for one in weights] != [one.shape for one in whole]:
        return judgement.Verdict("other-model")
    apart = _apart(weights, whole)
    if _apart(weights, keras.models.load_model("half.keras").get_weights()) == 0:
        return judgement.Verdict("untrained")
    optimizer = getattr(resumed, "optimizer", None)
    steps = int(optimizer.iterations) if optimizer else 0
    if steps < STEPS:
        return judgement.Verdict("fewer-steps", {"seen": steps, "expected": STEPS})
    if steps > STEPS:
        return judgement.Verdict("more-steps", {"seen": steps, "expected": STEPS})
    if getattr(getattr(resumed, "history", None), "epoch", None) == list(range(EPOCHS)):
        return judgement.Verdict("whole")
    if apart <= 1e-6:
        return judgement.CORRECT
    rate = float(numpy.asarray(optimizer.learning_rate))
    if abs(rate - RATE) > 1e-6:
        return judgement.Verdict("rate", {"seen": rate, "expected": RATE})
    return judgement.Verdict("order", {"difference": apart})


def task_2(keeper: object) -> judgement.Verdict:
    """A function from a path to a callback that keeps the best model there, over restarts."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        yesterday, today = pathlib.Path(folder, "yesterday"), pathlib.Path(folder, "today")
        yesterday.mkdir()
        first, path = str(yesterday / "first.keras"), str(yesterday / "judged.keras")
        callback = _made(keeper, first)
        if isinstance(callback, judgement.Verdict):
            return callback
        _fit(resuming.plain(), callback, epochs=1)
        if not pathlib.Path(first).exists():
            return judgement.Verdict("first-not-saved")
        good = resuming.plain()
        _fit(good, keeper(path), epochs=3)
        if _apart(_saved(path), good.get_weights()) > 0:
            return judgement.Verdict("best-not-saved")
        # A restart finds the files, and no object of the first run: a new place stands for the new process.
        path = str(shutil.copytree(yesterday, today) / "judged.keras")
        _fit(resuming.plain(), keeper(path), epochs=1)
        if _apart(_saved(path), good.get_weights()) > 0:
            return judgement.Verdict("overwritten")
        _fit(good, keeper(path), epochs=3)
        better = _apart(_saved(path), good.get_weights()) == 0
    return judgement.CORRECT if better else judgement.Verdict("better-not-saved")


def task_3(remember: object) -> judgement.Verdict:
    """A function that makes the callback which carries `best` and `wait` of an EarlyStopping."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        path = str(pathlib.Path(folder, "patience"))
        first = _Stopping()
        behind = _made(remember, first.stopping, path)
        if isinstance(behind, judgement.Verdict):
            return behind
        try:
            first.begin(behind)
        except Exception as error:  # no file is there yet, as above
            return judgement.Verdict("no-file-yet", {"seen": errors.one_line(error)})
        first.epochs([1.0, 0.5, 0.6, 0.6])  # and here the process is killed: no end of the training
        if not any(pathlib.Path(folder).iterdir()):
            return judgement.Verdict("no-file")
        second = _Stopping()
        second.begin(remember(second.stopping, path))
        held = second.stopping.best, second.stopping.wait
        # Two epochs without progress lie behind, so the third is the last; an uninterrupted run stops there.
        stopped = second.epochs([0.6, 0.6, 0.6, 0.6])
        if stopped == 1:
            return judgement.CORRECT
        if held[0] != 0.5:
            return judgement.Verdict("best", {"seen": held[0]})
        return judgement.Verdict("wait", {"seen": held[1], "stopped": stopped})


def _made(make: object, *arguments: object) -> keras.callbacks.Callback | judgement.Verdict:
    """The callback a learner's function makes in a first training, or the verdict on what it does instead."""
    if not callable(make):
        return judgement.Verdict("no-function", {"seen": judgement.kind(make)})
    try:
        callback = make(*arguments)
    except Exception as error:  # a first start is a case like any other, and a common slip
        return judgement.Verdict("no-file-yet", {"seen": errors.one_line(error)})
    if isinstance(callback, keras.callbacks.Callback):
        return callback
    return judgement.Verdict("no-callback", {"seen": judgement.kind(callback)})


class _Stopping:
    """An EarlyStopping with the learner's callback behind it, told of losses without any training."""

    def __init__(self) -> None:
        self.stopping = keras.callbacks.EarlyStopping(monitor="loss", patience=3)

    def begin(self, behind: keras.callbacks.Callback) -> None:
        self.model = resuming.plain()
        self.all = keras.callbacks.CallbackList([self.stopping, behind], model=self.model)
        self.all.on_train_begin()

    def epochs(self, losses: list[float]) -> int:
        """How many epochs ran before the training was stopped, or all of them."""
        for count, loss in enumerate(losses, start=1):
            self.all.on_epoch_begin(count)
            self.all.on_epoch_end(count, {"loss": loss})
            if self.model.stop_training:
                return count
        return len(losses)


def _fit(model: keras.Model, callback: keras.callbacks.Callback, epochs: int) -> None:
    """Train on one batch, step by step: for so few rows that is faster than tracing a graph."""
    rows = digits.load()
    tested = rows.test_features, rows.test_labels
    batch = [part[:64] for part in resuming.data]
    model.run_eagerly = True
    sizes = {"batch_size": len(batch[0]), "validation_batch_size": len(rows.test_labels)}
    model.fit(*batch, epochs=epochs, validation_data=tested, verbose=0, callbacks=[callback], **sizes)


def _saved(path: str) -> list[numpy.ndarray]:
    return keras.models.load_model(path).get_weights()


def _apart(left: list[numpy.ndarray], right: list[numpy.ndarray]) -> float:
    return max((judgement.difference(*pair) for pair in zip(left, right, strict=True)), default=0.0)
