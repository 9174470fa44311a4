"""Is a version still what was published, and does it still answer as it did?"""

import os
import pathlib

from helpers.versions import disk, errors, finding, golden_batch, sidecar


def check(store: str | os.PathLike, number: int | str = "current") -> None:
    """Compare every file of a version with its side-car, then ask its golden batch in a fresh process.

    The files come first: loading runs code, so nothing damaged or added is loaded. A golden batch may
    take 60 seconds.

    Raises:
        errors.Refused: it does not hold; the text names the file or the largest difference.
        errors.VersionsError: there is no such version, or it cannot be read.
    """
    folder = finding.path(store, number)
    with errors.spoken(f"Checking version {folder.name}"):
        facts = sidecar.read(folder)
        _check_files(folder, facts["files"])
        if facts["golden"]:
            golden_batch.check(folder, facts["golden"]["tolerance"], facts["golden"]["imports"])


def _check_files(folder: pathlib.Path, published: dict[str, dict]) -> None:
    try:
        found = disk.files(folder)
    except errors.Refused as reason:
        raise errors.refusal(folder.name, str(reason)) from reason
    for name in sorted(published.keys() - found.keys()):
        raise errors.refusal(folder.name, f"{errors.shown(name)} is missing.")
    for name in sorted(found.keys() - published.keys() - {sidecar.NAME, sidecar.SEAL}):
        raise errors.refusal(folder.name, f"{errors.shown(name)} was not published with it.")
    for name, expected in published.items():
        size = found[name].stat().st_size
        if size != expected["size"]:
            raise errors.refusal(
                folder.name, f"{errors.shown(name)} has {size} bytes, and {expected['size']} were published."
            )
        if disk.digest(found[name]) != expected["sha256"]:
            raise errors.refusal(
                folder.name,
                f"{errors.shown(name)} has other content than was published: its sha256 is another one.",
            )
