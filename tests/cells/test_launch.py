"""The command `course`: its options, what it tells a Python that cannot run it, and a real start."""

import ast
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
import webbrowser

from helpers import launch, machine
from helpers.authoring.notebooks import exercises
from helpers.core import jupyterlab
import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("name", ["__init__.py", "__main__.py", "launch.py"])
def test_an_old_python_can_read_what_complains_about_it(name):
    path = ROOT / "helpers" / name
    tree = ast.parse(path.read_text(encoding="utf-8"), feature_version=(3, 8))
    top = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
    modules = {getattr(node, "module", None) or node.names[0].name for node in top}
    assert modules <= {"__future__", "argparse", "sys", "helpers"}


@pytest.mark.parametrize("version", [(3, 9, 18), (3, 10, 0), (3, 14, 0)])
def test_another_python_is_told_what_to_do(version, monkeypatch, capsys):
    monkeypatch.setattr(sys, "version_info", version)
    assert launch.main([]) == 1
    said = capsys.readouterr().err
    assert said.startswith(f"This is Python {version[0]}.{version[1]} (")
    assert "the course needs Python 3.11 to 3.13" in said
    assert "uv run course" in said
    assert said.count("\n") == 1


@pytest.mark.parametrize("version", [(3, 11, 0), (3, 12, 1), (3, 13, 9)])
def test_the_pythons_of_the_course_are_accepted(version):
    assert launch.python_complaint(version) == ""


@pytest.mark.parametrize(
    ("content", "seen"),
    [
        ("raise ImportError('DLL load failed')", "ImportError: DLL load failed"),
        pytest.param(
            "import os, signal; os.kill(os.getpid(), signal.SIGILL)",
            "ended by signal SIGILL",
            marks=pytest.mark.skipif(os.name == "nt", reason="Windows has no such signal"),
        ),
    ],
)
def test_a_tensorflow_that_cannot_be_imported_gives_one_sentence(
    content, seen, monkeypatch, tmp_path, capsys
):
    (tmp_path / "tensorflow.py").write_text(content, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    assert launch.main([]) == 1
    said = capsys.readouterr().err
    assert seen in said
    assert "uv run course" in said
    assert said.count("\n") == 1


def test_a_missing_package_gives_one_sentence(monkeypatch, capsys):
    def fail() -> int:
        raise ModuleNotFoundError("No module named 'psutil'")

    monkeypatch.setattr(machine, "main", fail)
    assert launch.main(["--check"]) == 1
    assert capsys.readouterr().err.startswith("No module named 'psutil' (in ")


@pytest.mark.parametrize("code", [0, 1])
def test_check_runs_the_checks_of_the_machine(code, monkeypatch):
    monkeypatch.setattr(machine, "main", lambda: code)
    assert launch.main(["--check"]) == code


@pytest.mark.parametrize("code", [0, 1])
def test_reset_puts_the_named_exercise_back(code, monkeypatch):
    names = []
    monkeypatch.setattr(exercises, "reset", lambda name: names.append(name) or code)
    assert launch.main(["--reset", "02"]) == code
    assert names == ["02"]


def test_a_reset_of_what_does_not_exist_says_so(capsys):
    assert launch.main(["--reset", "no_such_lesson"]) == 1
    assert "There is no notebook 'no_such_lesson'" in capsys.readouterr().err


def test_control_c_ends_quietly(monkeypatch, capsys):
    def interrupt(others: list[str]) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(jupyterlab, "main", interrupt)
    assert launch.main([]) == 0
    assert capsys.readouterr() == ("", "")


def test_jupyter_gets_every_other_option_unchanged(monkeypatch):
    given = []
    monkeypatch.setattr(jupyterlab, "main", lambda others: given.extend(others) or 0)
    options = ["--no-browser", "--port=9000", "--ip", "0.0.0.0", "-y", "notebooks/02_save_and_load.ipynb"]
    assert launch.main(options) == 0
    assert given == options


def test_the_learners_option_replaces_ours():
    ours = jupyterlab.lab_options(["--port=9000"])
    assert f"--ServerApp.root_dir={ROOT}" in ours
    assert "--LabApp.default_url=/lab/tree/notebooks/00_start_here.ipynb" in ours
    assert ours[-1] == "--port=9000"
    for option in ("--notebook-dir=/elsewhere", "--ServerApp.root_dir=/elsewhere"):
        options = jupyterlab.lab_options([option])
        assert [one for one in options if "root_dir" in one or "notebook-dir" in one] == [option]


def test_the_course_and_its_settings_come_first():
    changed = jupyterlab.jupyter_environment({"PYTHONPATH": "/before", "HOME": "/home/learner"})
    assert changed["PYTHONPATH"] == f"{ROOT}{os.pathsep}/before"
    settings = pathlib.Path(changed["JUPYTER_CONFIG_PATH"])
    assert (
        json.loads((settings / "jupyter_server_config.json").read_text(encoding="utf-8"))["ServerApp"][
            "allow_root"
        ]
        is True
    )


def test_a_browser_in_the_terminal_is_none(monkeypatch):
    monkeypatch.delenv("BROWSER", raising=False)
    monkeypatch.setattr(webbrowser, "get", lambda: webbrowser.GenericBrowser("w3m"))
    assert not jupyterlab.has_browser()
    monkeypatch.setattr(webbrowser, "get", lambda: webbrowser.BackgroundBrowser("firefox"))
    assert jupyterlab.has_browser()
    monkeypatch.setattr(webbrowser, "get", lambda: (_ for _ in ()).throw(webbrowser.Error))
    assert not jupyterlab.has_browser()


def ask(address: str) -> dict:
    """Return what a server answers; it may print its address a moment before it listens.

    A proxy of the machine is passed by, as a browser does for this machine.
    """
    browser = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    for _ in range(100):
        try:
            with browser.open(address, timeout=60) as answer:
                return json.load(answer)
        except urllib.error.URLError as error:
            if not isinstance(error.reason, ConnectionRefusedError):
                raise
            time.sleep(0.2)
    pytest.fail(f"nothing listens at {address}")


@pytest.fixture
def course(tmp_path):
    """A `course` started in another folder."""
    environment = os.environ | {"PYTHONPATH": str(ROOT), "JUPYTER_RUNTIME_DIR": str(tmp_path / "runtime")}
    command = [sys.executable, "-m", "helpers", "--no-browser", "--port=0"]
    streams = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    with subprocess.Popen(
        command, cwd=tmp_path, env=environment, text=True, **streams, encoding="utf-8"
    ) as process:
        patience = threading.Timer(120, process.kill)  # a line that never comes would be waited for
        patience.start()
        yield process
        patience.cancel()
        process.kill()


@pytest.mark.skipif(os.name == "nt", reason="a process is interrupted in another way on Windows")
def test_it_starts_elsewhere_prints_an_address_that_answers_and_stops(course):
    said = ""
    pattern = re.compile(r"(http://127\.0\.0\.1:\d+)/lab/tree/notebooks/00_start_here\.ipynb\?(token=\w+)")
    while not (found := pattern.search(said)):
        line = course.stdout.readline()
        assert line, f"it ended without an address:\n{said}"
        said += line
    address, token = found.groups()
    assert ask(f"{address}/api/contents/helpers/launch.py?content=0&{token}")["path"] == "helpers/launch.py"
    assert "python3" in ask(f"{address}/api/kernelspecs?{token}")["kernelspecs"]
    course.send_signal(signal.SIGINT)
    assert "Traceback" not in course.stdout.read()
    assert course.wait() == 0


def test_a_place_where_nothing_can_be_written_does_not_keep_the_course_from_starting(monkeypatch, tmp_path):
    """The set-up cell of a page says so, with what to do; before that the page has to open."""
    blocked = tmp_path / "a-file"
    blocked.touch()
    monkeypatch.setenv("COURSE_SCRATCH", str(blocked))
    started = []
    monkeypatch.setattr(jupyterlab, "main", lambda others: started.append(True) or 0)
    assert launch.main([]) == 0
    assert started
