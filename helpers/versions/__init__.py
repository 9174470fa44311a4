"""A version store in plain folders: publish, check, promote, roll back, keep, sweep.

    store/1/ ...              a version: what was saved, its side-car version.json, its golden batch
    store/2/ ...
    store/current.json        which version is promoted, and every promotion before it

Every function takes the folder of the store first. Whatever goes wrong is a `VersionsError` with a
sentence; a version that fails its check is `Refused`, which is one of them.

The rule behind it: nothing is ever written over. A version is written aside and gets its name by one
rename, the record is replaced by one rename, and what is removed loses its name first.
"""

from helpers.versions.checking import check
from helpers.versions.cleaning import keep, sweep
from helpers.versions.errors import Refused, VersionsError
from helpers.versions.finding import Version, current, history, listing, path, side_car
from helpers.versions.folders import timestamp
from helpers.versions.promoting import promote, roll_back
from helpers.versions.publishing import Draft, publish
from helpers.versions.record import Promotion

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
