"""A notebook is executed as nbval executes it, and a cell that fails is named."""

import pathlib

from helpers.authoring.notebooks import clean, execute, page
from helpers.core import scratch
import nbformat
import psutil
import pytest

from tests.authoring import samples

pytest_plugins = ["pytester"]


def lesson(folder: pathlib.Path, *sources: str) -> page.Page:
    """A notebook file notebooks/01_first.ipynb with code cells one, two, three; never executed."""
    names = ["one", "two", "three", "four"]
    cells = [samples.code(name, source) for name, source in zip(names, sources, strict=False)]
    path = folder / "notebooks" / "01_first.ipynb"
    page.write(path, clean.clean(nbformat.v4.new_notebook(cells=cells)))
    return page.read(path)


def printed(executed: nbformat.NotebookNode) -> list[str]:
    """What each cell printed."""
    return ["".join(output.get("text", "") for output in cell.outputs) for cell in executed.cells]


def test_what_is_written_is_what_nbval_compares(pytester, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(scratch.COURSE))
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    one = lesson(
        pytester.path,
        "import os, sys\nprint('a')\nprint('b', file=sys.stderr)\nprint('c')\n7 * 6",
        # nbval's kernels do not see what is written past Python's own streams.
        "os.system('echo from a child')\nos.write(1, b'from the descriptor')\nNone",
        "import ipywidgets, matplotlib.pyplot as plot\ndisplay(ipywidgets.IntSlider())\n_ = plot.plot([1])",
        "print(os.path.basename(os.getcwd()), os.environ['COURSE_PROGRESS'], os.environ['MPLBACKEND'])",
    )
    executed = clean.clean(execute.execute(one, pytester.path / "scratch"))
    page.write(one.path, executed)
    assert printed(executed) == [
        "a\nc\nb\n",
        "",
        "",
        "notebooks off module://matplotlib_inline.backend_inline\n",
    ]
    # The same again with another output in its first cell: one of its cells fails, and none of the other's.
    executed.cells[0].outputs[0].text = "a\nd\n"
    page.write(one.path.with_name("02_changed.ipynb"), executed)
    plugins = ["-p", "tests.suite.plugin", "-p", "nbval.plugin"]
    run = pytester.runpytest_subprocess(*plugins, "--nbval", "--nbval-current-env", "-rf", "notebooks")
    run.assert_outcomes(passed=7, failed=1)
    run.stdout.fnmatch_lines(["FAILED*02_changed.ipynb::Cell 0*"])


def test_cells_are_counted_and_timed_in_order(tmp_path):
    seen = []
    one = lesson(tmp_path, "import time", " ", "time.sleep(0.2)")
    one.notebook.cells.insert(1, samples.text("note", "A text between."))
    executed = execute.execute(one, tmp_path, watch=lambda cell, seconds: seen.append((cell.id, seconds)))
    assert [cell.get("execution_count") for cell in executed.cells] == [1, None, None, 2]
    assert [name for name, _ in seen] == ["one", "three"]
    assert seen[1][1] >= 0.2


def test_a_kernel_gets_the_scratch_folder_and_the_helpers(tmp_path):
    one = lesson(
        tmp_path,
        "import pathlib\nfrom helpers.core import scratch\n"
        f"print(scratch.root() == pathlib.Path({str(tmp_path.resolve() / 'own')!r}))",
    )
    assert printed(execute.execute(one, tmp_path.resolve() / "own")) == ["True\n"]


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("raise ValueError('no suffix\\nand more')", "#two raised ValueError: no suffix"),
        ("raise KeyError", "#two raised KeyError: (no text)"),
        ("import sys\nsys.exit(3)", "#two raised SystemExit: 3"),
        ("x = = 1", "#two raised SyntaxError: invalid syntax"),
        ("import os\nos._exit(1)", "#two ended its kernel: DeadKernelError"),
        ("import time\ntime.sleep(600)", "#two took longer than 1 seconds, the limit for a cell."),
    ],
)
def test_a_failing_cell_is_named(tmp_path, source, said):
    # Where time is what fails, no cell comes before: it would have to end within that second.
    first = " " if "sleep" in source else "print(1)"
    one = lesson(tmp_path, first, source, f"open({str(tmp_path / 'reached')!r}, 'w')")
    before = one.path.read_bytes()
    with pytest.raises(execute.Failed) as error:
        execute.execute(one, tmp_path, timeout=1 if "sleep" in source else 60)
    assert str(error.value).startswith(f"notebooks/01_first.ipynb{said}")
    assert "\n" not in str(error.value)
    assert not (tmp_path / "reached").exists()
    assert one.path.read_bytes() == before


def test_the_kernel_is_ended_after_success_and_after_failure(tmp_path):
    tell = "import os\nopen('../pid', 'w').write(str(os.getpid()))\nNone"
    for last in ("print(1)", "raise ValueError"):
        one = lesson(tmp_path, tell, last)
        try:
            execute.execute(one, tmp_path)
        except execute.Failed:
            assert "raise" in last
        assert not psutil.pid_exists(int((tmp_path / "pid").read_text(encoding="utf-8")))
