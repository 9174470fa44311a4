"""Judges of the exercises of lesson 05. The given cells make the stores in the scratch folder."""

import pathlib
import shutil
import tempfile

from helpers import digits, models
from helpers.lessons import judgement
from helpers.lessons.lesson_05 import complaint
from helpers.tools import versions
import keras
import numpy
import tensorflow


def task_1(latest: object) -> judgement.Verdict:
    """A function that finds the latest version among folder names."""
    if not callable(latest) or isinstance(latest, type):
        return judgement.Verdict("no-function", {"seen": judgement.kind(latest)})
    cases = [(["1", "2", "10"], "10", "text-order"), (["9", "10", "8"], "10", "text-order")]
    cases += [(["3", "backup", "12", ".tmp"], "12", "not-a-version")]
    for names, wanted, mistake in cases:
        try:
            seen = latest(list(names))
        except ValueError as error:
            seen = type(error).__name__
        facts = {"names": names, "seen": repr(seen), "wanted": repr(wanted)}
        if seen == int(wanted):
            return judgement.Verdict("wrong-type", facts)
        if seen != wanted:
            return judgement.Verdict(mistake, facts)
    return judgement.CORRECT


def task_2(store: object) -> judgement.Verdict:
    """A store with one version of the model, its accuracy and its golden batch."""
    try:
        present = versions.listing(str(store))
        if present:
            versions.check(str(store), present[-1].number)
    except versions.Refused as reason:
        return judgement.Verdict("refused", {"seen": str(reason)})
    except versions.VersionsError:
        present = []
    if not present:
        return judgement.Verdict("no-version", {"seen": str(store)})
    if "accuracy" not in present[-1].metrics:
        return judgement.Verdict("no-metric")
    number = present[-1].number
    if versions.side_car(str(store), number)["golden"] is None:
        return judgement.Verdict("no-golden")
    apart = _apart(versions.path(str(store), number), keras.models.load_model("reference.keras"))
    if apart > 1e-5:
        return judgement.Verdict("other-model", {"difference": apart})
    return _honest(present[-1].metrics["accuracy"])


def _honest(claimed: float) -> judgement.Verdict:
    """Whether the accuracy in a side-car is the page's model's on the test digits, to one in 360."""
    data = digits.load()
    answers = judgement.answers(keras.models.load_model("reference.keras"), data.test_features)
    measured = float((answers.argmax(axis=1) == data.test_labels).mean())
    if abs(claimed - measured) <= 0.003:
        return judgement.CORRECT
    return judgement.Verdict("claimed", {"seen": claimed, "measured": measured})


def task_3(save_next: object) -> judgement.Verdict:
    """A function that saves a model under the next number and leaves the others alone."""
    if not callable(save_next) or isinstance(save_next, type):
        return judgement.Verdict("no-function", {"seen": judgement.kind(save_next)})
    first, second = models.sequential(seed=1), models.sequential(seed=2)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as place:
        site = pathlib.Path(place, "site")
        for number in ("1", "2", "10"):
            (site / number).mkdir(parents=True)
            (site / number / "note.txt").write_text("a version of last year", encoding="utf-8")
        numbers = [save_next(model, site) for model in (first, second)]
        facts = {"seen": numbers}
        if any(str(number) in {"1", "2", "10"} for number in numbers):
            return judgement.Verdict("overwrites", facts)
        if numbers[0] == numbers[1]:
            return judgement.Verdict("same-number", facts)
        if not 10 < int(numbers[0]) < int(numbers[1]):
            return judgement.Verdict("not-next", facts)
        for number, model in zip(numbers, (first, second), strict=True):
            if not (site / str(number)).is_dir():
                return judgement.Verdict("no-folder", {"seen": number})
            apart = _apart(site / str(number), model)
            if apart > 1e-5:
                return judgement.Verdict("answers", {"seen": number, "difference": apart})
    return judgement.CORRECT


def task_4(chosen: object) -> judgement.Verdict:
    """The most accurate version of the store "office" that passes its check."""
    if isinstance(chosen, bool) or chosen not in (1, 2, 3, 4):
        return judgement.Verdict("no-number", {"seen": repr(chosen)})
    whole = {}
    for version in versions.listing("office"):
        try:
            versions.check("office", version.number)
            whole[version.number] = version.metrics["accuracy"]
        except versions.Refused as reason:
            if version.number == chosen:
                key = "wrong-answers" if "sha256" not in str(reason) else "damaged"
                return judgement.Verdict(key, {"seen": chosen})
    best = max(whole, key=whole.get)
    return judgement.CORRECT if chosen == best else judgement.Verdict("not-best", {"seen": chosen})


def task_5(found: object) -> judgement.Verdict:
    """Which version of "shop" gave the complaint's answers, and whether it is still the current one."""
    if not isinstance(found, dict):
        return judgement.Verdict("no-dictionary", {"seen": judgement.kind(found)})
    given = [found.get(name, ...) for name in ("answered", "roll back now")]
    if any(value in (None, ...) for value in given):
        return judgement.Verdict("unfilled")
    number, decision = given
    apart = complaint.differences("shop")
    if isinstance(number, bool) or number not in apart:
        return judgement.Verdict("no-number", {"seen": repr(number)})
    difference, otherwise = apart[number]
    if number != complaint.answered("shop"):
        key = "other-digits" if otherwise else "same-digits"
        return judgement.Verdict(key, {"seen": number, "count": otherwise, "difference": difference})
    if not isinstance(decision, bool | numpy.bool_):
        return judgement.Verdict("no-decision", {"seen": repr(decision)})
    current = versions.current("shop")
    if decision == (current == number):
        return judgement.CORRECT
    return judgement.Verdict("decision", {"seen": bool(decision), "answered": number, "current": current})


def task_6(is_whole: object) -> judgement.Verdict:
    """A function that compares the files of a version with its side-car."""
    if not callable(is_whole) or isinstance(is_whole, type):
        return judgement.Verdict("no-function", {"seen": judgement.kind(is_whole)})
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as place:
        good = pathlib.Path(place, "1")
        shutil.copytree(versions.path("shop", 1), good)
        given = is_whole(good)
        if not isinstance(given, bool | numpy.bool_):
            return judgement.Verdict("not-bool", {"seen": repr(given)})
        if not given:
            return judgement.Verdict("refuses-good")
        for key, name, damage in [
            ("accepts-flipped", "saved_model.pb", _flip),
            ("accepts-flipped", "variables/variables.index", _flip),
            ("accepts-missing", "fingerprint.pb", pathlib.Path.unlink),
            ("accepts-added", "stranger.txt", pathlib.Path.touch),
        ]:
            copy = pathlib.Path(place, f"{key}-{pathlib.Path(name).stem}", "1")
            shutil.copytree(good, copy)
            damage(copy / name)
            if _said(is_whole, copy):
                return judgement.Verdict(key, {"seen": name})
    return judgement.CORRECT


def _said(is_whole: object, folder: pathlib.Path) -> bool:
    """A function that stumbles over a missing file has noticed it, too."""
    try:
        return bool(is_whole(folder))
    except OSError:
        return False


def _flip(path: pathlib.Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def _apart(folder: pathlib.Path, model: keras.Model) -> float:
    """How far the answers of a version are from those of a model."""
    rows = digits.load().test_features[:32]
    wanted = judgement.answers(model, rows)
    files = sorted(folder.rglob("*.keras"))
    if (folder / "saved_model.pb").exists():
        artefact = tensorflow.saved_model.load(str(folder))
        return judgement.difference(artefact.serve(rows).numpy(), wanted)
    return (
        judgement.difference(judgement.answers(keras.models.load_model(files[0]), rows), wanted)
        if files
        else numpy.inf
    )
