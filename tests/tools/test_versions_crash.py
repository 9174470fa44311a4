"""Several processes in one store, and processes killed at any moment."""

import itertools
import multiprocessing
import os
import pathlib
import random
import signal
import subprocess
import sys
import textwrap
import time

from helpers.tools import versions
import pytest

ROUNDS = 30
KILLS = 100
PAUSE = 0.08  # seconds: the longest a process lives, enough for a few publications on a quiet machine


def _publish_and_promote(store, writer, gate, results):
    numbers = []
    for turn in range(ROUNDS):
        gate.wait(60)
        with versions.publish(store, notes=f"{writer} {turn}") as draft:
            (draft.folder / "model.bin").write_text(f"{writer} {turn}", encoding="utf-8")
        numbers.append(draft.number)
    gate.wait(60)
    for number in numbers:
        versions.promote(store, number)
    results.put((writer, numbers))


def test_two_processes_publishing_and_promoting_at_once_lose_nothing(tmp_path):
    context = multiprocessing.get_context("spawn")
    gate, results = context.Barrier(2), context.Queue()
    store = tmp_path / "store"
    writers = [
        context.Process(target=_publish_and_promote, args=[store, name, gate, results]) for name in "ab"
    ]
    for writer in writers:
        writer.start()
    given = dict(results.get(timeout=60) for _ in writers)
    for writer in writers:
        writer.join()
    assert sorted(given["a"] + given["b"]) == list(range(1, 2 * ROUNDS + 1))
    for name, numbers in given.items():
        for turn, number in enumerate(numbers):
            versions.check(store, number)
            content = (store / str(number) / "model.bin").read_text(encoding="utf-8")
            assert content == versions.side_car(store, number)["notes"] == f"{name} {turn}"
    promotions = versions.history(store)
    assert sorted(promotion.number for promotion in promotions) == sorted(given["a"] + given["b"])
    expected = [".lock", "current.json", *(str(number) for number in range(1, 2 * ROUNDS + 1))]
    assert sorted(os.listdir(store)) == sorted(expected)


def _publish_and_remove(store, gate, done):
    gate.wait(60)
    for turn in range(ROUNDS):
        for _ in range(3):
            with versions.publish(store) as draft:
                (draft.folder / "model.bin").write_text(str(turn), encoding="utf-8")
        versions.keep(store, 1)
    done.set()


def test_a_listing_beside_a_removal_shows_whole_versions_and_no_error(tmp_path):
    context = multiprocessing.get_context("spawn")
    gate, done = context.Barrier(2), context.Event()
    store = tmp_path / "store"
    with versions.publish(store) as draft:
        (draft.folder / "model.bin").write_text("first", encoding="utf-8")
    writer = context.Process(target=_publish_and_remove, args=[store, gate, done])
    writer.start()
    try:
        gate.wait(60)
        seen = set()
        while not done.is_set() and writer.is_alive():
            rows = versions.listing(store)
            assert rows and [row.problem for row in rows] == [""] * len(rows)
            seen |= {row.number for row in rows}
    finally:
        writer.join()
    assert done.is_set() and len(seen) > 3, "it was listed while versions came and went"
    assert [row.number for row in versions.listing(store)] == [3 * ROUNDS + 1]


# Forks a process for each line it reads, so that a hundred of them need not import anything again.
NURSERY = """
    import itertools, os, sys
    from helpers.tools import versions

    store, log = sys.argv[1], os.open(sys.argv[2], os.O_WRONLY | os.O_APPEND | os.O_CREAT)

    def publish():
        with versions.publish(store, metrics={{"accuracy": 0.9}}) as draft:
            (draft.folder / "variables").mkdir()
            (draft.folder / "model.bin").write_bytes(os.urandom(2000))
            (draft.folder / "variables" / "data").write_bytes(os.urandom(200_000))
        os.write(log, f"{{draft.number}}\\n".encode())
        return draft.number

    for line in sys.stdin:
        child = os.fork()
        if not child:
            try:
                for turn in itertools.count():
                    {life}
            except BaseException as error:
                os.write(log, f"{{type(error).__name__}}: {{error}}\\n".encode())
            os._exit(0)
        print(child, flush=True)
        os.waitpid(child, 0)
        print("ended", flush=True)
"""


def a_turn(log):
    """How many seconds one turn of a life takes on this machine now: from its first number to its third."""
    moments = {}
    while 3 not in moments:
        lines = log.read_text(encoding="utf-8").count("\n") if log.exists() else 0
        moments.setdefault(min(lines, 3), time.monotonic())
        time.sleep(0.001)
    return (moments[3] - moments.get(1, moments.get(2, moments[3]))) / 2


def kill_again_and_again(folder, life, after_each, enough):
    """Let processes live in one store and kill each with signal 9; return the lines they wrote.

    A hundred are killed, and more where a busy machine has not let them do enough.
    """
    moments = random.Random(7)
    script = textwrap.dedent(NURSERY.format(life=life))
    command = [sys.executable, "-c", script, "store", "log"]
    nursery = subprocess.Popen(
        command,
        cwd=folder,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        bufsize=1,
        encoding="utf-8",
    )
    with nursery:
        nursery.stdin.write("next\n")
        child = int(nursery.stdout.readline())
        pause = max(PAUSE, 2 * a_turn(folder / "log"))
        os.kill(child, signal.SIGKILL)
        assert nursery.stdout.readline() == "ended\n"
        for kill in itertools.count():
            if kill >= KILLS:
                if enough():
                    break
                pause *= 1.1
            nursery.stdin.write("next\n")
            child = int(nursery.stdout.readline())
            time.sleep(moments.uniform(0, pause))
            os.kill(child, signal.SIGKILL)
            assert nursery.stdout.readline() == "ended\n"
            after_each()
    return (folder / "log").read_text(encoding="utf-8").split("\n")[:-1]


@pytest.fixture
def place(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with versions.publish("store", metrics={"accuracy": 0.9}) as draft:
        (draft.folder / "model.bin").write_bytes(b"the first")
    return tmp_path


@pytest.mark.skipif(os.name == "nt", reason="Windows neither forks nor has signal 9")
def test_a_hundred_kills_during_publication_lose_nothing(place):
    seen = {}

    def old_versions_stay():
        present = {name: os.stat(f"store/{name}").st_ino for name in os.listdir("store") if name.isdigit()}
        assert present.items() >= seen.items()
        for number in present.keys() - seen.keys():
            versions.check("store", int(number))
        seen.update(present)

    def drafts():
        return [name for name in os.listdir("store") if not name.isdigit() and name != ".lock"]

    said = kill_again_and_again(place, "publish()", old_versions_stay, lambda: len(drafts()) >= 10)
    numbers = [version.number for version in versions.listing("store")]
    assert {int(line) for line in said} <= set(numbers)
    for number in numbers:
        versions.check("store", number)
    left = versions.sweep("store")
    assert len(left) >= 10  # so many were killed in the middle of a publication
    assert sorted(os.listdir("store")) == sorted([".lock", *map(str, numbers)])
    assert numbers == list(range(1, len(numbers) + 1))


LIFE = """
                    number = publish()
                    versions.promote(store, number, "accuracy")
                    versions.keep(store, 3)
                    if turn % 2:
                        versions.roll_back(store)
                    versions.sweep(store)
"""


@pytest.mark.skipif(os.name == "nt", reason="Windows neither forks nor has signal 9")
def test_a_hundred_kills_at_any_moment_leave_a_store_that_serves(place):
    versions.promote("store", 1)

    def it_serves():
        versions.check("store", "current")
        assert not [version.problem for version in versions.listing("store") if version.problem]

    def promoted():
        return len(versions.history("store")) > 10

    said = kill_again_and_again(place, LIFE.strip(), it_serves, promoted)
    assert all(line.isdigit() for line in said), said
    assert promoted()
    for version in versions.listing("store"):
        versions.check("store", version.number)
    versions.sweep("store")
    numbers = [str(version.number) for version in versions.listing("store")]
    assert sorted(os.listdir("store")) == sorted([".lock", "current.json", *numbers])
    assert pathlib.Path("store", numbers[-1], "model.bin").is_file()
