"""The sandbox: what it limits, what it refuses, what it reports, and what it does not protect from."""

import os
import pathlib
import sys
import tempfile
import textwrap

from helpers.core import processes
from helpers.tools import sandbox
from helpers.tools.sandbox import child
from helpers.tools.sandbox import report as reports
import psutil
import pytest

from tests.suite import kinds

LIMITED = pytest.mark.skipif(os.name == "nt", reason="Windows limits neither computing time nor file sizes")


@pytest.fixture(autouse=True)
def place(tmp_path, monkeypatch):
    """The learner's folder; temporary folders lie beside it, so that what is left there is seen."""
    processes.warm()  # which makes a folder of its own, once for the whole process
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    (tmp_path / "learner").mkdir()
    monkeypatch.chdir(tmp_path / "learner")
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    yield tmp_path / "learner"
    assert list(temporary.iterdir()) == []


def _run(code: str, *files: str, **limits: float) -> reports.Report:
    return sandbox.run(textwrap.dedent(code), files, **limits)


def test_it_works_in_an_empty_folder_on_copies_without_the_environment(place, monkeypatch):
    monkeypatch.setattr(processes, "can_fork", lambda: kinds.FORKED)
    monkeypatch.setattr(sandbox, "_STARTING", 60.0)
    monkeypatch.setenv("API_TOKEN", "secret")
    (place / "numbers.txt").write_text("1", encoding="utf-8")
    (place / "folder").mkdir()
    (place / "folder" / "deep.txt").write_text("2", encoding="utf-8")
    (place / "other.txt").write_text("3", encoding="utf-8")
    report = _run(
        """
        import os, pathlib, tempfile
        print(__name__, sorted(os.listdir()), "API_TOKEN" in os.environ)
        pathlib.Path("numbers.txt").write_text("changed")
        pathlib.Path("folder/new.txt").write_text("new")
        tempfile.NamedTemporaryFile(delete=False).close()
        """,
        "numbers.txt",
        "folder",
    )
    assert report.printed == "__main__ ['folder', 'numbers.txt'] False\n"
    assert report.ended == "by itself"
    assert report.files == {"folder/new.txt": b"new", "numbers.txt": b"changed"}
    assert report.refused == ()
    assert (place / "numbers.txt").read_text(encoding="utf-8") == "1"
    assert sorted(entry.name for entry in place.iterdir()) == ["folder", "numbers.txt", "other.txt"]


@pytest.mark.skipif(os.name == "nt", reason="Windows does not let everybody make links.")
def test_a_link_in_a_folder_stays_a_link_and_what_it_points_to_is_not_copied(place):
    (place / "private").mkdir()
    (place / "private" / "large.bin").write_bytes(b"1")
    (place / "folder").mkdir()
    (place / "folder" / "link").symlink_to(place / "private", target_is_directory=True)
    (place / "folder" / "loop").symlink_to(place / "folder", target_is_directory=True)
    report = _run(
        "import os; print([os.path.islink(f'folder/{name}') for name in ('link', 'loop')])", "folder"
    )
    assert report.printed == "[True, True]\n"


def test_a_model_is_loaded_and_called():
    from helpers import models

    models.sequential().save("model.keras")
    report = _run(
        """
        import keras, numpy
        model = keras.models.load_model("model.keras")
        print(model.predict(numpy.zeros((2, 64)), verbose=0).shape)
        """,
        "model.keras",
    )
    assert (report.ended, report.printed, report.files) == ("by itself", "(2, 10)\n", {})


@pytest.mark.parametrize(
    ("code", "ended"),
    [
        ("held = bytearray(b'x') * 300_000_000", "stopped: memory"),
        ("held = []\nwhile True: held.append(bytearray(b'x') * 1_000_000)", "stopped: memory"),
        ("import numpy\nheld = numpy.ones(50_000_000)", "stopped: memory"),
        pytest.param("while True: pass", "stopped: computing time", marks=LIMITED),
        pytest.param("open('large', 'wb').write(bytes(3_000_000))", "stopped: size of a file", marks=LIMITED),
        pytest.param(
            "import tensorflow\ntensorflow.io.write_file('large', 'x' * 3_000_000)",
            "stopped: size of a file",
            marks=LIMITED,
        ),
        ("import os; os.abort()", "crashed"),
        ("import sys; sys.exit(0)", "by itself"),
        ("1 / 0", "by an error"),
        ("def f(:", "by an error"),
    ],
)
def test_each_limit_is_named(code, ended):
    assert _run(code, memory=200, computing=1, file_size=1).ended == ended


# A gigabyte at the utmost, and time to be seen with it. Of bytes: a bytearray that finds no room prints a
# SystemError of Python's own beside the MemoryError now and then.
GROWS = "import time\nheld = [b'x' * 1_000_000 for _ in range(1_000)]\ntime.sleep(5)"


def test_memory_is_watched_where_the_system_does_not_limit_it():
    watch = "threading.Thread(target=child._watch, args=[100_000_000], daemon=True).start()"
    code = f"import threading\nfrom helpers.tools.sandbox import child\n{watch}\n{GROWS}"
    assert processes.run(code).status == child.MEMORY


@pytest.mark.skipif(sys.platform != "linux", reason="Only Linux limits the address space.")
def test_the_system_limits_memory_and_writes_no_core():
    limit = "child._limit(100_000_000, 10**9, 60)"
    core = "print(resource.getrlimit(resource.RLIMIT_CORE))"
    code = f"import resource\nfrom helpers.tools.sandbox import child\n{limit}\n{core}\n{GROWS}"
    assert processes.run(code).printed == "(0, 0)\nMemoryError\n"


def test_an_error_is_one_printed_line():
    report = _run("print('before')\nraise ValueError('first\\nsecond')")
    assert report.printed == "before\nValueError: first\n"
    assert str(report) == (
        "ended    by an error\nwrote    nothing\nprinted  before\nprinted  ValueError: first"
    )


@pytest.mark.parametrize(
    ("code", "refused"),
    [
        ("import subprocess, sys; subprocess.run([sys.executable, '--version'])", "to start a program"),
        ("import os; os.system('exit')", "to start a program"),
        ("import socket; socket.create_connection(('127.0.0.1', 9))", "to reach the net"),
        ("import socket; socket.socket().bind(('127.0.0.1', 0))", "to reach the net"),
        ("import os; os.kill(os.getppid(), 9)", "to end a process"),
        ("open('../outside.txt', 'w')", "to write outside its folder: outside.txt"),
        ("import os; os.mkdir('../outside')", "to write outside its folder: outside"),
        ("import os; os.rename('mine.txt', '../outside.txt')", "to write outside its folder: outside.txt"),
    ],
)
def test_python_is_refused_what_reaches_out(place, code, refused):
    (place / "mine.txt").write_text("mine", encoding="utf-8")
    report = _run(code, "mine.txt")
    assert report.refused == (refused,)
    assert report.ended == "by an error"
    assert "PermissionError" in report.printed


def test_files_of_the_learner_are_not_changed_by_their_whole_path(place):
    kept = place / "kept.txt"
    kept.write_text("kept", encoding="utf-8")
    for code in (f"open({str(kept)!r}, 'a')", f"import os; os.remove({str(kept)!r})"):
        assert _run(code).refused == ("to write outside its folder: kept.txt",)
    assert kept.read_text(encoding="utf-8") == "kept"


def test_a_link_leads_nowhere(place):
    """Neither the copy nor the report follows a link that the code makes, and it cannot write through it."""
    secret = place / "secret.txt"
    secret.write_text("secret", encoding="utf-8")
    try:
        (place / "probe").symlink_to(secret)
    except OSError:
        pytest.skip("links are not allowed here")
    report = _run(f"import os\nos.symlink({str(secret)!r}, 'link')\nopen('link', 'w')")
    assert report.files == {"link": b""}
    assert report.refused == ("to write outside its folder: secret.txt",)
    assert secret.read_text(encoding="utf-8") == "secret"


def test_a_module_beside_the_file_is_not_imported_before_the_limits_hold(place):
    (place / "psutil.py").write_text("raise SystemExit('taken over')", encoding="utf-8")
    (place / "mine.py").write_text("word = 'mine'", encoding="utf-8")
    report = _run("import mine, psutil\nprint(mine.word, hasattr(psutil, 'Process'))", "psutil.py", "mine.py")
    assert report.printed == "mine True\n"


def test_what_it_does_not_protect_from(place):
    """TensorFlow's operations do not ask Python: they read and write where the learner may, as is said."""
    (place / "secret.txt").write_text("secret", encoding="utf-8")
    report = _run(
        f"""
        import tensorflow
        print(tensorflow.io.read_file({str(place / "secret.txt")!r}).numpy())
        tensorflow.io.write_file({str(place / "written.txt")!r}, "by an operation")
        """
    )
    assert report.printed == "b'secret'\n"
    assert report.refused == ()
    assert (place / "written.txt").read_text(encoding="utf-8") == "by an operation"
    assert "TensorFlow's operations and compiled\ncode do not ask Python" in sandbox.__doc__


@pytest.mark.parametrize("kind", [str, pathlib.Path])
def test_one_file_needs_no_list(place, kind):
    (place / "numbers.txt").write_text("1", encoding="utf-8")
    report = sandbox.run("print(open('numbers.txt').read())", kind("numbers.txt"))
    assert report.printed == "1\n"
    with pytest.raises(FileNotFoundError, match=r"missing\.keras"):
        sandbox.run("pass", kind("missing.keras"))


def test_nothing_goes_on_after_the_end(place):
    report = _run(
        """
        import os, threading, time
        print(os.getpid(), flush=True)
        threading.Thread(target=time.sleep, args=[60]).start()
        """
    )
    assert not psutil.pid_exists(int(report.printed))


def test_waiting_comes_to_an_end_too():
    # Without the limit it would never end.
    assert _run("import threading\nthreading.Event().wait()", seconds=1).ended == "stopped: time"


def test_odd_requests_are_refused_with_a_sentence(place):
    with pytest.raises(FileNotFoundError, match=r"missing\.keras"):
        _run("pass", "missing.keras")
    for limit in ("memory", "computing", "seconds", "file_size"):
        for value in (0, -1, float("nan")):
            with pytest.raises(ValueError, match=f"{limit} is .* Give a number above zero"):
                _run("pass", **{limit: value})


def test_names_that_could_steer_a_terminal_are_spelled_out():
    report = reports.Report("by itself", "a\x1b[31m\n", {"b\x1b[31m": b""}, ("to \x1b[31m",))
    assert "\x1b" not in str(report)
    assert sorted(report.files) == ["b\x1b[31m"]


def test_a_report_holds_the_beginning_of_much():
    report = _run(
        "print('x' * 10_000)\nfor number in range(150): open(f'{number:03}', 'wb').write(b'y' * 9_000)"
    )
    assert len(report.printed) == 4096
    assert len(report.files) == 100
    assert set(map(len, report.files.values())) == {4096}
    assert "wrote    000, 001" in str(report) and "and 92 more" in str(report)


def test_the_magic_prints_the_report(place, capsys):
    (place / "numbers.txt").write_text("1", encoding="utf-8")
    sandbox.sandbox("numbers.txt --memory 500 --seconds 30", "print(open('numbers.txt').read())")
    assert capsys.readouterr().out == "ended    by itself\nwrote    nothing\nprinted  1\n"
    sandbox.sandbox("missing.txt", "pass")
    assert capsys.readouterr().out.startswith("Not run: ")
    sandbox.sandbox("--memory 0", "pass")
    assert capsys.readouterr().out == "Not run: memory is 0.0. Give a number above zero.\n"


def test_the_path_of_the_process_is_that_of_this_python():
    assert _run("import sys; print(sys.executable)").printed.strip() == sys.executable


def test_the_folder_is_gone_even_with_rights_taken_away(place):
    report = _run("import os, pathlib; pathlib.Path('a').mkdir(); os.chmod('a', 0o500); print(os.getcwd())")
    assert not pathlib.Path(report.printed.strip()).exists()
