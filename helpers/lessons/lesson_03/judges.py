"""Judges of the exercises of lesson 03. The given cells export the model into the scratch folder."""

import asyncio
import concurrent.futures
import json
import os
import pathlib
import unittest.mock

from helpers import digits
from helpers.core import errors
from helpers.lessons import judgement
from helpers.tools.serving import service
import httpx
import keras
import numpy
import tensorflow


def task_1(body: object) -> judgement.Verdict:
    """A request body for the readable lines of scans.txt: one with a number too many, one left out."""
    if not isinstance(body, dict):
        return judgement.Verdict("no-dictionary", {"seen": judgement.kind(body)})
    try:
        sent = json.dumps(body).encode()
    except TypeError as error:
        return judgement.Verdict("not-json", {"seen": str(error)})
    try:
        received = service.rows(sent, 64)
    except service.BadRequest as reason:
        return judgement.Verdict("refused", {"status": reason.status, "seen": str(reason)})
    lines = pathlib.Path("scans.txt").read_text(encoding="utf-8").splitlines()
    wanted = [line.split() for line in lines if "nan" not in line.split()]
    long = next(place for place, pixels in enumerate(wanted) if len(pixels) == 65)
    wanted[long] = wanted[long][1:]  # the number too many stands in front, and is no pixel
    rows = numpy.asarray(wanted, dtype="float32")
    if judgement.difference(received, rows) <= 1e-6:
        return judgement.CORRECT
    if len(received) == len(rows) + 1:
        return judgement.Verdict("invented")
    if len(received) == len(rows) - 1:
        return judgement.Verdict("dropped")
    if len(received) == len(rows):
        places = numpy.flatnonzero(numpy.abs(received - rows).max(axis=1) > 1e-6).tolist()
        return judgement.Verdict("cut" if places == [long] else "other-rows", {"seen": len(received)})
    return judgement.Verdict("other-rows", {"seen": len(received)})


def task_2(answer: object) -> judgement.Verdict:
    """A function that loads current.keras once, and again when the file has been replaced."""
    if not callable(answer) or isinstance(answer, type):
        return judgement.Verdict("no-function", {"seen": judgement.kind(answer)})
    rows = digits.load().test_features[:4]
    path = pathlib.Path("current.keras")
    kept, stamp = path.read_bytes(), path.stat().st_mtime_ns
    seen, wanted = [], []
    # Loads are counted; they still load, so that the answers can be judged.
    with (
        unittest.mock.patch("keras.models.load_model", wraps=keras.models.load_model) as file_loads,
        unittest.mock.patch("keras.saving.load_model", wraps=keras.saving.load_model) as saving_loads,
    ):
        try:
            for turn, name in enumerate(("first.keras", "second.keras", "first.keras"), start=1):
                path.write_bytes(pathlib.Path(name).read_bytes())
                os.utime(path, ns=(stamp, stamp + turn * 2_000_000_000))  # a file system may count seconds
                seen.append([numpy.asarray(answer(rows[:count])) for count in (1, 4, 1)][1])
                wanted.append(name)
            loads = file_loads.call_count + saving_loads.call_count
        finally:
            path.write_bytes(kept)
            os.utime(path, ns=(stamp, stamp + 8_000_000_000))
    models = {name: keras.models.load_model(name) for name in set(wanted)}
    apart = [
        judgement.difference(given, judgement.answers(models[name], rows))
        for given, name in zip(seen, wanted, strict=True)
    ]
    if max(apart) > 1e-5:
        stale = max(judgement.difference(given, seen[0]) for given in seen) <= 1e-5
        return judgement.Verdict("stale" if stale else "answers", {"difference": max(apart)})
    return judgement.Verdict("loads", {"seen": loads}) if loads > 3 else judgement.CORRECT


def task_3(reply: object) -> judgement.Verdict:
    """The service's answer to the first test digit."""
    if not isinstance(reply, httpx.Response):
        return judgement.Verdict("no-reply", {"seen": judgement.kind(reply)})
    if reply.status_code != 200:
        return judgement.Verdict("refused", {"status": reply.status_code, "seen": reply.json()["error"]})
    artefact = tensorflow.saved_model.load("exported")
    row = digits.load().test_features[:1]
    given = numpy.asarray(reply.json()["predictions"])
    apart = judgement.difference(given, artefact.serve(row).numpy())
    if apart <= 1e-5:
        return judgement.CORRECT
    unscaled = judgement.difference(given, artefact.serve(row * 16).numpy())
    return (
        judgement.Verdict("unscaled")
        if unscaled <= 1e-5
        else judgement.Verdict("answers", {"difference": apart})
    )


def task_4(checked: object) -> judgement.Verdict:
    """A function that lets good rows through as float32 and raises ValueError for the others."""
    if not callable(checked) or isinstance(checked, type):
        return judgement.Verdict("no-function", {"seen": judgement.kind(checked)})
    rows = digits.load().test_features[:3]
    broken, endless = rows.copy(), rows.copy()
    broken[1, 5], endless[2, 9] = numpy.nan, numpy.inf
    good = {"three rows": rows, "a list of lists": rows.tolist(), "64-bit numbers": rows.astype("float64")}
    for name, value in good.items():
        try:
            given = checked(value)
        except ValueError:
            return judgement.Verdict("refuses", {"seen": name})
        except Exception as error:  # whatever else a learner's function raises, for this input
            return judgement.Verdict("raises", {"seen": name, "error": errors.one_line(error)})
        if getattr(given, "dtype", None) != numpy.float32:
            return judgement.Verdict("type", {"seen": f"a {judgement.kind(given)} for {name}"})
        apart = judgement.difference(given, rows)
        if apart > 1e-6:
            return judgement.Verdict("changes", {"difference": apart})
    bad = {
        "a row of 63": rows[:, 1:],
        "a single row without its batch": rows[0],
        "no rows at all": rows[:0],
        "an image of 8 by 8": rows.reshape(-1, 8, 8),
        "a value that is not a number": broken,
        "an infinite value": endless,
    }
    for name, value in bad.items():
        try:
            checked(value)
        except ValueError as error:
            if len(str(error).split()) < 3:  # "bad" is no sentence
                return judgement.Verdict("no-words", {"seen": name})
        except Exception as error:
            return judgement.Verdict("raises", {"seen": name, "error": errors.one_line(error)})
        else:
            return judgement.Verdict("accepts", {"seen": name})
    return judgement.CORRECT


def task_5(application: object) -> judgement.Verdict:
    """A service that answers good digits and refuses every pixel that is not from 0 to 1."""
    if not callable(application) or not hasattr(application, "routes"):
        return judgement.Verdict("no-service", {"seen": judgement.kind(application)})
    rows = digits.load().test_features[:3]
    broken = rows.tolist()
    broken[1][5] = float("nan")
    negative = rows.tolist()
    negative[2][9] = -0.25
    bad = {
        "greys from 0 to 255": (255 * rows).tolist(),
        "a pixel of -0.25": negative,
        "a pixel that is not a number": broken,
        "a row of 63 pixels": rows[:, 1:].tolist(),
        "no rows": [],
    }
    bodies = [json.dumps({"instances": each}) for each in (rows.tolist(), *bad.values())]
    good, *refusals = _ask(application, bodies)
    if good.status_code != 200:
        return judgement.Verdict("refuses", {"status": good.status_code, "seen": good.text[:120]})
    artefact = tensorflow.saved_model.load("exported")
    apart = judgement.difference(numpy.asarray(good.json()["predictions"]), artefact.serve(rows).numpy())
    if apart > 1e-5:
        return judgement.Verdict("answers", {"difference": apart})
    for name, reply in zip(bad, refusals, strict=True):
        if reply.status_code < 400:
            return judgement.Verdict("accepts", {"seen": name, "status": reply.status_code})
        if reply.status_code >= 500:
            return judgement.Verdict("breaks", {"seen": name, "status": reply.status_code})
        if len(reply.text.split()) < 4:
            return judgement.Verdict("no-words", {"seen": name})
    return judgement.CORRECT


def _ask(application: object, bodies: list[str]) -> list[httpx.Response]:
    """What a service answers, asked without a port; in a thread, as a notebook has a running event loop."""

    async def ask() -> list[httpx.Response]:
        transport = httpx.ASGITransport(app=application, raise_app_exceptions=False)
        headers = {"content-type": "application/json"}
        async with httpx.AsyncClient(
            transport=transport, base_url="http://localhost", headers=headers
        ) as client:
            return [await client.post("/v1/models/digits:predict", content=body) for body in bodies]

    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, ask()).result()
