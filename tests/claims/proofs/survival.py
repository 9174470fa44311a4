"""What survives a save and a load, format against format; lesson 04 examines it with the same helper."""

from tests.claims.shelf import Shelf


def a13(shelf: Shelf) -> dict[str, bool]:
    """Compare the folder with `.keras` and `.h5`: across versions, without a class, damaged, in training."""
    found = shelf.survival
    return {
        "from TensorFlow 2.15": shelf.as_on_its_own_version("hard_sigmoid")
        and not shelf.as_on_its_own_version("hard_sigmoid.keras"),
        "where the class is missing": shelf.stranger["own"].same(shelf.own_answers)
        and shelf.stranger["own.keras"].refused("Could not locate class"),
        "damaged, against .h5": found["exported"]["a flipped bit in a weight is noticed"]
        and not found["legacy.h5"]["a flipped bit in a weight is noticed"],
        "to train on, against .keras": found["exported"]["fit works"]
        and not found["whole.keras"]["fit works"],
    }


def b02(shelf: Shelf) -> dict[str, bool]:
    """Load each format: do answers and layers come back without the code that built the model?"""
    aspects = ("same answers", "layers come back", "loads without the code")
    return {name: all(found[each] for each in aspects) for name, found in shelf.survival.items()}


def b44(shelf: Shelf) -> dict[str, bool]:
    """Is all of the state in each format, and is a flipped bit noticed, as in a backup?"""
    aspects = (
        "same answers",
        "optimizer comes back",
        "loss and metrics come back",
        "a flipped bit in a weight is noticed",
    )
    return {name: all(found[each] for each in aspects) for name, found in shelf.survival.items()}
