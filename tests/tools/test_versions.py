"""The version store: publishing, and what stands in a store afterwards."""

import datetime
import errno
import hashlib
import json
import os
import pathlib
import shutil
import stat
import subprocess

from helpers.tools import versions
from helpers.tools.versions import arguments, catalogue, disk
import numpy
import pytest

from tests.suite import names


@pytest.fixture(autouse=True)
def place(tmp_path, monkeypatch):
    """Every test works in an empty folder whose name has a space and letters beyond ASCII."""
    folder = tmp_path / names.possible("größer als zwölf")
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def publish(content=b"weights", store="store", **facts):
    with versions.publish(store, **facts) as draft:
        (draft.folder / "variables").mkdir()
        (draft.folder / "variables" / "data").write_bytes(content)
        (draft.folder / "model.bin").write_bytes(b"structure")
    return draft.number


def entries(store="store"):
    return sorted(path.name for path in pathlib.Path(store).iterdir())


def test_versions_are_numbered_and_hold_what_was_saved():
    with versions.publish("store") as draft:
        assert draft.number is None
        (draft.folder / "model.bin").write_bytes(b"first")
        assert entries() == [draft.folder.name] and draft.folder.name.startswith(".staging-")
    assert (draft.number, draft.folder) == (1, pathlib.Path("store/1"))
    assert (draft.folder / "model.bin").read_bytes() == b"first"
    assert publish() == 2
    assert entries() == ["1", "2"]
    assert versions.path("store", 2) == pathlib.Path("store/2")


def test_the_side_car_says_what_the_files_do_not(monkeypatch):
    pathlib.Path("train.py").write_text("epochs = 8", encoding="utf-8")
    data = numpy.arange(6.0)
    publish(
        metrics={"accuracy": numpy.float32(0.5), "loss": -1, "rows": numpy.int64(360)},
        data=data,
        code="train.py",
        notes="größer",
    )
    facts = versions.side_car("store", 1)
    assert facts["number"] == 1 and facts["notes"] == "größer"
    assert facts["metrics"] == {"accuracy": 0.5, "loss": -1, "rows": 360}
    assert datetime.datetime.fromisoformat(facts["created"]).utcoffset() == datetime.timedelta(0)
    assert facts["code"]["sha256"] == hashlib.sha256(b"epochs = 8").hexdigest()
    assert facts["libraries"]["numpy"] == numpy.__version__ and facts["libraries"]["python"]
    assert set(facts["libraries"]) == {"python", "tensorflow", "keras", "numpy"}
    assert facts["files"] == {
        "model.bin": {"size": 9, "sha256": hashlib.sha256(b"structure").hexdigest()},
        "variables/data": {"size": 7, "sha256": hashlib.sha256(b"weights").hexdigest()},
    }
    seal = pathlib.Path("store/1/version.json.sha256").read_text(encoding="utf-8")
    content = pathlib.Path("store/1/version.json").read_bytes()
    assert seal == f"{hashlib.sha256(content).hexdigest()}  version.json\n"
    assert "größer" in content.decode()
    publish(data=data.reshape(2, 3))
    assert versions.side_car("store", 2)["data"] != facts["data"]


@pytest.mark.parametrize("error", [ValueError("out of memory"), OSError("disk"), KeyboardInterrupt()])
def test_a_block_that_raises_publishes_nothing_and_leaves_nothing(error):
    def save_half(folder):
        (folder / "model.bin").write_bytes(b"half")
        raise error

    with pytest.raises(type(error)) as caught, versions.publish("store") as draft:
        save_half(draft.folder)
    assert caught.value is error
    assert entries() == [] and draft.number is None


def _nothing(folder):
    pass


def _empty_folder(folder):
    (folder / "variables").mkdir()


def _gone(folder):
    shutil.rmtree(folder)


def _side_car(folder):
    (folder / "version.json").write_text("{}", encoding="utf-8")


def _capital_side_car(folder):
    (folder / "Version.JSON").write_text("{}", encoding="utf-8")


def _golden(folder):
    (folder / "golden.npz").write_bytes(b"mine")


def _link(folder):
    (folder / "model.bin").symlink_to(pathlib.Path("elsewhere").absolute())


def _linked_folder(folder):
    (folder / "model.bin").write_bytes(b"structure")
    (folder / "variables").symlink_to(pathlib.Path().absolute(), target_is_directory=True)


@pytest.mark.parametrize(
    ("block", "said"),
    [
        (_nothing, "Nothing was saved into draft.folder"),
        (_empty_folder, "Nothing was saved into draft.folder"),
        (_gone, "Publishing did not work"),
        (_side_car, "The store writes a version.json itself"),
        (_capital_side_car, "The store writes a Version.JSON itself"),
        (_golden, "The store writes a golden.npz itself"),
        (_link, "'model.bin' is neither a file nor a folder"),
        (_linked_folder, "'variables' is neither a file nor a folder"),
    ],
)
def test_what_cannot_be_a_version_is_refused_and_leaves_nothing(block, said):
    with pytest.raises(versions.VersionsError, match=said), versions.publish("store") as draft:
        block(draft.folder)
    assert entries() == []


def _nested(levels):
    data = []
    for _ in range(levels):
        data = [data]
    return data


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"store": 3}, 'A store is named by a path, such as "store"; got 3'),
        ({"store": None}, "got None"),
        ({"store": b"store"}, "A store is named by a path"),
        ({"store": "a\0b"}, "A store is named by a path"),
        ({"store": "\ud800"}, "A store is named by a path"),
        ({"store": "file"}, "file is a file, and a store is a folder"),
        ({"store": "file/store"}, "Making the store did not work"),
        ({"store": "x" * 300}, "Making the store did not work"),
        ({"name": True}, "The name of a version is a whole number such as 3, from 1; got True"),
        ({"name": 0}, "got 0"),
        ({"name": -1}, "got -1"),
        ({"name": 2.0}, "got 2.0"),
        ({"name": "v2"}, "got 'v2'"),
        ({"name": "../x"}, "got '../x'"),
        ({"name": 10**18}, "got 1000000000000000000"),
        ({"name": numpy.array([1, 2])}, "The name of a version is a whole number"),
        ({"metrics": [0.9]}, "Metrics are names with numbers"),
        ({"metrics": {3: 0.9}}, "Metrics are names with numbers"),
        ({"metrics": {"": 0.9}}, "Metrics are names with numbers"),
        (
            {"metrics": {"accuracy": float("nan")}},
            "The metric 'accuracy' is a number such as 0.95, neither NaN",
        ),
        ({"metrics": {"accuracy": numpy.float32("inf")}}, "neither NaN nor infinite"),
        ({"metrics": {"accuracy": True}}, "got True"),
        ({"metrics": {"accuracy": "0.9"}}, "got '0.9'"),
        ({"metrics": {"accuracy": None}}, "got None"),
        ({"metrics": {"accuracy": [0.9, 0.8]}}, "The metric 'accuracy' is a number"),
        ({"metrics": {"accuracy": numpy.longdouble("1e4000")}}, "The metric 'accuracy' is a number"),
        ({"metrics": {"accuracy": 10**400}}, "The metric 'accuracy' is a number"),
        ({"metrics": {"\ud800": 0.9}}, "cannot be written as UTF-8"),
        ({"data": "no such file"}, "there is none at 'no such file'"),
        ({"data": object()}, "Data are fingerprinted as arrays, bytes, paths"),
        ({"data": [[1, None]]}, "Data are fingerprinted as arrays, bytes, paths"),
        ({"data": _nested(100_000)}, "The data are nested too deeply to be fingerprinted"),
        ({"code": "no such file"}, "there is none at 'no such file'"),
        ({"code": 3}, "The code is the path of a file or a folder; got 3"),
        ({"notes": 3}, "A note is a text; got 3"),
        ({"notes": "\udc80"}, "cannot be written as UTF-8"),
        ({"tolerance": -1}, "A tolerance is 0 or more; got -1"),
        ({"tolerance": float("nan")}, "A tolerance is a number"),
        ({"imports": "layers"}, "imports is a list of names of modules"),
        ({"imports": ["a; b"]}, "imports is a list of names of modules"),
        ({"golden": 3}, "golden is the pair"),
        ({"golden": (1, 2, 3)}, "golden is the pair"),
        ({"golden": ([], [1.0])}, "batch of a golden pair must not be empty"),
        ({"golden": ([1.0], [])}, "answers of a golden pair must not be empty"),
        ({"golden": ([1.0], {})}, "got an empty dict"),
        ({"golden": ([1.0], [numpy.nan])}, "The golden answers hold NaN or infinity"),
        ({"golden": ([1.0], ["seven"])}, "The answers of a golden pair must be an array"),
        ({"golden": ([None], [1.0])}, "The batch of a golden pair must be an array"),
        ({"golden": ([1.0], [[1.0], [1.0, 2.0]])}, "The answers of a golden pair must be an array"),
        ({"golden": ({"a\0b": [1.0]}, [1.0])}, "must be short texts"),
    ],
)
def test_an_odd_argument_is_a_sentence_before_the_block_runs(facts, said):
    pathlib.Path("file").touch()
    facts = {"store": "store", **facts}
    with pytest.raises(versions.VersionsError) as caught, versions.publish(facts.pop("store"), **facts):
        pytest.fail("the block ran")
    assert said in str(caught.value)
    assert not pathlib.Path("store").exists() or entries() == []


def test_a_golden_batch_needs_something_to_ask():
    golden = ([1.0], [1.0])
    for save in (_nothing_to_ask, _two_to_ask):
        with (
            pytest.raises(versions.VersionsError, match="nothing to ask it"),
            versions.publish("store", golden=golden) as draft,
        ):
            save(draft.folder)
    assert entries() == []


def _nothing_to_ask(folder):
    (folder / "model.bin").touch()


def _two_to_ask(folder):
    for name in ("one.keras", "two.keras"):
        (folder / name).touch()


def test_numbers_are_compared_as_numbers():
    for _ in range(10):
        publish()
    assert [version.number for version in versions.listing("store")] == list(range(1, 11))


def test_a_timestamp_is_a_number_and_two_in_one_second_are_two_versions(monkeypatch):
    now = versions.timestamp()
    assert isinstance(now, int) and len(str(now)) == 14
    assert [publish(name=now), publish(name=now), publish(name=now - 100)] == [now, now + 1, now + 2]
    assert publish(name=now + 60) == now + 60


def test_what_stands_there_by_another_name_is_never_touched():
    publish()
    store = pathlib.Path("store")
    (store / "2").mkdir()
    (store / "007").mkdir()
    (store / "8").touch()
    (store / "9").symlink_to("1", target_is_directory=True)
    (store / "99 bottles").mkdir()
    assert publish() == 10
    assert [version.number for version in versions.listing("store")] == [1, 2, 10]
    assert list((store / "2").iterdir()) == [] and (store / "8").is_file() and (store / "9").is_symlink()
    with pytest.raises(versions.VersionsError, match=r"no version 9 in store. Versions there: 1, 2, 10"):
        versions.path("store", 9)


def test_a_number_with_zeros_in_front_is_taken_because_a_server_reads_it():
    publish()
    pathlib.Path("store", "0012").mkdir()
    assert publish() == 13


@pytest.mark.parametrize("taken", ["version", "file"])
def test_a_number_that_another_takes_first_is_left_to_it(taken, monkeypatch):
    publish(b"other")
    if taken == "file":
        pathlib.Path("store/2").write_bytes(b"other")
    real = catalogue.following
    # The first look misses what another process is about to name; one is the look before the block.
    answers = iter([1, 2 if taken == "file" else 1])
    monkeypatch.setattr(catalogue, "following", lambda *given: next(answers, None) or real(*given))
    number = publish(b"mine")
    assert number == (3 if taken == "file" else 2)
    assert versions.side_car("store", number)["number"] == number
    assert pathlib.Path("store/1/variables/data").read_bytes() == b"other"
    for number in [version.number for version in versions.listing("store")]:
        versions.check("store", number)


def test_a_number_that_was_promoted_is_not_given_again():
    for _ in range(2):
        publish()
    versions.promote("store", 2)
    shutil.rmtree("store/2")
    assert publish() == 3


def test_numbers_can_be_used_up():
    publish(name=arguments.LARGEST)
    with pytest.raises(versions.VersionsError, match="are used up"):
        publish()


def test_a_change_of_folder_in_the_block_does_not_matter(place):
    (place / "elsewhere").mkdir()
    with versions.publish("store") as draft:
        os.chdir("elsewhere")
        (draft.folder / "model.bin").touch()
    os.chdir(place)
    versions.check("store", draft.number)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")
def test_a_server_of_another_user_may_read_a_version():
    before = os.umask(0o022)
    try:
        publish()
    finally:
        os.umask(before)
    assert stat.S_IMODE(pathlib.Path("store/1").stat().st_mode) == 0o755
    assert stat.S_IMODE(pathlib.Path("store/1/version.json").stat().st_mode) == 0o644


def test_everything_is_on_the_disk_before_it_gets_its_name(monkeypatch):
    flushed, renamed = set(), {}
    real_fsync, real_rename = os.fsync, os.rename

    def fsync(handle):
        flushed.add(os.fstat(handle).st_ino)
        real_fsync(handle)

    def rename(source, target):
        if pathlib.Path(target).name == "1":
            paths = [source, *pathlib.Path(source).rglob("*")]
            renamed.update({path: path.stat().st_ino in flushed for path in paths})
            flushed.clear()
        real_rename(source, target)

    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(os, "rename", rename)
    publish()
    assert len(renamed) == 6 and all(renamed.values())  # four files and two folders
    assert pathlib.Path("store").stat().st_ino in flushed


@pytest.mark.parametrize("call", ["fsync", "rename"])
def test_a_full_or_closed_disk_is_a_sentence_and_publishes_nothing(call, monkeypatch):
    publish()

    def refuse(*_):
        raise OSError(errno.ENOSPC, "No space left on device", "/home/somebody/store/2")

    with monkeypatch.context() as patch:
        patch.setattr(os, call, refuse)
        with pytest.raises(versions.VersionsError, match="Publishing did not work: No space left") as caught:
            publish()
    assert "somebody" not in str(caught.value)
    assert entries() == ["1"]
    versions.check("store", 1)


def test_the_commit_is_noted(place):
    def git(*command):
        who = ["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]
        subprocess.run(["git", *who, *command], check=True, capture_output=True)

    if shutil.which("git") is None:
        pytest.skip("there is no git on this machine")
    git("init")
    pathlib.Path(".gitignore").write_text("store\n", encoding="utf-8")
    git("add", ".gitignore")
    git("commit", "-m", "first")
    head = subprocess.run(
        ["git", "rev-parse", "HEAD"], check=True, capture_output=True, text=True, encoding="utf-8"
    ).stdout
    publish()
    assert versions.side_car("store", 1)["code"] == {"commit": head.strip(), "dirty": False, "sha256": None}
    pathlib.Path("train.py").touch()
    publish(code="train.py")
    code = versions.side_car("store", 2)["code"]
    assert code["dirty"] is True and code["sha256"] == hashlib.sha256(b"").hexdigest()


def test_without_git_the_code_is_unknown(monkeypatch):
    monkeypatch.setenv("PATH", "")
    publish()
    assert versions.side_car("store", 1)["code"] == {"commit": None, "dirty": None, "sha256": None}


def test_data_are_fingerprinted_whatever_their_form():
    def taken(data):
        publish(data=data)
        return versions.listing("store")[-1].number

    def fingerprint(data):
        return versions.side_car("store", taken(data))["data"]

    folder = pathlib.Path("data")
    folder.mkdir()
    (folder / "a").write_bytes(b"1")
    alone = hashlib.sha256(b"1").hexdigest()
    assert fingerprint(b"1") == fingerprint("data/a") == fingerprint(folder / "a") == alone
    array = numpy.arange(6, dtype="float32")
    different = [
        array,
        array.reshape(2, 3),
        array.astype("float64"),
        array[::-1],
        [array, array],
        {"left": array, "right": array},
        {"left": array, "wrong": array},
        folder,
        b"",
        3,
    ]
    hashes = [fingerprint(data) for data in different]
    assert len(set(hashes)) == len(different)
    assert fingerprint(array.copy()) == hashes[0] and fingerprint([array[::-1][::-1], array]) == hashes[4]
    assert fingerprint(None) is None
    (folder / "b").write_bytes(b"2")
    assert fingerprint(folder) != hashes[7]


def test_another_process_in_the_way_is_a_sentence(monkeypatch):
    publish()
    monkeypatch.setattr(disk, "PATIENCE", 0.1)
    with disk.held(pathlib.Path("store")):
        for function in (versions.promote, versions.keep):
            with pytest.raises(versions.VersionsError, match="Another process has been changing store"):
                function("store", 1)
        for function in (versions.roll_back, versions.sweep):
            with pytest.raises(versions.VersionsError, match="Another process has been changing store"):
                function("store")
        assert publish() == 2  # publishing waits for nobody
    versions.promote("store", 1)


def test_reading_changes_nothing():
    publish()
    versions.promote("store", 1)

    def seen():
        paths = [pathlib.Path("store"), *sorted(pathlib.Path("store").rglob("*"))]
        return [(path, path.stat().st_mtime_ns, path.is_file() and path.read_bytes()) for path in paths]

    before = seen()
    versions.check("store")
    versions.listing("store")
    versions.history("store")
    versions.side_car("store")
    assert (versions.current("store"), versions.path("store")) == (1, pathlib.Path("store/1"))
    assert seen() == before


@pytest.mark.parametrize("function", [versions.listing, versions.current, versions.history, versions.sweep])
def test_a_store_that_is_not_there_is_a_sentence_and_is_not_made(function):
    with pytest.raises(versions.VersionsError, match="There is no store at nowhere"):
        function("nowhere")
    assert not pathlib.Path("nowhere").exists()


def test_a_listing_shows_a_damaged_version_with_its_problem():
    publish(metrics={"accuracy": 0.9})
    publish(metrics={"accuracy": 0.8})
    pathlib.Path("store/1/version.json").unlink()
    first, second = versions.listing("store")
    assert (first.metrics, first.created) == ({}, "")
    assert first.problem.startswith("Version 1 is refused: version.json is missing.")
    assert (second.metrics, second.problem, second.status) == ({"accuracy": 0.8}, "", "never promoted")


def test_the_record_is_json_for_any_program():
    publish()
    publish()
    versions.promote("store", 1)
    versions.promote("store", 2)
    record = json.loads(pathlib.Path("store/current.json").read_text(encoding="utf-8"))
    assert record["current"] == 2
    assert [(entry["number"], entry["before"]) for entry in record["history"]] == [(1, None), (2, 1)]
