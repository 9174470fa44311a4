"""A service and a bucket with versions, the monitor and the gate of a loop."""

import concurrent.futures
import pathlib
import threading
import time
import unittest.mock

from fastapi import testclient
import fsspec
from helpers.tools import serving, versions
from helpers.tools.clinic.proofs import caught
from helpers.tools.serving import watcher
import httpx
import keras
import numpy

_PREDICT = "/v1/models/digits:predict"


def _publish(model: keras.Model, **facts: object) -> int:
    with versions.publish("store", **facts) as draft:
        model.export(draft.folder, verbose=False)
    return draft.number


def _ask(client: httpx.Client) -> httpx.Response:
    return client.post(_PREDICT, json={"instances": numpy.asarray(caught.BATCH).tolist()})


def s01(folder: pathlib.Path) -> caught.Case:
    """A request while the only place is taken; then again, after it is free."""
    _publish(caught.trained())
    begun, go_on = threading.Event(), threading.Event()
    application = serving.application("digits", "store", serving.Limits(at_once=1, waiting=0))
    with testclient.TestClient(application) as client, concurrent.futures.ThreadPoolExecutor() as pool:
        version = application.state.keeper.version(1)
        ask = type(version).ask

        def slow(*asked: object) -> object:
            begun.set()
            go_on.wait()
            return ask(*asked)

        with unittest.mock.patch.object(type(version), "ask", slow):
            first = pool.submit(_ask, client)
            begun.wait()
            refused = _ask(client)
            go_on.set()
            assert first.result().status_code == 200
        assert refused.status_code == 503, refused.text
        time.sleep(float(refused.headers["Retry-After"]))
        assert _ask(client).status_code == 200
    return caught.Case(
        "asked again after the second that Retry-After says, it answers",
        measured=f"status 503: {refused.json()['error']}",
    )


def s03(folder: pathlib.Path) -> caught.Case:
    """A version whose upload broke off; then the next number, with `saved_model.pb` last."""
    caught.trained().export("version", verbose=False)
    bucket = fsspec.filesystem("memory")
    address = f"/clinic-{id(folder)}"
    bucket.put_file("version/saved_model.pb", f"{address}/1/saved_model.pb")
    keeper = watcher.Keeper(f"memory:/{address}")
    try:
        for _ in range(3):
            keeper.look()
        ((number, state, why),) = keeper.states()
        assert (number, state) == (1, "END") and "variables" in why, (state, why)

        files = [path for path in pathlib.Path("version").rglob("*") if path.is_file()]
        for path in sorted(files, key=lambda path: path.name == "saved_model.pb"):
            bucket.put_file(str(path), f"{address}/2/{path.relative_to('version').as_posix()}")
        keeper.look()
        assert keeper.version().number == 2
    finally:
        keeper.stop()
        bucket.rm(address, recursive=True)
    return caught.Case(
        "uploaded whole under the next number, it answers",
        measured=f"looked at three times, version 1 is never available: {why}",
    )


def _score(reference: numpy.ndarray, rows: numpy.ndarray) -> float:
    """How far the mean of each pixel has moved, in standard errors, on average; as in lesson 14."""
    used = reference.std(axis=0) > 0.05
    moved = numpy.abs(rows.mean(axis=0) - reference.mean(axis=0))[used]
    error = reference.std(axis=0)[used] * numpy.sqrt(1 / len(rows) + 1 / len(reference))
    return float(numpy.mean(moved / error))


def m01(folder: pathlib.Path) -> caught.Case:
    """A lamp that is darker for good, beside the reference of before; then beside a promoted one as well."""
    rows = caught.digits.load().train_features
    draw = numpy.random.default_rng(7)
    days = [rows[draw.choice(len(rows), 60, replace=False)] for _ in range(220)]
    references = [rows[:300]]
    limit = float(numpy.quantile([_score(references[0], day) for day in days[:200]], 0.99))
    darker = [0.7 * day for day in days[200:]]
    alarms = [min(_score(one, day) for one in references) > limit for day in darker]
    assert all(alarms), alarms

    references.append(0.7 * rows[:300])  # what the promoted version was trained on
    again = [min(_score(one, day) for one in references) > limit for day in darker]
    assert sum(again) <= 2, again
    return caught.Case(
        f"with the rows of a promoted version as a second reference, {sum(again)} of 20 days raise one",
        measured="the lamp is 30 % darker for good: an alarm on 20 of 20 days",
    )


def m02(folder: pathlib.Path) -> caught.Case:
    """A better candidate whose share was measured on harder rows; then both on the same rows."""
    features, labels = caught.digits.load()[2:4]

    def share(model: keras.Model, rows: numpy.ndarray) -> float:
        return float((numpy.argmax(model.predict_on_batch(rows), 1) == labels).mean())

    current, candidate = caught.models.trained(epochs=1), caught.trained()
    pictures = numpy.reshape(features, (-1, 8, 8))
    harder = numpy.reshape(numpy.roll(pictures, 1, axis=2), (-1, 64))  # a pixel to the right
    versions.promote("store", _publish(current, metrics={"accuracy": share(current, features)}))
    number = _publish(candidate, metrics={"accuracy": share(candidate, harder)})
    seen = caught.raised(lambda: versions.promote("store", number, metric="accuracy"), versions.Refused)

    number = _publish(candidate, metrics={"accuracy": share(candidate, features)})
    versions.promote("store", number, metric="accuracy")
    assert versions.current("store") == number
    return caught.Case("measured on the same rows it is better, and promoted", measured=seen.headline)
