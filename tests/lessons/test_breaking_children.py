"""Processes that crash, hang or are killed: what happens is told, and nothing is left."""

import ctypes
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import textwrap
import time

from helpers.core import processes, scratch
from helpers.lessons.lesson_09 import workers
import psutil
import pytest

from tests.suite import kinds, patience

NEEDS_SIGNALS = pytest.mark.skipif(os.name == "nt", reason="Windows has no such signal")


def say(*words):
    yield from words


def fail():
    yield "before"
    raise ValueError("first\nsecond")


def crash():
    os.kill(os.getpid(), signal.SIGSEGV)
    yield "never"


def hang():
    time.sleep(600)
    yield "never"


def where():
    yield os.getcwd(), tempfile.gettempdir(), os.getpid()


def imported():
    import learners

    yield learners.WORD


def hang_in_c():
    """Hold the interpreter's lock, as a loop in a C library does: no thread of Python's can run."""
    ctypes.PyDLL(None).sleep(600)
    yield "never"


@pytest.fixture
def one(tmp_path, monkeypatch):
    """A child that works for an empty folder, started in the way of this run."""
    monkeypatch.setattr(processes, "can_fork", lambda: kinds.FORKED)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "aside").mkdir()
    (tmp_path / "learners.py").write_text("WORD = 'from the folder'", encoding="utf-8")
    made = workers.Child(tmp_path / "aside")
    yield made
    made.close()


def test_a_child_does_one_task_after_the_other(one, tmp_path):
    one.ask(say, "one", 2)
    assert [one.hear() for _ in range(3)] == [("said", "one"), ("said", 2), ("ended", "")]
    one.ask(fail)
    assert [one.hear() for _ in range(2)] == [("said", "before"), ("raised", "ValueError: first")]
    one.ask(where)
    current, temporary, number = one.hear()[1]
    assert (pathlib.Path(current), pathlib.Path(temporary)) == (tmp_path, tmp_path / "aside")
    assert number != os.getpid()
    assert one.hear() == ("ended", "")
    one.ask(imported)
    assert one.hear() == ("said", "from the folder")


@NEEDS_SIGNALS
def test_a_crash_is_told_from_a_hang(one):
    one.ask(crash)
    with pytest.raises(workers.Ended, match="it crashed"):
        one.hear()


def test_a_hang_is_ended(one):
    one.ask(hang)
    begun = time.monotonic()
    with pytest.raises(workers.Ended, match="it took too long") as ended:
        one.hear(limit=0.3)
    assert ended.value.hung and time.monotonic() - begun < 300  # the task itself takes 600
    assert not one.process.is_alive()
    with pytest.raises(workers.Ended):
        one.hear()


def test_a_supply_has_another_child_when_one_has_died(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with workers.Supply(tmp_path) as supply:
        assert supply.answer(say, ("fine", ""), if_it_dies="dead") == ("fine", "")
        first = supply.child.process.pid
        assert supply.answer(hang, if_it_dies="dead", limit=0.2) == ("dead", "it took too long")
        assert supply.answer(say, ("fine", ""), if_it_dies="dead") == ("fine", "")
        second = supply.child.process.pid
        with pytest.raises(RuntimeError, match="ValueError: first"):
            supply.answer(failing, if_it_dies="dead")
    assert first != second
    assert not psutil.pid_exists(first) and not psutil.pid_exists(second)


def failing():
    raise ValueError("first")
    yield


@NEEDS_SIGNALS
def test_no_child_outlives_its_parent_even_in_c(tmp_path):
    """The parent is killed while one child waits, and another hangs where no Python can run."""
    script = f"""
        import pathlib, sys, time
        sys.path[:0] = [{str(pathlib.Path(__file__).parent)!r}]
        from helpers.lessons.lesson_09 import workers
        import test_breaking_children as tasks

        idle, hanging = (workers.Child(pathlib.Path.cwd()) for _ in range(2))
        hanging.ask(tasks.hang_in_c, limit=1 - {workers.GRACE} + 1)
        print(idle.process.pid, hanging.process.pid, flush=True)
        time.sleep(600)
    """
    environment = os.environ | {"PYTHONPATH": str(scratch.COURSE)}
    command = [sys.executable, "-c", textwrap.dedent(script)]
    with subprocess.Popen(
        command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, text=True, encoding="utf-8"
    ) as parent:
        numbers = [int(number) for number in patience.line(parent).split()]
        assert len(numbers) == 2
        parent.kill()
    _, alive = psutil.wait_procs(
        [psutil.Process(number) for number in numbers if psutil.pid_exists(number)], timeout=60
    )
    assert not alive
