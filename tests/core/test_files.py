"""A file that others read is replaced whole or not at all."""

import errno
import os
import pathlib
import re
import stat

from helpers.core import files, scratch
import psutil
import pytest


def test_a_file_is_on_the_disk_before_it_gets_its_name(tmp_path, monkeypatch):
    order, path = [], tmp_path / "current.json"
    flush, rename = os.fsync, os.replace

    def flushed(handle):
        order.append("folder flushed" if stat.S_ISDIR(os.fstat(handle).st_mode) else "flushed")
        flush(handle)

    monkeypatch.setattr(os, "fsync", flushed)
    monkeypatch.setattr(os, "replace", lambda *pair: (order.append("renamed"), rename(*pair)))
    for content in (b"old", b"new"):
        files.replace(path, content)
        assert path.read_bytes() == content
    once = ["flushed", "renamed"] if os.name == "nt" else ["flushed", "renamed", "folder flushed"]
    assert order == once + once and list(tmp_path.iterdir()) == [path]


def test_a_flush_of_a_folder_leaves_nothing_open(tmp_path):
    here = psutil.Process()
    count = here.num_handles if os.name == "nt" else here.num_fds
    before = count()
    for _ in range(20):
        files.flush_folder(tmp_path)
    assert count() < before + 20


def test_what_cannot_be_written_leaves_the_old_file_alone(tmp_path, monkeypatch):
    path = tmp_path / "current.json"
    files.replace(path, b"old")

    def refuse(*_):
        raise PermissionError(errno.EACCES, "Access is denied")

    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(PermissionError):
        files.replace(path, b"new")
    assert path.read_bytes() == b"old" and list(tmp_path.iterdir()) == [path]


def test_nobody_else_renames_a_file_into_place():
    """Lessons 04, 09 and the proofs of the clinic show the line itself, the round trip is a file to copy,
    and a mirror renames what it has downloaded.
    """
    allowed = {"core/files.py", "tools/round_trip.py", "tools/serving/mirror.py"}
    helpers = scratch.COURSE / "helpers"
    found = {
        path.relative_to(helpers).as_posix()
        for path in helpers.rglob("*.py")
        if re.search(r"\bos\.replace\(", path.read_text(encoding="utf-8"))
    }
    shown = ("lessons/", "tools/clinic/proofs/")
    assert {name for name in found if not name.startswith(shown)} <= allowed
    assert pathlib.Path(files.__file__).relative_to(helpers).as_posix() in found


def test_the_files_inside_a_folder_are_named_with_their_folders_in_order(tmp_path):
    for name in ("b/two.txt", "a.txt", "b/c/three.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    assert list(files.inside(tmp_path).items()) == [
        (name, tmp_path / name) for name in ("a.txt", "b/c/three.txt", "b/two.txt")
    ]
