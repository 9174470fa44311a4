"""`author seats`: the memory of kernels that run at once is seen, and what follows from it for a room."""

import subprocess
import sys

from helpers.authoring import command
from helpers.authoring.notebooks import page
from helpers.authoring.teaching import seats
import nbformat
import psutil
import pytest

from tests.authoring import samples
from tests.suite import patience

FILL = "held[::4096] = b'x' * len(held[::4096])"  # memory that is asked for counts only once it is written to
HOLD = f"""
print("held", flush=True); input()
held = bytearray(200_000_000); {FILL}
print("more", flush=True); input()
"""


def holding(child: bool) -> subprocess.Popen:
    """A process that holds 200 MB, itself or in a process it has started."""
    code = HOLD
    if child:
        code = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {HOLD!r}])"
    return subprocess.Popen(
        [sys.executable, "-c", code],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )


@pytest.mark.parametrize("child", [False, True])
def test_the_memory_of_a_process_and_of_what_it_started_is_seen(child):
    process = holding(child)
    try:
        assert patience.line(process) == "held"
        taken = seats.of(psutil.Process(process.pid))
        process.stdin.write("more\n")
        process.stdin.flush()
        assert patience.line(process) == "more"
        more = seats.of(psutil.Process(process.pid))
        # What Python itself takes differs from machine to machine; what it was told to take does not.
        assert 190 < more.private - taken.private < 210 and more.private <= more.share <= more.resident
    finally:
        process.communicate("\n")


def lesson(tmp_path, *sources: str) -> page.Page:
    cells = [samples.code(f"cell-{number}", source) for number, source in enumerate(sources)]
    return page.Page(tmp_path / "notebooks" / "01_first.ipynb", nbformat.v4.new_notebook(cells=cells))


def test_two_kernels_run_a_lesson_at_once(tmp_path):
    hold = f"held = bytearray(150_000_000); {FILL}"
    found = seats.measure(2, lesson(tmp_path, "import os", hold))
    assert len(found.loaded) == len(found.finished) == 2
    for before, after in zip(found.loaded, found.finished, strict=True):
        assert after.private - before.private > 140  # and what else Python takes beside it
    assert found.server.private > 20


def test_a_cell_that_raises_is_named(tmp_path):
    with pytest.raises(seats.Failed, match=r"01_first.ipynb#cell-1 raised ZeroDivisionError"):
        seats.measure(1, lesson(tmp_path, "1", "1 / 0"))


def test_what_is_shared_counts_once():
    kernel = seats.Taken(private=500, share=550, resident=900)
    found = seats.Seats([kernel] * 2, [kernel] * 2, seats.Taken(100, 110, 150), 60)
    assert seats.shared(found.finished) == 100
    assert seats.gigabytes(found, 30) == pytest.approx(0.1 + 30 * 0.6)
    said = seats.text(found)
    assert "500 MB a learner of its own" in said and "30 learners on one server: about 18 GB" in said


def test_no_kernel_is_refused_in_words(capsys):
    assert command.main(["seats", "0"]) == 1
    assert "Choose 1 or more" in capsys.readouterr().out
