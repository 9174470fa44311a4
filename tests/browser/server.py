"""JupyterLab with the course's settings on a copy of the notebooks; all it writes stays in one folder."""

import collections.abc
import contextlib
import dataclasses
import json
import os
import pathlib
import shutil
import subprocess
import sys
import time

from helpers.authoring.notebooks import course
from helpers.core import jupyterlab, scratch
import psutil

START_LIMIT = 120  # seconds
END_LIMIT = 30  # seconds


@dataclasses.dataclass(frozen=True)
class Server:
    """A running JupyterLab."""

    url: str  # ends with a slash
    token: str
    folder: pathlib.Path  # the copy of the course
    scratch: pathlib.Path  # where its notebooks write


@contextlib.contextmanager
def running(folder: pathlib.Path) -> collections.abc.Iterator[Server]:
    """Run JupyterLab on a copy of the notebooks, made in `folder`, and end it with its kernels."""
    copy = folder / "course"
    for name in course.FOLDERS:
        shutil.copytree(scratch.COURSE / name, copy / name)
    options = [
        "--no-browser",
        "--ServerApp.ip=127.0.0.1",
        "--ServerApp.port=0",
        f"--ServerApp.root_dir={copy}",
    ]
    log = folder / "server.log"
    with log.open("w", encoding="utf-8") as printed:
        process = subprocess.Popen(
            [sys.executable, "-m", "jupyterlab", *jupyterlab.lab_options(options)],
            env=os.environ | jupyterlab.jupyter_environment(os.environ) | own_places(folder),
            stdin=subprocess.DEVNULL,
            stdout=printed,
            stderr=subprocess.STDOUT,
        )
    try:
        info = address(process, folder, log)
        yield Server(info["url"], info["token"], copy, folder / "scratch")
    finally:
        end(process)


def own_places(folder: pathlib.Path) -> dict[str, str]:
    """The variables that keep Jupyter, IPython and the course away from what belongs to the user."""
    names = {
        "COURSE_PROGRESS": "progress.json",
        "COURSE_SCRATCH": "scratch",
        "IPYTHONDIR": "ipython",
        "JUPYTER_CONFIG_DIR": "config",
        "JUPYTER_DATA_DIR": "data",
        "JUPYTER_RUNTIME_DIR": "runtime",
        "JUPYTERLAB_SETTINGS_DIR": "settings",
        "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
    }
    return {variable: str(folder / name) for variable, name in names.items()}


def address(process: subprocess.Popen, folder: pathlib.Path, log: pathlib.Path) -> dict:
    """What the server says of itself once it listens: its address, its token.

    Raises:
        RuntimeError: it ended, or said nothing in time; the text holds the last lines of its log.
    """
    deadline = time.monotonic() + START_LIMIT
    while process.poll() is None and time.monotonic() < deadline:
        for info in (folder / "runtime").glob("jpserver-*.json"):
            # A file that is only half written is read again.
            with contextlib.suppress(json.JSONDecodeError):
                return json.loads(info.read_text(encoding="utf-8"))
        time.sleep(0.1)
    seen = "ended" if process.poll() is not None else f"did not listen within {START_LIMIT} seconds"
    raise RuntimeError(f"JupyterLab {seen}. It said:\n{log.read_text(encoding='utf-8')[-2000:]}")


def end(process: subprocess.Popen) -> None:
    """End the server, and see to it that none of its kernels is left."""
    kernels = psutil.Process(process.pid).children(recursive=True) if process.poll() is None else []
    process.terminate()
    try:
        process.wait(END_LIMIT)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    _, left = psutil.wait_procs(kernels, timeout=END_LIMIT)
    for one in left:
        one.kill()
