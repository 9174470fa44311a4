"""A version store in plain folders: publish, check, promote, roll back, keep, sweep.

    store/1/ ...              a version: what was saved, its side-car version.json, its golden batch
    store/2/ ...
    store/current.json        which version is promoted, and every promotion before it

Every function takes the folder of the store first. Whatever goes wrong is a `VersionsError` with a
sentence; a version that fails its check is `Refused`, which is one of them.

The rule behind it: nothing is ever written over. A version is written aside and gets its name by one
rename, the record is replaced by one rename, and what is removed loses its name first.
"""

from helpers.tools.versions.catalogue import (
    Promotion,
    Version,
    current,
    history,
    listing,
    path,
    side_car,
    timestamp,
)
from helpers.tools.versions.cleanup import keep, sweep
from helpers.tools.versions.errors import Refused, VersionsError
from helpers.tools.versions.promotion import check, promote, roll_back
from helpers.tools.versions.publication import Draft, publish

__all__ = [
    "Draft",
    "Promotion",
    "Refused",
    "Version",
    "VersionsError",
    "check",
    "current",
    "history",
    "keep",
    "listing",
    "path",
    "promote",
    "publish",
    "roll_back",
    "side_car",
    "sweep",
    "timestamp",
]
