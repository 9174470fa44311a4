"""A model in use: rows as it expects them, loads in the wrong place, versions, files that are pinned."""

import json
import pathlib

from helpers import digits
from helpers.tools.clinic.proofs import caught
from helpers.tools.serving import connections, local_server, service, tensors
import httpx
import keras
import numpy

FEATURES, LABELS = digits.load()[:2]


def _right(model: keras.Model, rows: numpy.ndarray) -> float:
    """The part of the rows of which a model names the digit."""
    return float((numpy.argmax(model.predict_on_batch(rows), 1) == LABELS).mean())


def i01(folder: pathlib.Path) -> caught.Case:
    """Scans of dark ink on light paper, for a model that learned light ink; then turned in the model."""
    model = caught.trained()
    scans = 1 - numpy.asarray(FEATURES)
    right, wrong = _right(model, FEATURES), _right(model, scans)
    assert wrong < right - 0.3, (right, wrong)

    turned = keras.Sequential([keras.Input((64,)), keras.layers.Rescaling(-1.0, offset=1.0), model])
    turned.save("model.keras")
    loaded = keras.models.load_model("model.keras")
    assert abs(_right(loaded, scans) - right) < 0.01
    return caught.Case(
        "with the preparation as a layer of the file, the scans get the digits as before",
        measured="no error, and rows that were not prepared as in training get other digits",
    )


def s06(folder: pathlib.Path) -> caught.Case:
    """A load inside the function that answers; then one load before all requests."""
    caught.trained().save("model.keras")
    loads = []

    def load() -> keras.Model:
        loads.append("load")
        return keras.models.load_model("model.keras")

    answers = [load()(caught.BATCH) for _ in range(3)]
    assert len(loads) == 3
    loads.clear()
    model = load()
    again = [model(caught.BATCH) for _ in range(3)]
    assert len(loads) == 1 and caught.apart(answers[-1], again[-1]) == 0
    return caught.Case(
        "loaded once before the requests, three requests take one load and get the same answers",
        measured="no error, and three requests have made three loads",
    )


def s07(folder: pathlib.Path) -> caught.Case:
    """A row with a value that is no number; then refused before the model sees it."""
    model = caught.trained()
    rows = numpy.array(caught.BATCH)
    rows[0, 0] = numpy.nan
    assert numpy.isnan(model(rows)[0]).all() and numpy.isfinite(model(rows)[1]).all()

    fine = numpy.isfinite(rows).all(axis=1)
    assert fine.tolist() == [False] + 7 * [True] and numpy.isfinite(model(rows[fine])).all()
    return caught.Case(
        "numpy.isfinite finds the row, and all others are answered",
        measured="no error, and every number of the answer to that row is nan",
    )


def s08(folder: pathlib.Path) -> caught.Case:
    """Names of versions compared as text; then as numbers."""
    for name in ("2", "9", "10"):
        (folder / "store" / name).mkdir(parents=True)
    names = [path.name for path in (folder / "store").iterdir()]
    assert max(names) == "9"

    assert max(names, key=int) == "10"
    return caught.Case(
        "compared as numbers, 10 is the newest",
        measured="no error, and of 2, 9 and 10 the last one as text is 9",
    )


def s10(folder: pathlib.Path) -> caught.Case:
    """Another file in the place of the one that was loaded; then loaded again."""
    first, second = caught.fresh(1), caught.fresh(2)
    first.save("model.keras")
    served = keras.models.load_model("model.keras")
    second.save("model.keras")
    assert caught.apart(served(caught.BATCH), first(caught.BATCH)) == 0

    served = keras.models.load_model("model.keras")
    assert caught.apart(served(caught.BATCH), second(caught.BATCH)) == 0
    return caught.Case(
        "loaded again, it answers as the new version",
        measured="no error, and after the promotion the loaded model answers as before",
    )


def s12(folder: pathlib.Path) -> caught.Case:
    """A request whose rows have another name; then the name that was agreed."""
    rows = numpy.asarray(caught.BATCH).tolist()
    seen = caught.raised(
        lambda: service.rows(json.dumps({"rows": rows}).encode(), len(rows[0])), tensors.BadRequest
    )

    taken = service.rows(json.dumps({"instances": rows}).encode(), len(rows[0]))
    assert (taken == caught.BATCH).all()
    return caught.Case('under "instances" the service takes the same rows', [seen])


def s13(folder: pathlib.Path) -> caught.Case:
    """An address where nothing listens; then one where a service does."""
    listener = connections.listener("127.0.0.1", 0)
    address = f"http://127.0.0.1:{listener.getsockname()[1]}/v1/models/digits"
    listener.close()
    seen = caught.raised(lambda: httpx.get(address, trust_env=False), httpx.ConnectError)

    (folder / "digits_service.py").write_text(
        "from helpers.tools.serving import service\n"
        "application = service.application('digits', lambda rows: rows.sum(axis=1), width=2)\n",
        encoding="utf-8",
    )
    running = local_server.Server("digits_service")
    try:
        reply = httpx.get(f"{running.address}/v1/models/digits", timeout=60, trust_env=False)
        assert reply.status_code == 200
    finally:
        running.stop()
    return caught.Case("with a service started, its address answers", [seen])
