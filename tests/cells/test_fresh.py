"""`%%fresh`: a new Python every time, and a sentence whatever happens in it."""

import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import textwrap

from helpers import fresh
from helpers.core import processes
import psutil
import pytest

from tests.suite import kinds, patience


@pytest.fixture
def run(capsys, tmp_path, monkeypatch):
    """Run a cell in an empty folder, in the way of this run; returns its status and what was printed."""
    monkeypatch.chdir(tmp_path)

    def run_cell(code: str, timeout: float = 60.0) -> tuple[int | None, str]:
        status = fresh.run_cell(textwrap.dedent(code), timeout, fork=kinds.FORKED)
        return status, capsys.readouterr().out

    return run_cell


def test_only_the_disk_is_shared(run, tmp_path):
    (tmp_path / "note.txt").write_text("from the disk", encoding="utf-8")
    status, printed = run("""
        import pathlib, sys
        print(pathlib.Path("note.txt").read_text(), __name__, "pytest" in sys.modules)
        print(sorted(name for name in globals() if not name.startswith("__")))
    """)
    assert status == 0
    assert printed == "from the disk __main__ False\n['pathlib', 'sys']\n"


def test_a_model_comes_back_from_the_disk(run):
    from helpers import models

    models.sequential().save("tiny.keras")
    status, printed = run('import keras\nprint(keras.models.load_model("tiny.keras").count_params())')
    assert (status, printed) == (0, "9610\n")


@pytest.mark.parametrize("end", ["pass", "import os; os._exit(3)"])
def test_a_cell_that_traces_a_function_leaves_no_temporary_file(run, end):
    _, printed = run(f"""
        import pathlib, tempfile, tensorflow
        pathlib.Path("traced.py").write_text("def bent(x):\\n    return x if x > 0 else -x\\n")
        import traced
        print(float(tensorflow.function(traced.bent)(tensorflow.constant(-2.0))))
        (written,) = pathlib.Path(tempfile.gettempdir()).glob("__autograph*")
        print(written, flush=True)
        {end}
    """)
    answer, written = printed.splitlines()[:2]
    assert answer == "2.0" and "__autograph_generated_file" in written
    assert not pathlib.Path(written).exists()


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("1 / 0", "ZeroDivisionError: division by zero\n"),
        ("raise KeyError", "KeyError\n"),
        ("raise ValueError('first\\nsecond')", "ValueError: first\n"),
        ("def f(:", "SyntaxError: invalid syntax (<fresh>, line 1)\n"),
        ("import warnings; warnings.warn('take care')", "UserWarning: take care\n"),
        ("import sys; print('to the error stream', file=sys.stderr)", "to the error stream\n"),
        ("import os; os.system('echo from a shell')", "from a shell\n"),
        ("print('é — ✓')", "é — ✓\n"),
    ],
)
def test_what_happens_is_printed_in_one_line(code, said, capsys):
    assert fresh.run_cell(code) == 0
    assert capsys.readouterr().out == said


def test_an_exit_is_a_sentence(run):
    status, printed = run("import sys\nprint('before')\nsys.exit(3)")
    assert (status, printed) == (3, "before\nThe process ended itself with exit status 3.\n")


def test_a_hard_exit_is_a_sentence(run):
    assert run("import os; os._exit(4)") == (4, "The process ended itself with exit status 4.\n")


@pytest.mark.skipif(os.name == "nt", reason="Windows has no signals that end a process")
def test_a_crash_is_a_sentence(run):
    status, printed = run("import os, signal\nprint('before')\nos.kill(os.getpid(), signal.SIGSEGV)")
    assert status == -signal.SIGSEGV
    assert printed == "before\nThe process crashed: it was ended by signal 11 (SIGSEGV).\n"


def test_a_hang_ends_at_the_limit_and_leaves_nothing(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    fresh.run_cell("", fork=kinds.FORKED)  # the time limit is not for the import of the fork server
    for limit in (5, 30, 300):  # until the cell has come to its hang before it is ended, however slow this is
        status = fresh.run_cell(
            textwrap.dedent("""
            import os, pathlib, subprocess, sys, time
            child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(3600)"])
            pathlib.Path("aside").write_text(f"{os.getpid()} {child.pid}")
            os.replace("aside", "numbers")
            time.sleep(3600)
            """),
            timeout=limit,
            fork=kinds.FORKED,
        )
        assert status is None
        assert capsys.readouterr().out == (
            f"Ended after {limit} seconds, the time limit. `%%fresh 120` gives a cell two minutes.\n"
        )
        if (tmp_path / "numbers").exists():
            break
    assert all(_is_gone(int(number)) for number in (tmp_path / "numbers").read_text().split())


def test_a_process_left_behind_by_a_cell_is_ended(run, tmp_path):
    run("""
        import pathlib, subprocess, sys
        child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
        pathlib.Path("numbers").write_text(str(child.pid))
    """)
    assert _is_gone(int((tmp_path / "numbers").read_text()))


def test_it_sees_the_environment_of_now(run, monkeypatch):
    monkeypatch.setenv("A_SETTING_OF_THIS_NOTEBOOK", "seen")
    assert run("import os; print(os.environ['A_SETTING_OF_THIS_NOTEBOOK'])") == (0, "seen\n")


def test_nothing_is_left_when_the_kernel_is_killed(tmp_path):
    """Kill a process in the middle of a fresh cell, as a kernel can be; its server and its cell end too."""
    script = tmp_path / "kernel.py"
    script.write_text(
        textwrap.dedent(f"""
            import sys
            sys.path.insert(0, {str(pathlib.Path(fresh.__file__).parent.parent)!r})
            from helpers import fresh
            cell = "import pathlib, time; pathlib.Path('running').touch(); time.sleep(600)"
            fresh.run_cell(cell, fork={kinds.FORKED})
        """),
        encoding="utf-8",
    )
    kernel = subprocess.Popen([sys.executable, str(script)], cwd=tmp_path)
    try:
        assert patience.until(lambda: (tmp_path / "running").exists() or kernel.poll() is not None)
        family = psutil.Process(kernel.pid).children(recursive=True)
        assert family, "the cell is not running"
    finally:
        kernel.kill()
        kernel.wait()
    assert patience.until(lambda: not any(_alive(process) for process in family))


def test_it_starts_again_after_its_server_died(capsys):
    if not processes.can_fork():
        pytest.skip("this platform cannot fork")
    from multiprocessing import forkserver

    for word in ("first", "second"):  # killed twice, and nobody waits until the system has noticed
        assert fresh.run_cell(f"print('{word}')") == 0
        os.kill(forkserver._forkserver._forkserver_pid, signal.SIGKILL)
    assert fresh.run_cell("print('third')") == 0
    assert capsys.readouterr().out == "first\nsecond\nthird\n"


@pytest.mark.skipif(not processes.can_fork(), reason="this platform cannot fork")
def test_a_server_that_lives_without_its_socket_is_replaced(capsys):
    from multiprocessing import forkserver

    fresh.run_cell("print('first')")
    server = psutil.Process(forkserver._forkserver._forkserver_pid)
    pathlib.Path(forkserver._forkserver._forkserver_address).unlink()
    assert fresh.run_cell("print('second')") == 0
    assert not _alive(server)
    shutil.rmtree(pathlib.Path(forkserver._forkserver._forkserver_address).parent)
    assert fresh.run_cell("print('third')") == 0
    assert capsys.readouterr().out == "first\nsecond\nthird\n"


NESTED = """
from helpers import fresh
from multiprocessing import forkserver

fresh.run_cell({cell!r})
print("server", forkserver._forkserver._forkserver_pid)
"""


@pytest.mark.skipif(not processes.can_fork(), reason="this platform cannot fork")
@pytest.mark.parametrize("killed", [False, True])
def test_fresh_cells_nest_and_what_a_nested_one_leaves_takes_nothing_along(killed, capsys):
    """As evidence does that runs a fresh cell of its own; the server it started ends a little later."""
    from multiprocessing import forkserver

    assert fresh.run_cell("print('outside')") == 0
    capsys.readouterr()
    assert fresh.run_cell(NESTED.format(cell=NESTED.format(cell="print('innermost')"))) == 0
    printed = capsys.readouterr().out
    assert printed.startswith("innermost\n")
    ended = [int(line.split()[1]) for line in printed.splitlines() if line.startswith("server")]
    assert len(ended) == 2 and all(_is_gone(number) for number in ended)
    if killed:
        os.kill(forkserver._forkserver._forkserver_pid, signal.SIGKILL)
    assert fresh.run_cell("print('outside again')") == 0
    assert capsys.readouterr().out == "outside again\n"


def test_a_function_is_called_and_its_answer_is_data(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result = processes.call(os.path.join, str(tmp_path), "é", fork=kinds.FORKED)
    assert (result.status, result.answer, result.error) == (0, str(tmp_path / "é"), "")
    result = processes.call(os.listdir, "nowhere", fork=kinds.FORKED)
    assert (result.status, result.answer) == (0, None)
    assert result.error.startswith("FileNotFoundError: [Errno 2]")
    result = processes.call(os._exit, 4, fork=kinds.FORKED)
    assert (result.status, result.answer, result.crash) == (
        4,
        None,
        "The process ended itself with exit status 4.",
    )


def test_the_magic_takes_a_limit_and_explains_a_wrong_one(capsys):
    fresh.fresh("30", "print('ran')")
    fresh.fresh("soon", "print('ran')")
    assert capsys.readouterr().out == (
        "ran\n%%fresh takes a number of seconds, as in `%%fresh 120`; it got 'soon'.\n"
    )


def test_loading_the_extension_makes_the_magic_known():
    from IPython.core import interactiveshell

    shell = interactiveshell.InteractiveShell()
    fresh.load_ipython_extension(shell)
    assert "fresh" in shell.magics_manager.magics["cell"]


def _alive(process: psutil.Process) -> bool:
    return process.is_running() and process.status() != psutil.STATUS_ZOMBIE


def _is_gone(number: int) -> bool:
    return patience.until(lambda: not psutil.pid_exists(number) or not _alive(psutil.Process(number)))


@pytest.mark.skipif(not processes.can_fork(), reason="this platform cannot fork")
def test_a_folder_for_temporary_files_may_have_a_long_name(tmp_path):
    long = tmp_path / ("long" * 25)
    long.mkdir()
    environment = os.environ | {"TMPDIR": str(long), "PYTHONPATH": str(pathlib.Path.cwd())}
    code = "from helpers import fresh; fresh.run_cell('print(6 * 7)')"
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True)
    assert done.stdout == "42\n", done.stderr
    assert not list(long.iterdir())


@pytest.mark.skipif(not processes.can_fork(), reason="this platform cannot fork")
def test_a_kernel_that_is_ended_from_outside_leaves_nothing_in_the_folder_for_temporary_files(request):
    """The socket of the fork server would stay: nothing else removes it after kill -9."""
    # A short name: pytest's own folders are too long for a socket, and so may be this machine's.
    short = len(tempfile.gettempdir()) <= processes.LONGEST_FOLDER
    folder = tempfile.TemporaryDirectory(prefix="course-", dir=None if short else "/tmp")
    request.addfinalizer(folder.cleanup)
    tmp_path = pathlib.Path(folder.name)
    code = textwrap.dedent("""
        from helpers import fresh
        import time

        fresh.run_cell("print('from a new process')")
        print("ready", flush=True)
        time.sleep(3600)
    """)
    environment = os.environ | {"TMPDIR": str(tmp_path), "PYTHONPATH": str(pathlib.Path.cwd())}
    with subprocess.Popen(
        [sys.executable, "-c", code], env=environment, stdout=subprocess.PIPE, text=True
    ) as process:
        while (line := patience.line(process)) and line != "ready":
            pass
        assert line == "ready"
        assert list(tmp_path.glob("pymp-*/*")), "the socket of the server lies here while it runs"
        process.kill()
    assert patience.until(lambda: not list(tmp_path.iterdir()))
