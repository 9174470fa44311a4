"""Breaking saved models on purpose, and seeing what is left: lesson 09 and `course --break`.

    breaking.damage("plain", "victims", flips=20, cuts=5)    bits, cuts and deletions of what lies on the disk
    breaking.accidents("plain", kills=5)                     saves killed in the middle, or refused
    breaking.two_savers(save)                                one save overtaken by another

The first two take the name of a module in the current folder with `save(model, path, kind)` and
`load(path, kind)`, and return a list of `Trial`. Whatever may crash or hang happens in processes of its
own, with a time limit; files are written into a folder of the current one that is gone afterwards.
"""

from helpers.lessons.lesson_09 import heat_map
from helpers.lessons.lesson_09.accidents import KILLED, accidents
from helpers.lessons.lesson_09.damage import damage
from helpers.lessons.lesson_09.recorded import BY_PYTHON, HERE, counted, counts, lost
from helpers.lessons.lesson_09.refusals import FOLDER, FULL_DISK, READ_ONLY
from helpers.lessons.lesson_09.trials import (
    CUT,
    DELETE,
    ERROR,
    FLIP,
    KINDS,
    LOSSES,
    LOST,
    NEW,
    OF_A_SAVE,
    OF_DAMAGE,
    OLD,
    OTHER,
    SILENT,
    WRONG,
    Trial,
    path,
)
from helpers.lessons.lesson_09.two_savers import meet as two_savers

__all__ = [
    "BY_PYTHON",
    "CUT",
    "DELETE",
    "ERROR",
    "FLIP",
    "FOLDER",
    "FULL_DISK",
    "HERE",
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
    "two_savers",
]
