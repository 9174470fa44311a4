"""Says what a zip is that holds no Keras model."""

import collections.abc
import pathlib

from helpers.anatomy import finding, words

_MODELS = (".keras", ".h5", ".hdf5")


def sentence(path: pathlib.Path, names: list[str], wanted: collections.abc.Collection[str]) -> str:
    """What it is and what to do; `names` are its members, `wanted` those that a `.keras` has."""
    shown, members = words.quoted(path.name), words.listing(map(words.plain, names), 4) or "none"
    if any(name.endswith("data.pkl") for name in names):
        return (
            f"{shown} is a PyTorch file: a zip with a pickle in it, and opening a pickle runs whatever its "
            "author put into it. It was not opened. Ask for the model as `.keras` or as an export."
        )
    if "[Content_Types].xml" in names:
        return f"{shown} is an Office document, which is a zip too. Check the path."
    if names and all(name.endswith(".npy") for name in names):
        return f"{shown} is a NumPy archive (.npz): arrays ({members}) without a model. np.load reads it."
    if any(name.endswith("saved_model.pb") for name in names):
        return f"{shown} is a zip of a SavedModel. Unpack it, then give the folder with saved_model.pb in it."
    if set(names) & set(wanted):
        missing = words.listing(sorted(set(wanted) - set(names)))
        return (
            f"{shown} has members of a `.keras` and lacks {missing} (there: {members}). It is damaged, or "
            f"put together by hand. {finding.AGAIN}"
        )
    if any(name.endswith(_MODELS) for name in names):
        return f"{shown} is a zip around a model ({members}). Unpack it, then give that file."
    return (
        f"{shown} is a zip that Keras did not write (in it: {members}). A `.keras` has "
        f"{words.listing(wanted)}. Check the path, or ask for the file that `model.save` wrote."
    )
