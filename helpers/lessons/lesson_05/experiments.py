"""What settles the items of lesson 05."""

import pathlib

from helpers import digits, models
from helpers.core import files
from helpers.tools import versions
import numpy
import tensorflow


def predict_overwrite(folder: pathlib.Path) -> str:
    """Export two models onto one folder, and ask the folder."""
    rows = digits.load().test_features[:8]
    first, second = models.sequential(seed=1), models.sequential(seed=2)
    for model in (first, second):
        model.export(folder / "live", verbose=False)
    artefact = tensorflow.saved_model.load(str(folder / "live"))
    answers = artefact.serve(rows).numpy()
    as_second = numpy.allclose(answers, second.predict(rows, verbose=0), atol=1e-6)
    as_first = numpy.allclose(answers, first.predict(rows, verbose=0), atol=1e-6)
    assert as_second
    assert not as_first
    return "The second export raised nothing and asked nothing. The folder answers as the second model."


def myth_names(folder: pathlib.Path) -> str:
    """Make ten folders with names of both kinds and look for the latest."""
    for number in range(1, 11):
        (folder / f"v{number}").mkdir()
    names = [path.name for path in folder.iterdir()]
    by_text = sorted(names)[-1]
    by_number = max(names, key=lambda name: int(name.removeprefix("v")))
    assert (by_text, by_number) == ("v9", "v10")
    assert sorted(["v1", "v2", "v10"])[-1] == "v2"
    return f"Of v1, v2, v10 sorting picks v2. Of v1 to v10 it picks {by_text}; by number, {by_number}."


def myth_rollback(folder: pathlib.Path) -> str:
    """Publish and promote two versions, roll back, and compare every file with what it was before."""
    store = folder / "store"
    for number in (1, 2):
        with versions.publish(store) as draft:
            (draft.folder / "model.bin").write_bytes(bytes([number] * 100))
        versions.promote(store, number)
    before = _contents(store)
    number = versions.roll_back(store)
    after = _contents(store)
    changed = sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))
    assert number == 1
    assert changed == ["current.json"], changed
    return f"Of {len(after)} files one has other bytes after the roll-back: {changed[0]}."


def _contents(store: pathlib.Path) -> dict[str, bytes]:
    return {name: path.read_bytes() for name, path in files.inside(store).items() if name != ".lock"}


def predict_highest(folder: pathlib.Path) -> str:
    """Publish three versions, refuse the third by a measurement, and compare the record with the numbers."""
    store = folder / "store"
    for number in (1, 2, 3):
        with versions.publish(store) as draft:
            (draft.folder / "model.bin").write_bytes(bytes([number] * 100))
    reads = {"1": 0.8, "2": 0.9, "3": 0.0}
    refused = ""
    for number in (1, 2, 3):
        try:
            versions.promote(store, number, measure=lambda path: reads[path.name])
        except versions.Refused as reason:
            refused = str(reason).split(":")[0]
    highest = max(version.number for version in versions.listing(store))
    assert refused == "Version 3 is refused", refused
    assert (versions.current(store), highest) == (2, 3)
    return (
        f"{refused}. Current: {versions.current(store)}. The highest number is {highest}: that one is served."
    )
