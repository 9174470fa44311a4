"""Promote, roll back, keep and sweep."""

import contextlib
import errno
import os
import pathlib
import shutil
import subprocess
import sys

from helpers.tools import versions
from helpers.tools.versions import publication, sidecar
import numpy
import psutil
import pytest


@pytest.fixture(autouse=True)
def place(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def publish(*accuracies):
    for accuracy in accuracies:
        with versions.publish("store", metrics={"accuracy": accuracy, "loss": 1 - accuracy}) as draft:
            (draft.folder / "model.bin").write_bytes(b"weights")


def numbers():
    return [version.number for version in versions.listing("store")]


def test_nothing_is_promoted_until_somebody_does():
    publish(0.5)
    assert versions.current("store") is None and versions.history("store") == []
    for function in (versions.path, versions.check, versions.side_car):
        with pytest.raises(versions.VersionsError, match="No version is promoted in store"):
            function("store")


def test_a_promotion_is_kept_with_what_it_replaced():
    publish(0.5, 0.6)
    versions.promote("store", 1)
    versions.promote("store", numpy.int64(2))
    assert versions.current("store") == 2 and versions.path("store") == pathlib.Path("store/2")
    assert [(one.number, one.before, one.action) for one in versions.history("store")] == [
        (1, None, "promoted"),
        (2, 1, "promoted"),
    ]
    assert [version.status for version in versions.listing("store")] == ["promoted before", "current"]


def test_promoting_the_current_version_changes_nothing():
    publish(0.5, 0.6)
    versions.promote("store", 1)
    versions.promote("store", 2)
    versions.promote("store", 2, metric="accuracy")
    assert len(versions.history("store")) == 2
    assert versions.roll_back("store") == 1


@pytest.mark.parametrize(
    ("reigning", "candidate", "options", "passes"),
    [
        (0.9, 0.8, {"metric": "accuracy"}, False),
        (0.9, 0.8, {"metric": "accuracy", "tolerance": 0.05}, False),
        (0.9, 0.8, {"metric": "accuracy", "tolerance": 0.2}, True),
        (0.9, 0.8, {"metric": "loss"}, True),
        (0.9, 0.8, {"metric": "loss", "higher_is_better": False}, False),
        (0.8, 0.9, {"metric": "loss", "higher_is_better": False}, True),
        (0.8, 0.8, {"metric": "accuracy"}, True),
        (0.9, 0.1, {}, True),
    ],
)
def test_a_version_that_is_worse_is_refused(reigning, candidate, options, passes):
    publish(reigning, candidate)
    versions.promote("store", 1, **options)
    if passes:
        versions.promote("store", 2, **options)
    else:
        said = f"Version 2 is refused: its {options['metric']} is .*, and that of version 1, the current one,"
        with pytest.raises(versions.Refused, match=said):
            versions.promote("store", 2, **options)
    assert versions.current("store") == (2 if passes else 1)


def test_a_tolerance_is_no_staircase():
    publish(*[0.97 - 0.05 * step for step in range(8)])
    promoted = []
    for number in range(1, 9):
        with contextlib.suppress(versions.Refused):
            versions.promote("store", number, metric="accuracy", tolerance=0.05)
            promoted.append(number)
    assert promoted == [1, 2]
    with pytest.raises(
        versions.Refused, match=r"of version 1, the best one promoted so far, is 0\.97\. It may"
    ):
        versions.promote("store", 3, metric="accuracy", tolerance=0.05)


def test_a_best_version_that_was_taken_back_or_removed_does_not_count():
    publish(0.8, 0.9, 0.8)
    versions.promote("store", 1)
    versions.promote("store", 2)
    assert versions.roll_back("store") == 1
    versions.promote("store", 3, metric="accuracy")
    shutil.rmtree("store/1")
    publish(0.7)
    with pytest.raises(versions.Refused, match="of version 3, the current one"):
        versions.promote("store", 4, metric="accuracy")
    with pytest.raises(versions.Refused, match=r"its accuracy is 0\.7, and the floor is at least 0\.75"):
        versions.promote("store", 4, metric="accuracy", tolerance=0.2, floor=0.75)


@pytest.mark.parametrize(
    ("candidate", "options", "passes"),
    [
        (57 / 60, {"metric": "accuracy", "margin": 3 / 60}, True),
        (56 / 60, {"metric": "accuracy", "margin": 3 / 60}, False),
        (54 / 60, {"metric": "accuracy", "margin": 3 / 60}, False),
        (57 / 60, {"metric": "loss", "margin": 3 / 60, "higher_is_better": False}, True),
        (56 / 60, {"metric": "loss", "margin": 3 / 60, "higher_is_better": False}, False),
        (54 / 60, {"metric": "accuracy", "floor": 0.9}, True),
        (57 / 60, {"metric": "accuracy", "floor": 0.96}, False),
        (57 / 60, {"metric": "loss", "floor": 0.05, "higher_is_better": False}, True),
        (57 / 60, {"metric": "loss", "floor": 0.04, "higher_is_better": False}, False),
    ],
)
def test_a_margin_has_to_be_won_and_a_floor_reached(candidate, options, passes):
    publish(54 / 60, candidate)
    versions.promote("store", 1)
    if passes:
        versions.promote("store", 2, **options)
        return
    said = "It has to be better by 0.05" if "margin" in options else "and the floor is at (least|most)"
    with pytest.raises(versions.Refused, match=said):
        versions.promote("store", 2, **options)


def test_the_first_promotion_needs_the_floor_and_no_margin():
    publish(0.5)
    with pytest.raises(versions.Refused, match=r"the floor is at least 0\.6"):
        versions.promote("store", 1, metric="accuracy", floor=0.6)
    versions.promote("store", 1, metric="accuracy", margin=0.1)


def test_an_older_version_that_cannot_be_compared_is_passed_over():
    with versions.publish("store") as draft:  # no metric
        (draft.folder / "model.bin").write_bytes(b"weights")
    publish(0.8, 0.8)
    versions.promote("store", 1)
    versions.promote("store", 2)
    versions.promote("store", 3, metric="accuracy")
    assert versions.current("store") == 3


def test_a_damaged_older_version_is_not_loaded_to_be_measured():
    publish(0.9, 0.8, 0.85)
    versions.promote("store", 1)
    versions.promote("store", 2)
    pathlib.Path("store/1/model.bin").write_bytes(b"weightz")
    asked = []

    def measure(folder: pathlib.Path) -> float:
        asked.append(folder.name)
        return {"1": 0.9, "2": 0.8, "3": 0.85}[folder.name]

    versions.promote("store", 3, measure=measure)
    assert asked == ["3", "2"]


def test_a_metric_that_is_missing_refuses():
    publish(0.5)
    with versions.publish("store") as draft:
        (draft.folder / "model.bin").touch()
    with pytest.raises(versions.Refused, match=r"Version 2 is refused.* Metrics of version 2: none"):
        versions.promote("store", 2, metric="accuracy")
    versions.promote("store", 2)
    with pytest.raises(versions.Refused, match=r"Version 1 is refused.* Metrics of version 2: none"):
        versions.promote("store", 1, metric="accuracy")
    with pytest.raises(versions.Refused, match="Metrics of version 1: accuracy, loss"):
        versions.promote("store", 1, metric="f1")
    assert versions.current("store") == 2


def test_a_current_version_that_cannot_be_compared_with_is_named():
    publish(0.5, 0.6)
    versions.promote("store", 1)
    pathlib.Path("store/1/version.json").unlink()
    with pytest.raises(versions.Refused, match=r"Version 2 .* Version 1 is refused: version.json is missing"):
        versions.promote("store", 2, metric="accuracy")
    versions.promote("store", 2)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"number": 3}, "There is no version 3 in store. Versions there: 1."),
        ({"number": 0}, "got 0"),
        ({"number": -1}, "got -1"),
        ({"number": True}, "got True"),
        ({"number": 1.0}, "got 1.0"),
        ({"number": "1"}, "got '1'"),
        ({"number": "../x"}, 'A version is "current" or a number'),
        ({"number": None}, "got None"),
        ({"number": 10**30}, "a whole number"),
        ({"number": 1, "metric": 3}, 'A metric has a name such as "accuracy"; got 3'),
        ({"number": 1, "tolerance": "x"}, "A tolerance is a number"),
        ({"number": 1, "tolerance": -0.1}, "A tolerance is 0 or more"),
        ({"number": 1, "tolerance": numpy.nan}, "neither NaN"),
        ({"number": 1, "margin": -0.1}, "A margin is 0 or more"),
        ({"number": 1, "metric": "accuracy", "margin": 0.1, "tolerance": 0.1}, "Leave one out"),
        ({"number": 1, "metric": "accuracy", "floor": "x"}, "A floor is a number"),
        ({"number": 1, "floor": 0.9}, "Add a metric or measure"),
        ({"number": 1, "margin": 0.1}, "Add a metric or measure"),
        ({"number": 1, "higher_is_better": "no"}, "higher_is_better is True or False, not 'no'"),
    ],
)
def test_an_odd_argument_is_a_sentence(given, said):
    publish(0.5)
    with pytest.raises(versions.VersionsError) as caught:
        versions.promote("store", **given)
    assert said in str(caught.value)
    assert versions.current("store") is None


def test_rolling_back_goes_further_back_each_time():
    publish(0.1, 0.2, 0.3, 0.4)
    for number in (1, 2, 3):
        versions.promote("store", number)
    assert [versions.roll_back("store"), versions.roll_back("store")] == [2, 1]
    with pytest.raises(versions.VersionsError, match="There is nothing to roll back to in store"):
        versions.roll_back("store")
    versions.promote("store", 4)
    assert versions.roll_back("store") == 1
    assert [one.action for one in versions.history("store")].count("rolled back") == 3
    assert versions.history("store")[-1].before == 4


def test_rolling_back_passes_over_what_was_removed():
    publish(0.1, 0.2, 0.3)
    for number in (1, 2, 3):
        versions.promote("store", number)
    shutil.rmtree("store/2")
    assert versions.roll_back("store") == 1


def test_rolling_back_checks_too():
    publish(0.1, 0.2)
    versions.promote("store", 1)
    versions.promote("store", 2)
    pathlib.Path("store/1/model.bin").write_bytes(b"weightz")
    with pytest.raises(versions.Refused, match=r"Version 1 is refused: 'model.bin' has other content"):
        versions.roll_back("store")
    assert versions.current("store") == 2


def test_a_current_version_whose_folder_is_gone_is_a_sentence():
    publish(0.1, 0.2)
    versions.promote("store", 1)
    versions.promote("store", 2)
    shutil.rmtree("store/2")
    with pytest.raises(versions.VersionsError, match=r"There is no version 2 in store. Versions there: 1."):
        versions.path("store")
    assert versions.roll_back("store") == 1


def test_a_record_that_cannot_be_written_leaves_the_old_one(monkeypatch):
    publish(0.1, 0.2)
    versions.promote("store", 1)

    def refuse(*_):
        raise PermissionError(errno.EACCES, "Permission denied", "store/current.json")

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", refuse)
        with pytest.raises(versions.VersionsError, match=r"did not work: Permission denied \(current.json\)"):
            versions.promote("store", 2)
    assert versions.current("store") == 1
    assert sorted(os.listdir("store")) == [".lock", "1", "2", "current.json"]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"\xff",
        b"[" * 100_000,
        b'{"current": 1, "history": []}',
        b'{"current": null, "history": [3]}',
        b'{"current": "1", "history": [{"number": "1", "when": "", "before": null, "action": "promoted"}]}',
        b'{"current": 1, "history": [{"number": 1, "when": "", "before": null, "action": "lost"}]}',
        b'{"current": 1, "history": [{"number": 1, "when": "", "before": null, "action": "rolled back"}]}',
        b'{"current": 2, "history": [{"number": 1, "when": "", "before": null, "action": "promoted"}]}',
    ],
)
def test_a_damaged_record_stops_everything_that_needs_it(content):
    publish(0.1, 0.2)
    versions.promote("store", 1)
    pathlib.Path("store/current.json").write_bytes(content)
    calls = [
        lambda: versions.current("store"),
        lambda: versions.path("store"),
        lambda: versions.history("store"),
        lambda: versions.listing("store"),
        lambda: versions.promote("store", 2),
        lambda: versions.roll_back("store"),
        lambda: versions.keep("store", 1),
        lambda: publish(0.3),
    ]
    for call in calls:
        with pytest.raises(versions.VersionsError, match=r"current.json in store is damaged"):
            call()
    assert pathlib.Path("store/current.json").read_bytes() == content
    versions.check("store", 1)
    pathlib.Path("store/current.json").unlink()
    versions.promote("store", 2)


def test_keep_removes_the_oldest_but_not_what_is_needed():
    publish(*[0.1] * 8)
    for number in (2, 4, 3):
        versions.promote("store", number)
    assert versions.keep("store", 2) == [1, 2, 5, 6]
    assert numbers() == [3, 4, 7, 8]
    assert versions.keep("store", 2) == []
    assert versions.roll_back("store") == 4
    assert versions.keep("store", 1) == [7]
    assert sorted(os.listdir("store")) == [".lock", "3", "4", "8", "current.json"]
    versions.promote("store", 8)
    assert versions.keep("store", 1) == [3]


def test_what_the_roll_backs_left_stays_until_the_next_promotion():
    publish(*[0.1] * 4)
    for number in (1, 2, 3):
        versions.promote("store", number)
    assert [versions.roll_back("store"), versions.roll_back("store")] == [2, 1]
    assert versions.keep("store", 1) == []
    versions.promote("store", 4)
    assert versions.keep("store", 1) == [2, 3]


def test_a_measured_gate_does_not_believe_the_publisher():
    publish(0.5, 0.99)
    versions.promote("store", 1)
    measured = {"1": 0.9, "2": 0.1}
    asked = []

    def measure(folder: pathlib.Path) -> float:
        asked.append(folder.name)
        return measured[folder.name]

    with pytest.raises(
        versions.Refused, match=r"Version 2 is refused: its measured value is 0\.1, and that of"
    ):
        versions.promote("store", 2, measure=measure)
    assert versions.current("store") == 1 and asked == ["2", "1"]
    versions.promote("store", 2, measure=measure, higher_is_better=False)
    assert versions.current("store") == 2


@pytest.mark.parametrize("options", [{"measure": 1}, {"measure": len, "metric": "accuracy"}])
def test_an_odd_measure_is_refused(options):
    publish(0.1)
    with pytest.raises(versions.VersionsError, match="measure is a function"):
        versions.promote("store", 1, **options)


@pytest.mark.parametrize("value", [numpy.nan, None, "0.9"])
def test_a_measure_that_gives_no_number_promotes_nothing(value):
    publish(0.1)
    with pytest.raises(versions.VersionsError, match="What was measured"):
        versions.promote("store", 1, measure=lambda folder: value)
    assert versions.current("store") is None


@pytest.mark.parametrize("count", [0, -1, True, 1.5, "2", None, numpy.nan])
def test_an_odd_count_removes_nothing(count):
    publish(0.1, 0.2)
    with pytest.raises(versions.VersionsError, match="The number of versions to keep is a whole number"):
        versions.keep("store", count)
    assert numbers() == [1, 2]


def test_a_version_in_use_is_a_sentence(monkeypatch):
    publish(0.1, 0.2)

    def refuse(*_):
        raise PermissionError(errno.EACCES, "The process cannot access the file", "store\\1")

    monkeypatch.setattr(os, "rename", refuse)
    with pytest.raises(
        versions.VersionsError, match="Removing old versions did not work: The process cannot"
    ):
        versions.keep("store", 1)
    with pytest.raises(versions.VersionsError, match="Publishing did not work: The process cannot"):
        publish(0.3)
    assert numbers() == [1, 2]


def leave(host=None, pid=None, start=None):
    """A staging folder as a killed process leaves it, by default one of this machine that has ended."""
    if pid is None:
        ended = subprocess.Popen([sys.executable, "-c", ""])
        pid = ended.pid
        ended.wait()
    mark = f"{len(os.listdir('store')):08x}"
    folder = pathlib.Path("store", f".staging-{host or publication._host()}-{pid}-{start or 1}-{mark}")
    (folder / "variables").mkdir(parents=True)
    (folder / "variables" / "data").write_bytes(b"half")
    return folder.name


def test_sweep_removes_what_ended_processes_left_and_nothing_else():
    publish(0.1)
    own = psutil.Process()
    reused = leave(pid=own.pid, start=int(publication.started(own)) - 100)
    gone = [leave(), reused, leave(pid=9_999_999_999)]
    stays = [leave(pid=own.pid, start=int(publication.started(own))), leave(host="another-machine")]
    for name in (".removed-1234abcd", ".aside-1234abcd"):
        pathlib.Path("store", name).mkdir()
        gone.append(name)
    for name in (".staging-of-somebody", "notes", ".hidden"):
        pathlib.Path("store", name).mkdir()
        stays.append(name)
    assert versions.sweep("store") == sorted(gone)
    assert sorted(os.listdir("store")) == sorted([*stays, ".lock", "1"])
    versions.check("store", 1)


def test_sweep_leaves_a_publication_under_way_alone():
    with versions.publish("store") as draft:
        (draft.folder / "model.bin").touch()
        assert versions.sweep("store", age=0) == []
    versions.check("store", draft.number)


def test_what_another_machine_left_is_swept_when_it_is_old():
    publish(0.1)
    name = leave(host="another-machine")
    folder = pathlib.Path("store", name)
    long_ago = folder.stat().st_mtime - 3600
    for path in (folder / "variables" / "data", folder / "variables", folder):
        os.utime(path, (long_ago, long_ago))
    assert versions.sweep("store") == []
    os.utime(folder / "variables" / "data")
    assert versions.sweep("store", age=1800) == []
    os.utime(folder / "variables" / "data", (long_ago, long_ago))
    assert versions.sweep("store", age=1800) == [name]


@pytest.mark.skipif(os.name == "nt", reason="an ended process leaves nothing behind on Windows")
def test_a_process_that_ended_unnoticed_counts_as_ended():
    publish(0.1)
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    name = leave(pid=child.pid, start=int(publication.started(psutil.Process(child.pid))))
    assert versions.sweep("store") == []
    child.stdin.close()
    # Its parent, this process, has not asked how it ended, so the system still knows its number.
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
    assert versions.sweep("store") == [name]
    child.wait()


@pytest.mark.parametrize("age", [-1, "x", numpy.nan, True, None])
def test_an_odd_age_is_a_sentence(age):
    publish(0.1)
    with pytest.raises(versions.VersionsError, match="The age in seconds is"):
        versions.sweep("store", age=age)


def test_a_clock_that_is_set_takes_no_draft_from_a_living_process(monkeypatch):
    publish(0.1)
    own = psutil.Process()
    name = leave(pid=own.pid, start=int(publication.started(own)))
    begun, boot = own.create_time(), psutil.boot_time()
    monkeypatch.setattr(psutil, "boot_time", lambda: boot + 5)
    monkeypatch.setattr(
        psutil.Process, "create_time", lambda self: begun + (5 if sys.platform == "linux" else 0)
    )
    assert versions.sweep("store") == [] and pathlib.Path("store", name).exists()


def test_a_lock_that_is_a_link_is_refused_and_its_target_not_made(tmp_path):
    publish(0.1)
    pathlib.Path("store", ".lock").unlink(missing_ok=True)
    pathlib.Path("store", ".lock").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(versions.VersionsError, match="is a link"):
        versions.keep("store", 1)
    assert not (tmp_path / "elsewhere").exists()


def test_a_version_removed_while_the_store_is_listed_is_not_listed(monkeypatch):
    publish(0.1)
    publish(0.2)
    read = sidecar.read

    def removed_meanwhile(folder):
        if folder.name == "1":
            shutil.rmtree(folder)
        return read(folder)

    monkeypatch.setattr(sidecar, "read", removed_meanwhile)
    assert [row.number for row in versions.listing("store")] == [2]
