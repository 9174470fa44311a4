"""Runs Python on a stranger's file in a process with limits: `%%sandbox gift.keras`, `sandbox.run(...)`.

The process works in an empty temporary folder with copies of the named files, and without your environment
variables. Memory, computing time, waiting time and the size of a file are limited. Where Python itself writes
outside the folder, starts a program or opens a connection, that is refused and noted.

It is no wall. The process has your rights: it reads what you can read. TensorFlow's operations and compiled
code do not ask Python, so they write where you may write and reach the net. Code that knows of the limits can
lift those that are kept inside the process, and its report is as honest as it is. Against an enemy take a
container without net, or a virtual machine. Windows limits neither computing time nor the size of a file, and
there as on macOS memory is watched from inside instead of limited by the system.
"""

import collections.abc
import contextlib
import os
import pathlib
import shutil
import signal
import tempfile

from helpers.core import processes
from helpers.tools.sandbox import child, report
from IPython.core import magic_arguments

_Path = str | os.PathLike[str]
_MEGABYTE = 2**20
_STARTING = 0.0 if processes.can_fork() else 60.0  # seconds a new Python may take before the code begins
_ENDED = {
    0: "by itself",
    child.ERROR: "by an error",
    child.MEMORY: "stopped: memory",
    child.FILE_SIZE: "stopped: size of a file",
    None: "stopped: time",
    -getattr(signal, "SIGXCPU", 24): "stopped: computing time",
}


def run(
    code: str,
    files: _Path | collections.abc.Iterable[_Path] = (),
    *,
    memory: float = 2048,
    computing: float = 20,
    seconds: float = 60,
    file_size: float = 64,
) -> report.Report:
    """Run Python text on copies of files and folders, and say what it did.

    Args:
        code: the text, such as 'import keras; keras.models.load_model("gift.keras")'.
        files: what is copied into the folder it works in, under its own name: one path or several.
        memory: megabytes it may take on top of what TensorFlow takes.
        computing: seconds it may compute, where the system counts them.
        seconds: seconds until it is ended in any case.
        file_size: megabytes of each file it writes, where the system limits that.

    Raises:
        FileNotFoundError: a file is not there.
        ValueError: a limit is not above zero.
    """
    limits = {"memory": memory, "computing": computing, "seconds": seconds, "file_size": file_size}
    if wrong := [name for name, value in limits.items() if not value > 0]:
        raise ValueError(f"{wrong[0]} is {limits[wrong[0]]!r}. Give a number above zero.")
    sources = [files] if isinstance(files, (str, os.PathLike)) else files
    with tempfile.TemporaryDirectory(prefix="sandbox-") as place:
        own = pathlib.Path(place).resolve()
        for name in ("work", "temporary", "notes"):
            (own / name).mkdir()
        for source in map(pathlib.Path, sources):
            copy = own / "work" / source.resolve().name
            shutil.copytree(source, copy, symlinks=True) if source.is_dir() else shutil.copyfile(source, copy)
        before = report.state(own / "work")
        bounds = [int(memory * _MEGABYTE), int(file_size * _MEGABYTE), computing]
        # It starts beside the copies, so that none of them is imported before the limits hold.
        with contextlib.chdir(own):
            ended = processes.call(child.run, code, str(own), *bounds, timeout=seconds + _STARTING)
        return report.of(own, before, _ENDED.get(ended.status, "crashed"))


@magic_arguments.magic_arguments()
@magic_arguments.argument("files", nargs="*", help="what is copied into the sandbox")
@magic_arguments.argument("--memory", type=float, default=2048, help="megabytes")
@magic_arguments.argument("--computing", type=float, default=20, help="seconds of computing")
@magic_arguments.argument("--seconds", type=float, default=60, help="seconds in any case")
@magic_arguments.argument("--file-size", type=float, default=64, help="megabytes of one file")
def sandbox(line: str, cell: str) -> None:
    """The magic itself: `%%sandbox gift.keras --memory 200`. The report is printed."""
    chosen = vars(magic_arguments.parse_argstring(sandbox, line))
    try:
        print(run(cell, chosen.pop("files"), **chosen))
    except (OSError, ValueError) as reason:
        print(f"Not run: {reason}")


def load_ipython_extension(shell: object) -> None:
    """`%load_ext helpers.tools.sandbox` makes the magic known, warms the fork server and sees to its end."""
    shell.register_magic_function(sandbox, magic_kind="cell")
    processes.end_with_kernel(shell)
    processes.warm()
