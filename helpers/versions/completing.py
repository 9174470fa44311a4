"""From a staging folder to a version: every file on the disk with its sha256, then one rename."""

import errno
import os
import pathlib

from helpers.versions import disk, errors, folders, golden_batch, sidecar
import numpy

RESERVED = (sidecar.NAME, sidecar.SEAL, golden_batch.NAME)
_TRIES = 1000  # each failed one means that another process published meanwhile


def complete(
    staging: pathlib.Path, facts: dict[str, object], golden: dict[str, numpy.ndarray] | None
) -> None:
    """Add the golden batch, note size and sha256 of every file, and force all of it to the disk.

    Raises:
        errors.VersionsError: nothing was saved, under a name of ours, or nothing that can answer.
        OSError: it cannot be read or written.
    """
    saved = disk.files(staging)
    if not saved:
        raise errors.VersionsError("Nothing was saved into draft.folder, so nothing is published.")
    for name in saved:
        if name.lower() in RESERVED:
            raise errors.VersionsError(f"The store writes a {name} itself. Save yours by another name.")
    if golden:
        if golden_batch.artefact(staging) is None:
            raise errors.VersionsError(
                "There is a golden batch and nothing to ask it: the block saved neither an export nor one "
                ".keras file right in draft.folder."
            )
        golden_batch.save(staging, golden)
        saved = disk.files(staging)
    facts["files"] = {
        name: {"size": path.stat().st_size, "sha256": disk.digest(path)} for name, path in saved.items()
    }
    for path in saved.values():
        disk.flush(path)
    # The names in a folder are written to the disk apart from the files they stand for.
    for place in {staging, *(path.parent for path in saved.values())}:
        disk.flush_folder(place)


def rename(staging: pathlib.Path, facts: dict[str, object], first: int) -> int:
    """Give the staging folder the next free number, and return it: that instant is the publication.

    Raises:
        errors.VersionsError: others take every number first.
        OSError: it cannot be renamed.
    """
    store = staging.parent
    for _ in range(_TRIES):
        facts["number"] = number = folders.following(store, first)
        sidecar.write(staging, facts)
        try:
            # POSIX refuses a target that holds something, and a version always does. An empty folder it
            # would replace, which is why `following` counts every number in use. Windows refuses both.
            os.rename(staging, store / str(number))
        except OSError as error:
            if error.errno not in (errno.EEXIST, errno.ENOTEMPTY, errno.ENOTDIR):
                raise
        else:
            disk.flush_folder(store)
            return number
    raise errors.VersionsError(f"Others took {_TRIES} numbers before this version had one. Try again.")
