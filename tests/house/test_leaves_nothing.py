"""The lessons that break things leave the learner's machine as it was: no process, no mount, no file.

Each notebook runs in a copy of the course, with a home folder and a folder for temporary files of its own.
Afterwards only the scratch folder may have changed, but for what Python's tools keep for themselves
wherever they are first started: IPython's history, the lists of fonts, Keras's settings, compiled files.
"""

import os
import pathlib
import shutil
import subprocess
import sys

from helpers.core import scratch
import psutil
import pytest

from tests.lessons import test_lesson_10_leaves_nothing
from tests.suite import kinds, patience

# The lesson with strangers' files in every run; the two that take long only in the run with plain kernels.
LESSONS = ("10_load_safely", *(() if kinds.FORKED else ("08_resume_exactly", "09_survive_crashes")))
MARK = "COURSE_TRACE"
LIMIT = 900  # seconds; half a minute on a quiet machine


@pytest.fixture
def learner(tmp_path) -> dict[str, pathlib.Path]:
    """The folders of a learner: the course, home, temporary files, and what the tools keep."""
    folders = {name: tmp_path / name for name in ("course", "home", "temporary", "tools")}
    for folder in folders.values():
        folder.mkdir()
    for name in ("helpers", "notebooks"):
        ignored = shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints")
        shutil.copytree(scratch.COURSE / name, folders["course"] / name, ignore=ignored)
    return folders


def environment(learner: dict[str, pathlib.Path]) -> dict[str, str]:
    tools = {"IPYTHONDIR": "ipython", "MPLCONFIGDIR": "matplotlib", "KERAS_HOME": "keras"}
    tools |= {"XDG_CACHE_HOME": "cache"}
    own = {name: str(learner["tools"] / folder) for name, folder in tools.items()}
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("COURSE_", "XDG_"))}
    homes = dict.fromkeys(("HOME", "USERPROFILE"), str(learner["home"]))
    temporary = dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(learner["temporary"]))
    marks = {MARK: str(learner["course"]), "PYTHONPATH": str(learner["course"])}
    return kept | own | homes | temporary | marks | {"MPLBACKEND": "agg", "COURSE_PROGRESS": "off"}


def files(learner: dict[str, pathlib.Path]) -> dict[str, tuple[int, int, int]]:
    """Size, date and rights of every file and folder that the lesson must leave alone."""
    found = {}
    for name in ("course", "home", "temporary"):
        for path in sorted(learner[name].rglob("*")):
            inside = path.relative_to(learner[name])
            if inside.parts[0] != "scratch" and "__pycache__" not in inside.parts:
                facts = path.lstat()
                date = 0 if path.is_dir() else facts.st_mtime_ns
                found[f"{name}/{inside.as_posix()}"] = (facts.st_size * path.is_file(), date, facts.st_mode)
    return found


def mounts() -> set[tuple[str, str]]:
    return {(part.device, part.mountpoint) for part in psutil.disk_partitions(all=True)}


def processes(mark: str) -> list[psutil.Process]:
    """Every living process that has inherited the mark of this learner."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.environ().get(MARK) == mark and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
        except psutil.Error:
            continue  # it has ended meanwhile, or belongs to somebody else
    return found


@pytest.mark.parametrize("lesson", LESSONS)
def test_a_lesson_leaves_the_machine_as_it_was(lesson, learner):
    before, mounted = files(learner), mounts()
    notebook = learner["course"] / "notebooks" / f"{lesson}.ipynb"
    done = subprocess.run(
        [sys.executable, "-m", "IPython", "--no-banner", "--colors=NoColor", notebook.name],
        cwd=notebook.parent,
        env=environment(learner),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=LIMIT,
        encoding="utf-8",
    )
    said = done.stdout + done.stderr
    assert done.returncode == 0 and "Traceback" not in said, said[-3000:]
    place = learner["course"] / "scratch" / f"notebooks-{lesson}"
    assert [entry.name for entry in place.parent.iterdir()] == [place.name], "nothing else ran, and it did"
    if lesson == "10_load_safely":
        assert {entry.name for entry in place.iterdir()} == test_lesson_10_leaves_nothing.WANTED["notebooks"]

    alive = processes(str(learner["course"]))
    _, left = psutil.wait_procs(alive, timeout=30)  # the fork server ends a moment after its notebook
    assert not left, [process.cmdline() for process in left]
    # Somebody else may mount something meanwhile; what is ours lies in the learner's folders.
    ours = [part for part in mounts() - mounted if str(learner["course"].parent) in " ".join(part)]
    assert not ours
    # Matplotlib asks the system for its fonts, and their list is written where the system's is out of date.
    assert {path.name for path in learner["tools"].glob("cache/*")} <= {"fontconfig"}
    after = files(learner)
    changed = {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
    assert not changed, sorted(changed)


def test_a_stray_process_and_a_stray_file_would_be_seen(learner):
    """The two proofs above are able to fail."""
    before = files(learner)
    (learner["home"] / "stray").touch()
    (learner["course"] / "notebooks" / "10_load_safely.ipynb").chmod(0o600)
    assert {name for name, facts in files(learner).items() if before.get(name) != facts} == {
        "home/stray",
        "course/notebooks/10_load_safely.ipynb",
    }
    mark = environment(learner)
    ready = "print('ready', flush=True); input()"
    streams = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen([sys.executable, "-c", ready], env=mark, **streams) as stray:
        assert patience.line(stray) == "ready"  # before that it may not be Python yet
        assert [process.pid for process in processes(str(learner["course"]))] == [stray.pid]
        stray.communicate(b"\n")
    assert not processes(str(learner["course"]))
