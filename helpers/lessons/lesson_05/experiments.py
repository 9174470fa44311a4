"""What settles the items of lesson 05."""

import pathlib

from helpers import digits, models
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
    """Publish and promote two versions, flip a bit in the first, and try to go back to it."""
    store = folder / "store"
    for number in (1, 2):
        with versions.publish(store) as draft:
            (draft.folder / "model.bin").write_bytes(bytes([number] * 100))
        versions.promote(store, number)
    (store / "1" / "model.bin").write_bytes(bytes([1] * 99 + [0]))
    refused = ""
    try:
        versions.roll_back(store)
    except versions.Refused as reason:
        refused = str(reason)
    assert "model.bin" in refused, refused
    assert versions.current(store) == 2
    return (
        f"The old file was kept, and one byte had changed. {refused.split(':')[0]}: its hash is another one."
    )
