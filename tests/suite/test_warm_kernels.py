"""Kernels forked from a warm process are like plain ones, and end like them."""

import contextlib
import json
import os
import signal
import subprocess
import sys

from helpers.core import processes, scratch
import jupyter_client.provisioning
import nbval.kernel
import psutil
import pytest

from tests.suite import kernel_provisioner, patience
from tests.suite import plugin as suite

FORKS = pytest.mark.skipif(not processes.can_fork(), reason="this platform cannot fork safely")

# What a notebook could see of the way its kernel was started.
SEEN = """
import json, multiprocessing, os, signal, sys, threading
print(json.dumps({
    "path": sys.path,
    "arguments": [sys.argv[0], *sys.argv[1:2]],
    "main": [__name__, sys.modules["__main__"].__dict__ is globals()],
    "folder": os.getcwd(),
    "environment": {name: value for name, value in os.environ.items() if name != "JPY_PARENT_PID"},
    "helpers": [name for name in sys.modules if name.startswith("helpers")],
    "flags": [sys.flags.safe_path, sys.flags.utf8_mode, sys.flags.dev_mode],
    "processes": [multiprocessing.current_process().name, multiprocessing.parent_process()],
    "temporary": multiprocessing.current_process()._config.get("tempdir"),
    "signals": [str(signal.getsignal(number)) for number in (signal.SIGCHLD, signal.SIGINT)],
    "threads": sorted(thread.daemon for thread in threading.enumerate()),
    "leads": [os.getpgid(0) == os.getpid(), os.getsid(0) == os.getpid()],
    "input": os.fstat(0).st_rdev == os.stat(os.devnull).st_rdev or os.read(0, 1) == b"",
}))
"""


@pytest.fixture(scope="module", autouse=True)
def own_warm_process():
    """A warm process for these tests alone: tests before them may have left other variables behind."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kernel_provisioner, "_server", None)
        patch.setattr(kernel_provisioner, "_environment", dict(os.environ))
        yield
        kernel_provisioner.stop()


@pytest.fixture
def kernel(monkeypatch, tmp_path):
    """A function that starts a kernel as nbval does, forked or plain."""
    factory = jupyter_client.provisioning.KernelProvisionerFactory.instance()
    monkeypatch.setattr(factory, "default_provisioner_name", factory.default_provisioner_name)
    ended = contextlib.ExitStack()

    def start(kind: str):
        monkeypatch.setenv(kernel_provisioner.VARIABLE, kind)
        kernel_provisioner.choose()
        with open(os.devnull, "w", encoding="utf-8") as nowhere:
            manager, client = nbval.kernel.start_new_kernel(
                kernel_name=nbval.kernel.CURRENT_ENV_KERNEL_NAME, stderr=nowhere, cwd=str(tmp_path)
            )
        ended.callback(manager.shutdown_kernel, now=True)
        ended.callback(client.stop_channels)
        return manager, client

    yield start
    ended.close()


def said(client, code: str) -> str:
    """What a cell prints; an error stands in it as its name."""
    parts = []

    def take(message):
        content = message["content"]
        parts.append(content.get("text", "") + content.get("ename", ""))

    client.execute_interactive(code, output_hook=take, timeout=60, store_history=False)
    return "".join(parts)


def is_forked(manager) -> bool:
    return isinstance(manager.provisioner.process, kernel_provisioner.Kernel)


@FORKS
def test_a_notebook_sees_no_difference(kernel):
    forked, plain = kernel("forked"), kernel("plain")
    assert is_forked(forked[0]) and not is_forked(plain[0])
    seen, expected = (json.loads(said(client, SEEN)) for _, client in (forked, plain))
    for one in (seen, expected):
        one["environment"].pop(kernel_provisioner.VARIABLE)  # the two were asked for by this variable
    assert seen == expected


@FORKS
def test_tensorflow_is_there_and_has_run_nothing(kernel):
    manager, client = kernel("forked")
    warm = psutil.Process(manager.provisioner.process.ppid())
    assert warm.num_threads() == 1, "what a fork would not take along"
    code = """
import sys
print("keras" in sys.modules)
from tensorflow.python.eager import context
print(context.context()._initialized)
from helpers.core import backend
import tensorflow
print(float(tensorflow.reduce_sum(tensorflow.ones((3, 3)) @ tensorflow.ones((3, 3)))))
"""
    assert said(client, code).split() == ["True", "False", "27.0"]
    assert said(client, "import os; print(os.environ['KERAS_BACKEND'])") == "tensorflow\n"


@FORKS
def test_two_kernels_draw_different_numbers(kernel):
    code = "import random, numpy, uuid; print(random.random(), numpy.random.rand(), uuid.uuid4())"
    one, two = (said(kernel("forked")[1], code).split() for _ in range(2))
    assert len({*one, *two}) == 6


@FORKS
def test_a_fresh_process_can_be_asked_for_and_nothing_of_it_stays(kernel):
    manager, client = kernel("forked")
    number = manager.provisioner.pid
    assert said(client, "%load_ext helpers.fresh") == ""
    assert said(
        client, "%%fresh\nimport keras, sys\nprint(keras.ops.ones(2).shape, 'get_ipython' in dir())"
    ) == ("(2,) False\n")
    servers = psutil.Process(number).children(recursive=True)
    assert [process.cmdline()[1:] for process in servers].count(["-m", "tests.suite.kernel_server"]) == 1, (
        "the fork server is the spare copy, not a Python that imports TensorFlow again"
    )
    client.shutdown()
    _, left = psutil.wait_procs(
        [psutil.Process(number), *servers] if psutil.pid_exists(number) else servers, 30
    )
    assert not left
    assert not manager.is_alive()


@FORKS
def test_it_can_be_interrupted_restarted_and_killed(kernel):
    manager, client = kernel("forked")
    asked = client.execute("import time\nprint('begun', flush=True)\ntime.sleep(60)")
    while client.get_iopub_msg(timeout=30)["msg_type"] != "stream":
        pass
    manager.interrupt_kernel()
    while (reply := client.get_shell_msg(timeout=30))["parent_header"].get("msg_id") != asked:
        pass
    assert reply["content"]["ename"] == "KeyboardInterrupt"

    first = manager.provisioner.process
    manager.restart_kernel(now=True)
    client.wait_for_ready(timeout=60)
    assert first.poll() == 0
    assert said(client, "print(6 * 7)") == "42\n"

    second = manager.provisioner.process
    os.kill(second.pid, signal.SIGKILL)
    psutil.wait_procs([second], timeout=30)
    assert second.poll() == 0 and not manager.is_alive()


@FORKS
@pytest.mark.parametrize("name", ["TF_USE_LEGACY_KERAS", "KERAS_BACKEND", "MPLBACKEND", "PYTHONPATH", "HOME"])
def test_with_another_environment_the_kernel_is_a_plain_one(kernel, monkeypatch, tmp_path, name):
    assert is_forked(kernel("forked")[0])
    monkeypatch.setenv(name, str(tmp_path))
    manager, client = kernel("forked")
    assert not is_forked(manager)
    assert said(client, f"import os; print(os.environ[{name!r}])").strip() == str(tmp_path)


@FORKS
def test_what_the_collected_tests_have_imported_does_not_make_their_kernels_plain(kernel, monkeypatch):
    """TensorFlow, Keras and the course's own set-up write into the environment when they are imported."""
    monkeypatch.setattr(kernel_provisioner, "_environment", kernel_provisioner._environment)
    monkeypatch.setattr(kernel_provisioner, "_server", None)
    monkeypatch.setenv("SET_BY_AN_IMPORT", "1")
    assert not is_forked(kernel("forked")[0])
    suite.pytest_collection_finish()
    assert is_forked(kernel("forked")[0])
    kernel_provisioner.stop()


@FORKS
def test_kernels_end_with_the_tests_even_when_those_are_killed(tmp_path):
    code = """
import os, time, nbval.kernel
from tests.suite import kernel_provisioner
kernel_provisioner.choose()
manager, client = nbval.kernel.start_new_kernel(kernel_name=nbval.kernel.CURRENT_ENV_KERNEL_NAME)
print(manager.provisioner.pid, manager.provisioner.process.ppid(), flush=True)
time.sleep(600)
"""
    variables = {**os.environ, kernel_provisioner.VARIABLE: "forked", "PYTHONPATH": str(scratch.COURSE)}
    command = [sys.executable, "-c", code]
    with subprocess.Popen(
        command, env=variables, cwd=tmp_path, stdout=subprocess.PIPE, text=True, encoding="utf-8"
    ) as tests:
        started = [psutil.Process(int(number)) for number in patience.line(tests).split()]
        tests.kill()
    _, left = psutil.wait_procs(started, timeout=patience.SECONDS)
    assert not left


@FORKS
def test_without_the_warm_process_the_error_says_what_to_do(kernel, monkeypatch):
    with open(os.devnull, "rb") as nowhere, open(os.devnull, "wb") as deaf:
        gone = type("Gone", (), {"stdin": deaf, "stdout": nowhere})
        monkeypatch.setattr(kernel_provisioner, "_warm", lambda: gone)
        monkeypatch.setattr(kernel_provisioner, "_environment", dict(os.environ))
        with pytest.raises(RuntimeError, match="COURSE_KERNELS=plain"):
            kernel("forked")


def test_the_warm_process_ends_when_it_is_asked_to(monkeypatch):
    monkeypatch.setattr(kernel_provisioner, "_server", None)
    kernel_provisioner.stop()
    command = [sys.executable, "-c", "input()"]
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    monkeypatch.setattr(kernel_provisioner, "_server", process)
    kernel_provisioner.stop()
    assert process.returncode is not None and kernel_provisioner._server is None


@pytest.mark.parametrize(
    ("word", "name"), [("plain", "local-provisioner"), ("forked", kernel_provisioner.NAME)]
)
def test_a_variable_chooses(monkeypatch, word, name):
    factory = jupyter_client.provisioning.KernelProvisionerFactory.instance()
    monkeypatch.setattr(factory, "default_provisioner_name", "")
    monkeypatch.setenv(kernel_provisioner.VARIABLE, word)
    kernel_provisioner.choose()
    assert factory.default_provisioner_name == name


def test_another_word_is_refused(monkeypatch):
    monkeypatch.setenv(kernel_provisioner.VARIABLE, "spooned")
    with pytest.raises(ValueError, match="it may be 'plain' or 'forked'"):
        kernel_provisioner.choose()


def test_every_pull_request_runs_both_kinds():
    """The README's command, the lessons on an odd machine, processes without forking, and the walks."""
    script = (scratch.COURSE / ".ci" / "run").read_text(encoding="utf-8").replace("\\\n", " ")
    runs = [line.partition("uv run pytest") for line in script.splitlines() if "uv run pytest" in line]
    assert [("COURSE_KERNELS=plain" in before, after.split()) for before, _, after in runs[:1]] == [
        (False, [])
    ]
    ((_, _, after),) = [run for run in runs if "COURSE_KERNELS=plain" in run[0]]
    assert {"tests/suite", "tests/core", "tests/cells/test_fresh.py"} <= set(after.split())
    (odd,) = [line for line in script.splitlines() if ".ci/odd worst" in line]
    assert {"notebooks", "tests/suite", "tests/core"} <= set(odd.split())
    # JupyterLab starts the kernels of the walks as it does for a learner.
    assert "tests/browser" in script.partition("COURSE_MUST_RUN=all")[2].split()
