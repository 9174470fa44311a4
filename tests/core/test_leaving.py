"""A kernel with a fork server ends by itself, so that what is removed at the exit is removed."""

import types

from helpers import fresh
from helpers.authoring.notebooks import execute, page
from helpers.core import processes
import nbformat
import psutil
import pytest

from tests.suite import patience

pytestmark = pytest.mark.skipif(not processes.can_fork(), reason="this platform has no fork server")

CELL = """%load_ext helpers.tools.sandbox
import atexit, os, pathlib
from helpers import fresh

fresh.run_cell("print('forked')")
pathlib.Path("pid").write_text(str(os.getpid()))
atexit.register(pathlib.Path("gone").touch)"""


def test_the_exit_functions_of_a_kernel_run(tmp_path):
    path = tmp_path / "notebooks" / "10_leaving.ipynb"
    path.parent.mkdir()
    cells = [nbformat.v4.new_code_cell(CELL)]
    execute.execute(page.Page(path, nbformat.v4.new_notebook(cells=cells)), tmp_path / "scratch")
    assert patience.until(lambda: not psutil.pid_exists(int((path.parent / "pid").read_text())))
    assert (path.parent / "gone").exists()


def test_stopping_is_harmless_and_the_server_starts_again(capsys):
    processes.stop()
    processes.stop()
    before = psutil.Process().children()  # such as the process that kernels of other tests are forked from
    assert fresh.run_cell("print('started again')") == 0
    children = [child for child in psutil.Process().children() if child not in before]
    assert children
    processes.stop()
    _, alive = psutil.wait_procs(children, timeout=60)
    assert alive == []
    assert capsys.readouterr().out == "started again\n"


def test_a_kernel_is_told_once_and_still_shuts_down(monkeypatch):
    done = []
    monkeypatch.setattr(processes, "stop", lambda: done.append("stop"))
    kernel = types.SimpleNamespace(do_shutdown=lambda restart: done.append(restart) or "answer")
    shell = types.SimpleNamespace(kernel=kernel)
    processes.end_with_kernel(shell)
    processes.end_with_kernel(shell)
    assert kernel.do_shutdown(True) == "answer"
    assert done == ["stop", True]
    processes.end_with_kernel(types.SimpleNamespace())
