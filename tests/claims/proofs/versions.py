"""Files of other versions, versions of one's own, and going back. TensorFlow 2.15 wrote the capsule."""

import pathlib
import shutil

from helpers.tools import versions as store
import keras
import numpy

from tests.claims import trying
from tests.claims.shelf import Shelf, settled

_OLD_ADAM = (ValueError, "Argument(s) not recognized")  # what its Adam was given, and ours does not know


def _loads(shelf: Shelf, name: str) -> bool:
    path = shelf.capsule / name
    return not trying.refused(lambda: keras.models.load_model(path), *_OLD_ADAM)


a02 = settled({"hard_sigmoid, .h5": "11.myth.builtin", "hard_sigmoid, .keras": "11.myth.builtin"})


def b03(shelf: Shelf) -> dict[str, bool]:
    """Ask files in a new process, and files of another version, in three formats."""
    return {
        "a new process": shelf.stranger["whole.keras"].same(shelf.answers),
        "from TensorFlow 2.15, a folder": shelf.as_on_its_own_version("hard_sigmoid"),
        "from TensorFlow 2.15, .keras": shelf.as_on_its_own_version("hard_sigmoid.keras"),
        "from TensorFlow 2.15, a compiled .keras": _loads(shelf, "trained.keras"),
    }


def b11(shelf: Shelf) -> dict[str, bool]:
    """Hand a model on: to a new process, to one without the class, from another version."""
    return {
        "a pause": trying.identical(shelf.another().weights, keras.models.load_model(shelf.whole).weights),
        "to a colleague, built-in layers": shelf.stranger["whole.keras"].same(shelf.answers),
        "to a colleague without the class": not shelf.stranger["own.keras"].refused("Could not locate class"),
        "from TensorFlow 2.15": _loads(shelf, "trained.keras"),
    }


def b17(shelf: Shelf) -> dict[str, bool]:
    """Name versions in three ways and look for the latest; look into the file for one."""
    names, numbers = ["v1", "v2", "v10"], ["1", "2", "10"]
    place = shelf.place()
    with store.publish(place, name=store.timestamp()) as first:
        (first.folder / "model.txt").write_text("first", encoding="utf-8")
    with store.publish(place, name=store.timestamp()) as second:
        (second.folder / "model.txt").write_text("second", encoding="utf-8")
    return {
        "names with a number in them, sorted": sorted(names)[-1] == "v10",
        "numbers, compared as numbers": max(numbers, key=int) == "10",
        "timestamps, as numbers": [version.number for version in store.listing(place)]
        == [first.number, second.number],
    }


def b18(shelf: Shelf) -> dict[str, bool]:
    """Save a new version beside the old one, and onto it."""
    place, other = shelf.place(), keras.models.clone_model(shelf.another())

    def first_is_left(new: pathlib.Path) -> bool:
        first = shutil.copyfile(shelf.whole, place / "first.keras")
        other.save(new)
        return trying.same(keras.models.load_model(first)(shelf.rows), shelf.answers)

    return {
        "a path of its own": first_is_left(place / "second.keras"),
        "the same path": first_is_left(place / "first.keras"),
        "the same folder, exported": not shelf.shows("05.predict.overwrite"),
    }


def _published(shelf: Shelf) -> tuple[pathlib.Path, keras.Model]:
    """A store with two promoted versions, and the model of the second."""
    place, second = shelf.place(), keras.models.clone_model(shelf.another())
    for model in (shelf.another(), second):
        with store.publish(place) as draft:
            model.save(draft.folder / "model.keras")
        store.promote(place, draft.number)
    return place, second


def _current(shelf: Shelf, place: pathlib.Path) -> numpy.ndarray:
    return keras.models.load_model(store.path(place, "current") / "model.keras")(shelf.rows)


def b19(shelf: Shelf) -> dict[str, bool]:
    """Promote a second version, go back to the first; try to promote one that is damaged."""
    place, second = _published(shelf)
    updated = trying.same(_current(shelf, place), second(shelf.rows))
    store.roll_back(place)
    back = trying.same(_current(shelf, place), shelf.answers)
    (place / "2" / "model.keras").write_bytes(b"half a mod")
    refused = trying.refused(lambda: store.promote(place, 2), store.Refused, "model.keras")
    return {"the update is served": updated, "rolled back": back, "a damaged update is refused": refused}


def b42(shelf: Shelf) -> dict[str, bool]:
    """Roll back with the saved version there, and with it gone."""
    (whole, _), (robbed, _) = _published(shelf), _published(shelf)
    store.roll_back(whole)
    shutil.rmtree(robbed / "1")
    try:
        store.roll_back(robbed)
        gone = False
    except store.VersionsError:
        gone = True
    return {
        "the saved version is there": trying.same(_current(shelf, whole), shelf.answers),
        "it is gone, and nothing can be rolled back": gone,
    }


# What handles own layers is left out, and what handles versions: what goes wrong?
b56 = settled(
    {
        "an own layer not registered": "06.predict.colleague",
        "an own layer with an argument left out": "06.myth.silence",
        "a new version onto the old one": "05.predict.overwrite",
        "another version of the library": "11.myth.builtin",
    }
)
