"""A kernel with a fork server ends by itself, so that what is removed at the exit is removed."""

import multiprocessing
import threading
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

# A lesson's service: started by the fork server, and there until its notebook ends.
SERVICE = """import multiprocessing
here, there = multiprocessing.Pipe()
service = multiprocessing.get_context("forkserver").Process(target=there.recv, daemon=True)
service.start()
there.close()"""


@pytest.mark.parametrize("more", ["", SERVICE], ids=["alone", "with-a-service"])
def test_the_exit_functions_of_a_kernel_run(tmp_path, more):
    path = tmp_path / "notebooks" / "10_leaving.ipynb"
    path.parent.mkdir()
    cells = [nbformat.v4.new_code_cell(CELL), nbformat.v4.new_code_cell(more)]
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


def test_a_service_that_still_runs_does_not_hold_the_end_up():
    here, there = multiprocessing.Pipe()
    processes.stop()
    assert fresh.run_cell("pass") == 0  # so there is a fork server, and a resource tracker
    service = multiprocessing.get_context("forkserver").Process(target=there.recv)
    service.start()
    there.close()
    try:
        # What the standard library's own `_stop` waits for: the service, which waits for this process.
        ended = threading.Thread(target=processes.stop, daemon=True)
        ended.start()
        ended.join(60)
        assert not ended.is_alive()
        assert psutil.pid_exists(service.pid)  # its own `is_alive` asks the fork server, which is gone
        assert fresh.run_cell("pass") == 0
    finally:
        here.send("end")
    assert patience.until(lambda: not psutil.pid_exists(service.pid))


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
