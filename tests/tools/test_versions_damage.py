"""A version that is not what was published is refused, with the reason."""

import hashlib
import json
import os
import pathlib
import shutil

from helpers.tools import versions
from helpers.tools.versions import golden_batch
import pytest

from tests.suite import names

NAME = names.possible("data größer")
FILES = ["model.keras", f"variables/{NAME}", "golden.npz", "version.json", "version.json.sha256"]


@pytest.fixture(autouse=True)
def asked(tmp_path, monkeypatch):
    """A store with one version whose golden batch only says that it was asked."""
    monkeypatch.chdir(tmp_path)
    count = []
    monkeypatch.setattr(golden_batch, "check", lambda *given: count.append(given))
    with versions.publish("store", golden=([1.0], [2.0]), metrics={"accuracy": 0.9}) as draft:
        (draft.folder / "variables").mkdir()
        (draft.folder / "variables" / NAME).write_bytes(bytes(range(100)))
        (draft.folder / "model.keras").write_bytes(b"a model")
    versions.check("store", 1)
    assert len(count) == 1
    count.clear()
    yield
    assert not count, "something damaged was loaded"


def refused(*words):
    for function in (versions.check, versions.promote):
        with pytest.raises(versions.Refused) as caught:
            function("store", 1)
        assert str(caught.value).startswith("Version 1 is refused: ")
        assert all(word in str(caught.value) for word in words), str(caught.value)
    assert versions.current("store") is None


@pytest.mark.parametrize("name", FILES)
def test_a_flipped_bit_anywhere_is_refused(name):
    path = pathlib.Path("store/1", name)
    good = path.read_bytes()
    for place in range(0, len(good), max(1, len(good) // 60)):
        damaged = bytearray(good)
        damaged[place] ^= 1 << place % 8
        path.write_bytes(damaged)
        with pytest.raises(versions.Refused, match=name.removesuffix(".sha256")):
            versions.check("store", 1)
    refused(name)
    path.write_bytes(good)


@pytest.mark.parametrize("name", FILES)
def test_a_missing_file_is_refused(name):
    pathlib.Path("store/1", name).unlink()
    refused(name, "is missing")


@pytest.mark.parametrize("name", FILES)
def test_a_folder_or_a_link_in_the_place_of_a_file_is_refused(name):
    path = pathlib.Path("store/1", name)
    shutil.copy(path, "copy")
    path.unlink()
    path.mkdir()
    refused(name)
    path.rmdir()
    path.symlink_to(pathlib.Path("copy").absolute())
    refused(name, "is neither a file nor a folder")


@pytest.mark.parametrize("name", ["added", "variables/added", ".added", "version.json.bak"])
def test_an_added_file_is_refused(name):
    pathlib.Path("store/1", name).touch()
    refused(name, "was not published with it")


def test_a_longer_or_shorter_file_is_refused_with_both_sizes():
    pathlib.Path("store/1/model.keras").write_bytes(b"a model!")
    refused("'model.keras' has 8 bytes, and 7 were published")
    pathlib.Path("store/1/model.keras").write_bytes(b"")
    refused("'model.keras' has 0 bytes, and 7 were published")


def test_an_edited_side_car_is_refused():
    path = pathlib.Path("store/1/version.json")
    path.write_text(path.read_text(encoding="utf-8").replace("0.9", "0.99"), encoding="utf-8")
    refused("version.json is not what was published")
    for function in (versions.side_car, versions.check):
        with pytest.raises(versions.Refused):
            function("store", 1)


def test_an_edited_side_car_that_was_sealed_again_does_not_hide_another_file():
    pathlib.Path("store/1/model.keras").write_bytes(b"z model")
    facts = json.loads(pathlib.Path("store/1/version.json").read_text(encoding="utf-8"))
    facts["metrics"] = {"accuracy": 1.0}
    seal(json.dumps(facts).encode())
    refused("'model.keras' has other content")


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"3", b"\xff", b"{}", b"[" * 100_000])
def test_a_side_car_of_another_form_is_refused(content):
    seal(content)
    refused("version.json does not have the form")


def test_a_version_under_another_number_is_refused():
    shutil.copytree("store/1", "store/2")
    with pytest.raises(versions.Refused, match="Version 2 is refused: it was published as version 1"):
        versions.promote("store", 2)


def test_a_folder_that_nobody_published_is_refused():
    pathlib.Path("store/7").mkdir()
    with pytest.raises(versions.Refused, match=r"Version 7 is refused: version.json is missing"):
        versions.check("store", 7)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this platform has no pipes with names")
def test_a_pipe_in_the_place_of_a_file_does_not_make_it_wait():
    for name in ("model.keras", "version.json"):
        path = pathlib.Path("store/1", name)
        path.unlink()
        os.mkfifo(path)
        refused(name)


def seal(content):
    pathlib.Path("store/1/version.json").write_bytes(content)
    seal = f"{hashlib.sha256(content).hexdigest()}  version.json\n"
    pathlib.Path("store/1/version.json.sha256").write_bytes(seal.encode())
