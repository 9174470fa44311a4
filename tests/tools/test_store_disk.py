"""A disk that is full or may not be written: each command says so, and the store is what it was."""

import contextlib
import errno
import os
import pathlib

from helpers.tools import serving, versions
from helpers.tools.serving import canary
import pytest

FULL = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "/home/somebody/store/1")


@pytest.fixture(autouse=True)
def store(tmp_path, monkeypatch):
    """Three versions, the second of them promoted after the first, and a canary."""
    monkeypatch.chdir(tmp_path)
    for number in (1, 2, 3):
        with versions.publish("store", metrics={"accuracy": number / 10}) as draft:
            (draft.folder / "model.bin").write_bytes(b"weights" * 200)
    versions.promote("store", 1)
    versions.promote("store", 2)
    serving.start_canary("store", 3, 0.25)
    return pathlib.Path("store")


def _publish():
    with versions.publish("store") as draft:
        (draft.folder / "model.bin").write_bytes(b"")


WRITES = {
    "Publishing": _publish,
    "Promoting a version": lambda: versions.promote("store", 3),
    "Rolling back": lambda: versions.roll_back("store"),
    "Starting the canary": lambda: serving.start_canary("store", 1, 0.5),
}
REMOVES = {
    "Removing old versions": lambda: versions.keep("store", 1),
    "Ending the canary": lambda: serving.end_canary("store"),
}


def _content(store: pathlib.Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in store.rglob("*") if path.is_file()}


@contextlib.contextmanager
def _refused(store, task, said):
    """Inside, a command fails with a sentence that begins with its task, and nothing in the store changes."""
    before = _content(store)
    with pytest.raises(versions.VersionsError, match=f"^{task} did not work: {said}") as caught:
        yield
    assert "somebody" not in str(caught.value) and "then try again." in str(caught.value)
    assert _content(store) == before
    assert versions.current("store") == 2 and canary.read(store) == canary.Canary(3, 0.25)
    assert len(versions.history("store")) == 2
    assert [version.number for version in versions.listing("store")] == [1, 2, 3]


@pytest.mark.parametrize("call", ["fsync", "replace"])
@pytest.mark.parametrize("task", WRITES)
def test_a_disk_that_fills_up_changes_nothing(task, call, store, monkeypatch):
    if (task, call) == ("Publishing", "replace"):
        call = "rename"  # a version is a folder, and gets its name by this call

    def full(*_):
        raise FULL

    with _refused(store, task, "No space left"), monkeypatch.context() as patch:
        patch.setattr(os, call, full)
        WRITES[task]()
    WRITES[task]()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such limit")
@pytest.mark.parametrize("task", WRITES)
def test_a_file_that_may_not_grow_changes_nothing(task, store):
    import resource

    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    with _refused(store, task, "File too large"):
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, limits[1]))
        try:
            WRITES[task]()
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    WRITES[task]()


@pytest.mark.skipif(os.name == "nt", reason="a folder on Windows takes files whatever its mode says")
@pytest.mark.parametrize("task", WRITES | REMOVES)
def test_a_folder_that_may_not_be_written_changes_nothing(task, store):
    command = (WRITES | REMOVES)[task]
    if task == "Publishing":
        task = "Beginning a version"  # it does not come as far as that
    (store / ".lock").unlink()  # on such a disk nobody has held it
    for folder, _, _ in os.walk("."):
        os.chmod(folder, 0o755)
    os.chmod(store, 0o555)
    with _refused(store, task, "Permission denied"), _ordinary_user():
        command()
    os.chmod(store, 0o755)
    command()


@contextlib.contextmanager
def _ordinary_user():
    """Rights bind everybody except root; a test that root runs takes on the user without rights inside."""
    before = os.geteuid()
    if before == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(before)
