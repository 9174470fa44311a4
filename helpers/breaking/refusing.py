"""Let the system refuse a save: by a full disk, or by a read-only folder."""

import contextlib

from helpers.breaking import children, refusals, target


def refuse(aim: target.Target, refusal: str, number: int) -> None:
    """Begin to save the new model, and let the system refuse it.

    The number sets where a full disk stops: 0, 1 and 2 stand for a quarter, a half and three quarters of
    the largest file of the old save.
    """
    aim.reset()
    size = max(path.stat().st_size for path in aim.folder.rglob("*") if path.is_file())
    try:
        if refusal != refusals.FULL_DISK:
            locked = aim.save if aim.save.is_dir() else aim.folder
            refusals.lock(locked, whole=refusal == refusals.READ_ONLY)
        child = aim.begin(refusal, size * (number + 1) // 4)
        # What the save says is not asked: what it left counts. A failed write can take HDF5, and the
        # process with it, down.
        with contextlib.closing(child), contextlib.suppress(children.Ended):
            child.hear()
    finally:
        refusals.unlock(aim.folder)
