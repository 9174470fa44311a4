"""Judges of the exercises of lesson 09. The given cells write their files into the scratch folder."""

import collections.abc
import hashlib
import pathlib
import tarfile
import tempfile

from helpers import models
from helpers.lessons import judgement
from helpers.lessons.lesson_09 import puzzles, two_savers, witness
from helpers.tools import versions
import keras


def task_1(save_safely: object) -> judgement.Verdict:
    """A function that saves so that the old or the new model is there at every moment."""
    if not callable(save_safely):
        return judgement.Verdict("no-function", {"seen": judgement.kind(save_safely)})
    verdict = _alone(save_safely)
    if verdict != judgement.CORRECT:
        return verdict
    left = two_savers.meet(save_safely)
    if left.lies == two_savers.NOTHING or left.raised:
        return judgement.Verdict("overtaken", {"seen": left.lies, "raised": left.raised or "nothing"})
    return judgement.CORRECT


def _alone(save_safely: collections.abc.Callable) -> judgement.Verdict:
    # The folder lies in the scratch folder, so that a path of this machine is nobody's answer.
    with tempfile.TemporaryDirectory(dir=".") as folder:
        path = pathlib.Path(folder, "model.keras").resolve()
        models.sequential(1).save(path)
        old = path.read_bytes()
        model = witness.model(path)
        journal = witness.Journal(path)
        with journal.kept():
            save_safely(model, path)
        if not _same_model(path, model):
            return judgement.Verdict("not-saved", {"seen": path.name})
        path.write_bytes(old)
        raised = _raises(save_safely, witness.model(path, disk_full=True), path)
        if {*witness.seen(path), witness.content(path)} != {old}:
            return judgement.Verdict("old-lost", {"seen": path.name})
        if not raised:
            return judgement.Verdict("hidden")
        verdict = _by(journal)
        litter = [each.name for each in path.parent.iterdir() if each != path]
        if verdict == judgement.CORRECT and litter:
            return judgement.Verdict("litter", {"seen": min(litter)})
        return verdict


def task_2(damaged: object) -> judgement.Verdict:
    """The names of the files whose content is not what stands in the list."""
    if not isinstance(damaged, set | frozenset | list | tuple):
        return judgement.Verdict("no-set", {"seen": judgement.kind(damaged)})
    if others := [name for name in damaged if not isinstance(name, str)]:
        return judgement.Verdict(
            "no-set", {"seen": f"{judgement.kind(damaged)} with a {judgement.kind(others[0])} in it"}
        )
    named = set(damaged)
    shelf = pathlib.Path("shelf")
    listed = dict(
        reversed(line.split()) for line in (shelf / puzzles.LIST).read_text(encoding="utf-8").splitlines()
    )
    right = {name for name, digest in listed.items() if _digest(shelf / name) != digest}
    if named - listed.keys():
        return judgement.Verdict("unknown", {"name": min(named - listed.keys())})
    if named - right:
        return judgement.Verdict("whole", {"name": min(named - right)})
    if named == right:
        return judgement.CORRECT
    missing = {"count": len(right - named)}
    return judgement.Verdict("loaded" if named == puzzles.RAISING else "missing", missing)


def task_3(restored: object) -> judgement.Verdict:
    """A store out of the newest backup that is whole."""
    name = str(restored)
    seen = {"seen": name}
    try:
        numbers = [version.number for version in versions.listing(name)]
    except versions.VersionsError:
        return judgement.Verdict("no-store", seen)
    for number in numbers:
        try:
            versions.check(name, number)
        except versions.Refused:
            return judgement.Verdict("damaged", {"number": number, **seen})
    if versions.current(name) is None:
        return judgement.Verdict("unpromoted", seen)
    with tarfile.open("monday.tar") as archive:
        published = archive.extractfile("./1/version.json").read()
    if numbers != [1] or pathlib.Path(name, "1", "version.json").read_bytes() != published:
        return judgement.Verdict("other", {"numbers": numbers, **seen})
    return judgement.CORRECT


def _by(journal: witness.Journal) -> judgement.Verdict:
    if journal.source is None:
        return judgement.Verdict("not-renamed")
    if not journal.source.is_relative_to(journal.path.parent):
        return judgement.Verdict("elsewhere", {"seen": journal.source.parent.name})
    return judgement.CORRECT if journal.flushed_first else judgement.Verdict("unflushed")


def _raises(save: collections.abc.Callable, model: keras.Model, path: pathlib.Path) -> bool:
    try:
        save(model, path)
    except Exception:  # the error of the disk, or one that the learner made of it
        return True
    return False


def _same_model(path: pathlib.Path, model: keras.Model) -> bool:
    if not path.is_file():
        return False
    return judgement.weight_difference(keras.models.load_model(path), model) == 0


def _digest(path: pathlib.Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
