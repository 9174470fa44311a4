"""Publish a version: written aside, forced to the disk, then named by one atomic rename."""

import collections.abc
import contextlib
import dataclasses
import errno
import os
import pathlib
import platform
import re
import secrets
import sys
import time

from helpers.core import files
from helpers.tools.versions import arguments, catalogue, disk, errors, golden_batch, sidecar
import numpy
import psutil

# From a staging folder to a version: every file on the disk with its sha256, then one rename.


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
        files.flush(path)
    # The names in a folder are written to the disk apart from the files they stand for.
    for place in {staging, *(path.parent for path in saved.values())}:
        files.flush_folder(place)


def rename(staging: pathlib.Path, facts: dict[str, object], first: int) -> int:
    """Give the staging folder the next free number, and return it: that instant is the publication.

    Raises:
        errors.VersionsError: others take every number first.
        OSError: it cannot be renamed.
    """
    store = staging.parent
    for _ in range(_TRIES):
        facts["number"] = number = catalogue.following(store, first)
        sidecar.write(staging, facts)
        try:
            # POSIX refuses a target that holds something, and a version always does. An empty folder it
            # would replace, which is why `following` counts every number in use. Windows refuses both.
            os.rename(staging, store / str(number))
        except OSError as error:
            if error.errno not in (errno.EEXIST, errno.ENOTEMPTY, errno.ENOTDIR):
                raise
        else:
            files.flush_folder(store)
            return number
    raise errors.VersionsError(f"Others took {_TRIES} numbers before this version had one. Try again.")


# Staging folders: where a version is written before it has a number, and who is writing it.
#
# The name says which process on which machine began it, so it is said from the first moment the folder
# exists: there is no instant at which a kill leaves a folder that belongs to nobody.


# Hidden, and no number: neither a listing nor TensorFlow Serving takes it for a version.
_NAME = re.compile(r"\.staging-(?P<host>.*)-(?P<pid>\d{1,10})-(?P<start>\d{1,12})-[0-9a-f]{8}")
_CLOCK = 2  # seconds by which two readings of one process's start may differ


def make(store: pathlib.Path) -> pathlib.Path:
    """A new, empty staging folder in a store; absolute, so that a change of folder cannot lose it."""
    start = int(started(psutil.Process()))
    name = f".staging-{_host()}-{os.getpid()}-{start}-{secrets.token_hex(4)}"
    folder = pathlib.Path(os.path.abspath(store), name)
    folder.mkdir()
    return folder


def is_left_over(folder: pathlib.Path, age: float) -> bool:
    """Whether this is a staging folder whose process has ended.

    The processes of another machine cannot be seen from here, so there it counts as left over when
    nothing in it was written for `age` seconds.
    """
    owner = _NAME.fullmatch(folder.name)
    if owner is None:
        return False
    if owner["host"] == _host():
        return not _runs(int(owner["pid"]), int(owner["start"]))
    try:
        return time.time() - _last_written(folder) > age
    except FileNotFoundError:
        return False  # it was published, or removed, while we looked


def _host() -> str:
    return re.sub(r"[^A-Za-z0-9.]", "_", platform.node())[:60]


def started(process: psutil.Process) -> float:
    """When a process began, in seconds; a clock that is set meanwhile must not make it another process.

    Linux counts from the start of the machine, and psutil adds that moment, which moves with the clock.
    """
    return process.create_time() - (psutil.boot_time() if sys.platform == "linux" else 0)


def _runs(pid: int, start: int) -> bool:
    """Whether that very process runs: the number alone may belong to another one by now."""
    try:
        process = psutil.Process(pid)
        same = abs(started(process) - start) <= _CLOCK
        return same and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
    except psutil.AccessDenied:
        return True  # it is there, and nobody may say more


def _last_written(folder: pathlib.Path) -> float:
    times = [folder.lstat().st_mtime]
    for place, folders, names in os.walk(folder):
        times += [os.lstat(os.path.join(place, name)).st_mtime for name in folders + names]
    return max(times)


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
    first = 1 if name is None else arguments.whole(name, "The name of a version")
    facts = {
        "number": None,
        "created": catalogue.now(),
        "notes": arguments.text(notes, "A note"),
        "metrics": arguments.metrics(metrics),
    }
    how = {"tolerance": arguments.tolerance(tolerance), "imports": arguments.modules(imports)}
    folder = catalogue.opened(store, make=True)
    with errors.spoken("Beginning a version"):
        facts["data"] = None if data is None else sidecar.of(data)
        facts["code"] = sidecar.code(code)
        facts["libraries"] = sidecar.libraries()
        facts["golden"] = how if arrays else None
        disk.as_json(facts)
        # A number that was promoted once stays taken, even if somebody removed its folder.
        first = max([first, *(promotion.number + 1 for promotion in catalogue.read(folder))])
        catalogue.following(folder, first)
        staging = make(folder)
    draft = Draft(staging)
    try:
        yield draft
        with errors.spoken("Publishing"):
            complete(staging, facts, arrays)
            draft.number = rename(staging, facts, first)
            draft.folder = folder / str(draft.number)
    except BaseException:
        with contextlib.suppress(OSError):  # what cannot be removed now is swept later
            disk.remove(staging)
        raise
