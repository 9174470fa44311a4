"""Breaking saved models on purpose, and seeing what is left: lesson 09 and `course --break`.

    breaking.damage("plain", "victims", flips=20, cuts=5)    bits, cuts and deletions of what lies on the disk
    breaking.accidents("plain", kills=5)                     saves killed in the middle, or refused

Each takes the name of a module in the current folder with `save(model, path, kind)` and
`load(path, kind)`, and returns a list of `Trial`. Whatever may crash or hang happens in processes of its
own, with a time limit; files are written into a folder of the current one that is gone afterwards.
"""

from helpers.breaking import heat_map
from helpers.breaking.damages import CUT, DELETE, FLIP
from helpers.breaking.damaging import damage
from helpers.breaking.interrupting import accidents
from helpers.breaking.killing import KILLED
from helpers.breaking.outcomes import (
    ERROR,
    LOSSES,
    LOST,
    NEW,
    OF_A_SAVE,
    OF_DAMAGE,
    OLD,
    OTHER,
    SILENT,
    WRONG,
)
from helpers.breaking.recorded import counted, counts, lost
from helpers.breaking.refusals import FOLDER, FULL_DISK, READ_ONLY
from helpers.breaking.trials import KINDS, Trial, path

__all__ = [
    "CUT",
    "DELETE",
    "ERROR",
    "FLIP",
    "FOLDER",
    "FULL_DISK",
    "KILLED",
    "KINDS",
    "LOSSES",
    "LOST",
    "NEW",
    "OF_A_SAVE",
    "OF_DAMAGE",
    "OLD",
    "OTHER",
    "READ_ONLY",
    "SILENT",
    "WRONG",
    "Trial",
    "accidents",
    "counted",
    "counts",
    "damage",
    "heat_map",
    "lost",
    "path",
]
