"""A store behind an fsspec address: a local copy that follows it, object by object, and survives its loss."""

import os
import pathlib
import uuid

from fastapi import testclient
import fsspec
from helpers import models
from helpers.lessons.lesson_13 import local_s3
from helpers.tools import serving, versions
from helpers.tools.serving import local_server, mirror, watcher
import httpx
import numpy
import pytest
import s3fs

ROWS = numpy.linspace(0, 1, 128, dtype="float32").reshape(2, 64)


@pytest.fixture(scope="module")
def published(tmp_path_factory) -> pathlib.Path:
    """A store with the versions 1 and 2, the first of them promoted."""
    store = tmp_path_factory.mktemp("mirror") / "store"
    for seed in (1, 2):
        with versions.publish(store) as draft:
            models.sequential(seed=seed).export(draft.folder, verbose=False)
    versions.promote(store, 1)
    return store


@pytest.fixture
def memory():
    """A file system in memory and an address in it that no other test has."""
    return fsspec.filesystem("memory"), f"memory://{uuid.uuid4().hex}/digits"


@pytest.fixture
def copied(memory):
    files, address = memory
    place = mirror.of(address)
    yield files, address, place
    place.close()


def _upload(files: fsspec.AbstractFileSystem, store: pathlib.Path, address: str, *names: str) -> None:
    for name in names:
        # With the slashes a folder that is there already is filled; without them it would get one inside.
        slash = "/" if name.isdecimal() else ""
        files.put(f"{store / name}{slash}", f"{address}/{name}{slash}", recursive=True)


def _files(folder: pathlib.Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


class TestMirror:
    def test_a_path_is_no_copy(self, tmp_path):
        for store in (tmp_path, str(tmp_path)):
            place = mirror.of(store)
            assert (place.folder, place.refresh(), place.problem) == (tmp_path, set(), "")

    def test_it_follows_what_comes_and_goes(self, copied, published):
        files, address, place = copied
        assert (place.refresh(), _files(place.folder)) == (set(), {})
        _upload(files, published, address, "1", "current.json")
        assert place.refresh() == {1}
        wanted = {name: content for name, content in _files(published).items() if name.startswith("1/")}
        wanted["current.json"] = (published / "current.json").read_bytes()
        assert _files(place.folder) == wanted
        assert place.refresh() == set()
        _upload(files, published, address, "2")
        assert place.refresh() == {2}
        files.rm(f"{address}/1", recursive=True)
        files.rm(f"{address}/current.json")
        assert place.refresh() == set()
        assert {name.partition("/")[0] for name in _files(place.folder)} == {"2"}

    def test_an_object_written_again_is_copied_again(self, copied):
        files, address, place = copied
        files.pipe_file(f"{address}/current.json", b"old")
        place.refresh()
        files.pipe_file(f"{address}/current.json", b"new")
        place.refresh()
        assert (place.folder / "current.json").read_bytes() == b"new"

    def test_what_is_no_version_stays_where_it_is(self, copied):
        files, address, place = copied
        for name in ("notes.txt", "staging/saved_model.pb", "current.json/odd", "7"):
            files.pipe_file(f"{address}/{name}", b"something else")
        assert (place.refresh(), _files(place.folder)) == (set(), {})

    def test_a_key_that_points_elsewhere_is_passed_over(self, copied, monkeypatch):
        files, address, place = copied
        root = address.removeprefix("memory:/")
        found = {f"{root}/1/../../../evil": {"size": 4}, f"{root}/1/..\\..\\..\\evil": {"size": 4}}
        monkeypatch.setattr(files, "find", lambda *given, **named: found)
        assert (place.refresh(), place.problem) == (set(), "")
        assert not (place.folder.parent / "evil").exists()

    def test_a_store_that_cannot_be_read_says_so_and_leaves_the_copy(self, copied, published, monkeypatch):
        files, address, place = copied
        _upload(files, published, address, "1")
        place.refresh()
        before = _files(place.folder)

        def fail(*given, **named):
            raise TimeoutError("the line is cut")

        with monkeypatch.context() as patch:
            patch.setattr(files, "find", fail)
            assert place.refresh() == set()
            assert place.problem == f"The store {address} cannot be read. TimeoutError: the line is cut"
            assert _files(place.folder) == before
        place.refresh()
        assert place.problem == ""

    def test_a_download_that_ends_in_the_middle_leaves_no_half(self, copied, published, monkeypatch):
        files, address, place = copied
        _upload(files, published, address, "1")
        whole, calls = files.get_file, []

        def half(*given, **named):
            calls.append(given)
            if len(calls) == 3:
                raise ConnectionError("gone")
            return whole(*given, **named)

        monkeypatch.setattr(files, "get_file", half)
        assert place.refresh() == set()
        assert _files(place.folder) == {}
        assert place.refresh() == {1}  # the next look begins it anew
        assert _files(place.folder).keys() == {
            name for name in _files(published) if name.startswith("1/")
        }  # fmt: skip

    def test_a_record_comes_after_the_version_it_may_name(self, copied, published, monkeypatch):
        files, address, place = copied
        _upload(files, published, address, "1", "current.json")
        whole = files.get_file

        def no_version(source, *given, **named):
            if "/1/" in source:
                raise ConnectionError("gone")
            return whole(source, *given, **named)

        with monkeypatch.context() as patch:
            patch.setattr(files, "get_file", no_version)
            assert (place.refresh(), _files(place.folder)) == (set(), {})
        assert place.refresh() == {1} and (place.folder / "current.json").exists()

    def test_it_leaves_nothing_behind(self, memory):
        place = mirror.of(memory[1])
        place.close()
        assert not place.folder.parent.exists()


class TestService:
    @staticmethod
    def _ask(client: httpx.Client) -> httpx.Response:
        return client.post("/v1/models/digits:predict", json={"instances": ROWS.tolist()})

    def test_an_empty_place_says_that_nothing_is_there_yet(self, memory):
        with testclient.TestClient(serving.application("digits", memory[1], seconds=60)) as client:
            reply = self._ask(client)
        assert (reply.status_code, "No version is in the store" in reply.json()["error"]) == (503, True)

    def test_a_place_that_cannot_be_reached_is_named(self, memory, monkeypatch):
        files, address = memory
        monkeypatch.setattr(files, "find", lambda *given, **named: 1 / 0)
        with testclient.TestClient(serving.application("digits", address, seconds=60)) as client:
            reply = self._ask(client)
        assert (reply.status_code, address in reply.json()["error"]) == (503, True)

    def test_half_an_upload_does_not_answer_and_the_whole_one_does(self, memory, published):
        files, address = memory
        _upload(files, published, address, "1", "current.json")
        keeper = watcher.Keeper(address)
        try:
            keeper.look()
            files.put(str(published / "2" / "saved_model.pb"), f"{address}/2/saved_model.pb")
            keeper.look()
            assert [(number, state) for number, state, _ in keeper.states()] == [(2, "END"), (1, "AVAILABLE")]
            assert keeper.version().number == 1
            _upload(files, published, address, "2")
            keeper.look()
            assert keeper.version(2).number == 2
        finally:
            keeper.stop()

    def test_a_version_uploaded_anew_is_loaded_anew_and_never_missing(self, memory, published):
        files, address = memory
        _upload(files, published, address, "1")
        keeper = watcher.Keeper(address)
        try:
            keeper.look()
            first = keeper.version(1).predict(ROWS)
            files.put(str(published / "2") + "/", f"{address}/1", recursive=True)
            keeper.look()
            assert not numpy.allclose(keeper.version(1).predict(ROWS), first)
            # One that does not load leaves the one that did.
            files.pipe_file(f"{address}/1/saved_model.pb", b"no graph")
            keeper.look()
            assert keeper.version(1).predict(ROWS).shape == (2, 10)
            assert [row[:2] for row in keeper.states()] == [(1, "AVAILABLE")]
        finally:
            keeper.stop()


@pytest.fixture
def bucket(monkeypatch):
    """An S3-compatible server in this process with the bucket `models`; a test may stop the one it has."""
    for name in ("ENDPOINT_URL", "DEFAULT_REGION", "ACCESS_KEY_ID", "SECRET_ACCESS_KEY"):
        monkeypatch.setenv(f"AWS_{name}", "")  # what it sets there is taken back at the end
    running = local_s3.Cloud("models")
    yield running
    running.stop()
    s3fs.S3FileSystem.clear_instance_cache()


def test_a_cloud_that_is_started_again_is_empty_and_is_the_one_that_is_asked(bucket):
    fsspec.filesystem("s3").pipe_file("models/old", b"of the first")
    first = os.environ["AWS_ENDPOINT_URL"]
    again = local_s3.Cloud("models")
    try:
        assert os.environ["AWS_ENDPOINT_URL"] != first
        assert fsspec.filesystem("s3").ls("models") == []
    finally:
        again.stop()


def test_a_service_process_serves_from_s3_and_goes_on_without_it(bucket, published, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "temporary").mkdir()
    for name in ("TMPDIR", "TEMP", "TMP"):
        monkeypatch.setenv(name, str(tmp_path / "temporary"))
    files = fsspec.filesystem("s3")
    _upload(files, published, "models/digits", "1", "2", "current.json")
    source = 'from helpers.tools import serving\napplication = serving.application("digits", "s3://models/digits")\n'
    pathlib.Path("from_s3.py").write_text(source, encoding="utf-8")
    running = local_server.Server("from_s3")
    try:
        with httpx.Client(base_url=running.address, timeout=60, trust_env=False) as client:
            first = TestService._ask(client)
            assert (first.status_code, first.headers["X-Model-Version"]) == (200, "1")
            assert any("course-store-" in name for name in os.listdir("temporary"))
            bucket.stop()
            assert TestService._ask(client).json() == first.json()
    finally:
        running.stop()
    assert not [name for name in os.listdir("temporary") if "course-store-" in name]
