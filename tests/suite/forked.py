"""A new Python for the tests: `python -c`, forked from one that has imported TensorFlow where this run forks.

A plain start imports TensorFlow for seconds before the first line of what is tested. The run of `.ci/run`
with plain kernels starts every one of these plainly, and expects the same.
"""

import collections.abc
import io
import os
import pathlib
import subprocess
import sys
import tempfile
import types

from helpers.core import process_child, processes

from tests.suite import kinds


def run(
    command: collections.abc.Sequence[str],
    cwd: pathlib.Path | str | None = None,
    env: dict[str, str] | None = None,
    input: str = "",  # noqa: A002  (as subprocess calls it)
    timeout: float = 300.0,
    capture_output: bool = True,
    text: bool = True,
    encoding: str = "utf-8",
    errors: str = "replace",
) -> subprocess.CompletedProcess:
    """As subprocess.run, for a command `python -c code arguments` whose output is captured as text.

    Raises:
        subprocess.TimeoutExpired: it ran for more than `timeout` seconds, and was ended.
    """
    if not kinds.FORKED:
        streams = {"input": input, "capture_output": capture_output, "text": text, "errors": errors}
        streams["encoding"] = encoding
        return subprocess.run(command, cwd=cwd, env=env, timeout=timeout, **streams)
    python, option, code, *arguments = command
    assert (python, option, capture_output, text, encoding) == (sys.executable, "-c", True, True, "utf-8"), (
        command
    )
    with tempfile.TemporaryDirectory() as folder:
        streams = [pathlib.Path(folder, name) for name in ("input", "output", "error")]
        streams[0].write_text(input, encoding="utf-8")
        place, variables = os.path.abspath(cwd or os.getcwd()), dict(os.environ if env is None else env)
        process = processes.start(
            _become, code, arguments, place, variables, [str(path) for path in streams], daemon=False
        )
        process.join(timeout)
        if process.exitcode is None:
            process.kill()
            process.join()
            raise subprocess.TimeoutExpired(command, timeout)
        printed, said = (path.read_text(encoding="utf-8", errors=errors) for path in streams[1:])
        return subprocess.CompletedProcess(command, process.exitcode, printed, said)


def _become(
    code: str, arguments: list[str], folder: str, environment: dict[str, str], streams: list[str]
) -> None:
    """Be `python -c code arguments` in a folder; multiprocessing prints errors and gives the exit status."""
    process_child.settle(folder, environment)
    for number, path in enumerate(streams):
        os.dup2(os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND), number)
    sys.stdin, sys.stdout, sys.stderr = (
        io.TextIOWrapper(io.FileIO(number, mode, closefd=False), encoding="utf-8", line_buffering=True)
        for number, mode in enumerate("rww")
    )
    sys.argv = ["-c", *arguments]
    here = [] if environment.get("PYTHONSAFEPATH") else [""]
    sys.path[:0] = [*here, *filter(None, environment.get("PYTHONPATH", "").split(os.pathsep))]
    sys.modules["__main__"] = types.ModuleType("__main__")
    exec(compile(code, "<string>", "exec"), sys.modules["__main__"].__dict__)
