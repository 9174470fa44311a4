"""Which errors a file leads to: the entries of the error clinic that its findings name."""

import collections.abc
import re

from helpers.tools.anatomy import finding
from helpers.tools.clinic import entries

# An aspect, what its finding says, and the entry; the first for an aspect comes first in the answer.
MET = (
    ("format", r"SavedModel", "P03"),
    ("format", r"although its name ends in \.keras", "P24"),
    ("format", r"load_model answers 'file signature not found'", "P23"),
    ("format", r"load_model answers 'File format not supported'", "P01"),
    ("format", r"tf\.train\.Checkpoint", "P19"),
    ("load with", r"after renaming it to end in \.weights\.h5", "P07"),
    ("load with", r"tf_keras\.models\.load_model", "V01"),
    ("not good for", r"No model config found in the file", "F01"),
    ("load with", r"argument (groups|time_major)", "P05"),
    ("custom classes", r"\(defined in|>|\(not in this Keras\)", "P09"),
    ("code it would run", r"a lambda,", "P21"),
    ("code it would run", r"loads the SavedModel", "L02"),
    ("not good for", r"in Keras 3 fit fails until you compile again", "P15"),
)


def rows(found: finding.Anatomy) -> collections.abc.Iterator[tuple[str, str]]:
    """One row with the entries that fit, each with its title; none for a file that leads to no error."""
    known = entries.load()
    seen = [entry for aspect, said, entry in MET if re.search(said, found.finding(aspect))]
    if found.format.startswith("Keras model in HDF5") and "Lookup" in found.finding("preprocessing"):
        seen.append("P18")
    seen = [entry for entry in seen if entry in known]
    if seen:
        lines = [f"{entry} \N{MIDDLE DOT} {known[entry].title}" for entry in dict.fromkeys(seen)]
        yield "error clinic", "\n".join(lines)
