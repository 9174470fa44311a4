"""Publish a version: written aside, forced to the disk, then named by one atomic rename."""

import collections.abc
import contextlib
import dataclasses
import os
import pathlib

from helpers.versions import (
    aside,
    completing,
    disk,
    errors,
    fingerprint,
    folders,
    golden_batch,
    origin,
    record,
    values,
)


@dataclasses.dataclass
class Draft:
    """A version in the making.

    Attributes:
        folder: where to save; after the block, the folder of the version.
        number: None until the block has ended, then the number of the version.
    """

    folder: pathlib.Path
    number: int | None = None


@contextlib.contextmanager
def publish(
    store: str | os.PathLike,
    *,
    name: int | None = None,
    metrics: dict[str, float] | None = None,
    data: object = None,
    code: str | os.PathLike | None = None,
    golden: tuple | None = None,
    tolerance: float = 1e-5,
    imports: collections.abc.Sequence[str] = (),
    notes: str = "",
) -> collections.abc.Iterator[Draft]:
    """Publish what the block saves into `draft.folder` as the next version; `draft.number` tells which.

        with versions.publish("store", metrics={"accuracy": 0.95}) as draft:
            model.export(draft.folder, verbose=False)
            model.save(draft.folder / "model.keras")
        print("version", draft.number)

    If the block raises, nothing is published. Several processes may publish at once: each gets a
    number of its own, and an existing version is never touched.

    Args:
        store: the folder of the store; it is made if need be.
        name: a number to begin at, such as `versions.timestamp()`. Taken, or below a version that
            exists, it becomes the next free one. None counts 1, 2, 3.
        metrics: names with finite numbers; needed to compare before a promotion.
        data: what it was trained on: arrays, bytes, paths, or a list or dict of these; kept as a sha256.
        code: the file or folder that made it, kept as a sha256 beside the commit of git.
        golden: a batch and the answers to it, each an array or a dict of arrays.
        tolerance: by how much an answer may differ later.
        imports: modules with the custom classes that a .keras file needs before it can answer.
        notes: anything else worth knowing.

    Raises:
        errors.VersionsError: an argument is odd (said before the block runs), the block saved nothing,
            or the version cannot be written. What the block raises is passed on as it is.
    """
    # Everything odd is said now, not after an hour of training in the block.
    arrays = golden_batch.prepared(golden)
    first = 1 if name is None else values.whole(name, "The name of a version")
    facts = {
        "number": None,
        "created": record.now(),
        "notes": values.text(notes, "A note"),
        "metrics": values.metrics(metrics),
    }
    how = {"tolerance": values.tolerance(tolerance), "imports": values.modules(imports)}
    folder = folders.opened(store, make=True)
    with errors.spoken("Beginning a version"):
        facts["data"] = None if data is None else fingerprint.of(data)
        facts["code"] = origin.code(code)
        facts["libraries"] = origin.libraries()
        facts["golden"] = how if arrays else None
        disk.as_json(facts)
        # A number that was promoted once stays taken, even if somebody removed its folder.
        first = max([first, *(promotion.number + 1 for promotion in record.read(folder))])
        folders.following(folder, first)
        staging = aside.make(folder)
    draft = Draft(staging)
    try:
        yield draft
        with errors.spoken("Publishing"):
            completing.complete(staging, facts, arrays)
            draft.number = completing.rename(staging, facts, first)
            draft.folder = folder / str(draft.number)
    except BaseException:
        with contextlib.suppress(OSError):  # what cannot be removed now is swept later
            disk.remove(staging)
        raise
