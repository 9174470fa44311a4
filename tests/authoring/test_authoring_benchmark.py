"""The benchmark's figures add up however fast this machine is."""

import argparse
import os
import pathlib
import re
import sys

from helpers import deck, fresh
from helpers.authoring.measure import benchmark, sizes, suite, timings
from helpers.authoring.notebooks import course, execute, page
from helpers.core import processes, scratch
import pytest

from tests.authoring import samples

FAST = timings.Timing("notebooks/01_first.ipynb", {"set-up": 2.0, "train": 3.0, "save": 0.5})
SLOW = timings.Timing("notebooks/02_second.ipynb", {"set-up": 2.0, "train": 6.0, "fit": 5.5, "load": 8.0})
SOLUTION = timings.Timing("solutions/01_first.ipynb", {"set-up": 2.0, "train": 30.0})
SUITE = suite.Suite(wall=24.0, kernels=4, cores=2, tensorflow_import=2.0, compute=32.0, whole=599.0)
PROOFS = timings.Proofs(4.0, [0.2, 0.4, 0.3])
QUESTIONS = timings.Questions(60, 0.5, 0.02)


def good_run(notebooks=(FAST, SOLUTION), tests=SUITE, proof=PROOFS, asked=QUESTIONS, failures=()):
    """Figures of a good run, or of another."""
    memory = sizes.Memory(700.0, 250.0)
    return benchmark.Figures(
        "A machine", list(notebooks), tests, proof, asked, 2300.0, memory, list(failures)
    )


def test_a_timing_adds_up():
    assert (FAST.total, FAST.compute, FAST.slowest) == (5.5, 3.5, ("train", 3.0))


def test_the_suite_is_compared_with_imports_and_cells_on_all_cores():
    assert SUITE.floor == 4.0  # 4 kernels x 2 s on 2 cores
    assert SUITE.bound == 20.0
    assert SUITE.ratio == 1.2  # 24 s against 4 s + 32 s on 2 cores
    assert suite.Suite(1.0, 0, 2, 2.0, 0.0).ratio == float("inf")


def test_the_text_names_the_slowest_cell_of_each_notebook():
    said = benchmark.text(good_run([FAST, SLOW]))
    assert re.search(r"notebooks/02_second.ipynb +21.50   slowest load 8.00\n", said)
    assert "1.20 times the sum of both, 20.0 s" in said
    assert "Whole test suite: 599.0 s" in said
    assert "  median 0.30 s, slowest 0.40 s (cold: 4.00 s)" in said
    assert "A deck of 60 questions opens in 0.50 s, the slowest answer to a commit takes 20 ms" in said
    assert "Environment: 2300 MB\nA kernel with TensorFlow: 700 MB, 250 MB of it its own" in said


def test_the_deck_is_measured_with_every_item():
    measured = timings.time_questions()
    assert measured.items == len(deck.choose("", ""))
    assert measured.opening > 0 and measured.commit > 0


def test_failures_stand_at_the_end():
    assert benchmark.text(good_run(failures=["  notebooks/01_first.ipynb#save raised"])).endswith(
        "#save raised"
    )


def test_the_command_prints_and_returns(monkeypatch, capsys):
    monkeypatch.setattr(benchmark, "measure", lambda whole: good_run())
    assert benchmark.run(argparse.Namespace()) == 0
    assert benchmark.text(good_run()) in capsys.readouterr().out

    monkeypatch.setattr(benchmark, "measure", lambda whole: good_run(failures=["  raised"]))
    assert benchmark.run(argparse.Namespace()) == 1


def small_course(folder: pathlib.Path, *sources: str) -> course.Course:
    """A course of one lesson that has run, the first cell being its set-up."""
    whole = course.Course(folder, ("01_first",), ())
    names = ["set-up", "save", "load"]
    made = [samples.code(name, source) for name, source in zip(names, sources, strict=False)]
    for place in course.FOLDERS:
        page.write(whole.path(place, "01_first"), samples.finished(made))
    return whole


def test_cells_are_timed_one_by_one(tmp_path):
    whole = small_course(tmp_path, "import time", "time.sleep(0.3)", "pass")
    timing = timings.time_notebook(whole.path("notebooks", "01_first"))
    assert list(timing.cells) == ["set-up", "save", "load"]
    assert timing.cells["save"] >= 0.3
    assert timing.slowest[0] == max(timing.cells, key=timing.cells.get)
    assert timing.failure == ""


def test_a_cell_that_fails_is_named_in_its_timing(tmp_path):
    whole = small_course(tmp_path, "pass", "raise ValueError('no')", "pass")
    timing = timings.time_notebook(whole.path("notebooks", "01_first"))
    assert timing.failure == "notebooks/01_first.ipynb#save raised ValueError: no"
    assert list(timing.cells) == ["set-up"]


def test_the_suite_is_run_in_the_course_s_folder(tmp_path, monkeypatch):
    monkeypatch.setattr(suite, "time_import", lambda: 2.0)
    monkeypatch.setenv("COURSE_KERNELS", "plain")
    monkeypatch.setenv("PYTHONPATH", str(scratch.COURSE))
    whole = small_course(tmp_path, "pass", "pass")
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    options = "-p tests.suite.plugin -p nbval.plugin --nbval --nbval-current-env"
    (tmp_path / "pytest.ini").write_text(f"[pytest]\naddopts = {options}\n", encoding="utf-8")
    timed = suite.time_suite(whole, compute=1.5)
    assert (timed.failure, timed.kernels, timed.compute, timed.kinds) == ("", 3, 1.5, "plain")
    assert timed.wall > 0 and timed.whole > 0

    whole.path("notebooks", "01_first").write_text("{", encoding="utf-8")
    timed = suite.time_suite(whole, compute=1.5)
    assert "pytest ended with 2" in timed.failure and timed.whole is None


def test_the_import_is_measured_in_new_processes(monkeypatch):
    monkeypatch.setattr(suite, "IMPORT", "print(0.25)")
    assert suite.time_import() == 0.25


def test_proofs_are_timed_after_a_first_one_and_leave_nothing(monkeypatch):
    before = os.getcwd()
    folders = set()

    def run_cell(code):
        folders.add(os.getcwd())
        if "save" in code:
            pathlib.Path("digits.keras").touch()
        else:
            print("(8, 10)")
        return 0

    monkeypatch.setattr(processes, "warm", lambda: None)
    monkeypatch.setattr(fresh, "run_cell", run_cell)
    timed = timings.time_proofs()
    assert len(timed.warm) == 20
    assert os.getcwd() == before
    assert not os.path.exists(folders.pop())


@pytest.mark.parametrize(
    ("status", "printed"), [(None, "(8, 10)"), (1, "(8, 10)"), (0, "ValueError: no file")]
)
def test_a_proof_that_fails_is_no_measurement(monkeypatch, status, printed):
    monkeypatch.setattr(fresh, "run_cell", lambda code: print(printed) or status)
    with pytest.raises(timings.Failed, match=f"ended with {status} and printed"):
        timings.time_cell("", "(8, 10)")


def test_a_file_with_two_names_counts_once(tmp_path, monkeypatch):
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib" / "one").write_bytes(b"0" * 2_000_000)
    os.link(tmp_path / "lib" / "one", tmp_path / "two")
    (tmp_path / "three").write_bytes(b"0" * 500_000)
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    assert sizes.environment() == 2.5


def test_a_kernel_tells_its_memory(monkeypatch):
    # Without TensorFlow, which would take seconds; the kernel and the reading are the real ones.
    bare = sizes.MEMORY.replace(", tensorflow", "").replace("tensorflow.zeros(1)", "")
    monkeypatch.setattr(sizes, "MEMORY", bare)
    memory = sizes.kernel()
    assert 1 < memory.private <= memory.resident


def test_what_cannot_be_measured_is_said(monkeypatch, tmp_path):
    def no_fork():
        raise timings.Failed("A %%fresh cell ended with 1.")

    def no_kernel():
        raise execute.Failed("memory.ipynb#memory raised ImportError")

    monkeypatch.setattr(
        timings, "time_all", lambda whole: [timings.Timing("notebooks/01_first.ipynb", {}, "raised")]
    )
    monkeypatch.setattr(
        suite, "time_suite", lambda whole, compute: suite.Suite(1, 1, 1, 1, compute, "1 failed")
    )
    monkeypatch.setattr(timings, "time_proofs", no_fork)
    monkeypatch.setattr(timings, "time_questions", lambda: QUESTIONS)
    monkeypatch.setattr(sizes, "kernel", no_kernel)
    monkeypatch.setattr(sizes, "environment", lambda: 1.0)
    measured = benchmark.measure(course.Course(tmp_path))
    assert measured.failures == [
        "  raised",
        "  1 failed",
        "  A %%fresh cell ended with 1.",
        "  memory.ipynb#memory raised ImportError",
    ]
    assert "%%fresh" not in benchmark.text(measured).partition("Failed:")[0]
