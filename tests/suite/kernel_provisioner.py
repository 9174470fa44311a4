"""How jupyter_client gets its kernels forked: a provisioner, as its documentation describes them.

`plugin.py` makes it the default in the processes of the tests, and nobody else has it. A kernel whose command
or environment is not the warm process's own is started plainly: TensorFlow and Keras read variables when they
are imported, and that has happened already.
"""

import contextlib
import importlib.metadata
import json
import os
import signal
import subprocess
import sys

from helpers.core import processes, scratch
import jupyter_client.provisioning
import psutil

NAME = "course-forked"
VARIABLE = "COURSE_KERNELS"  # "plain" or "forked"; without it, forked where the platform can
# Nothing that is imported reads these when it is imported.
HARMLESS = ("COURSE_", "JPY_", "NBGRADER_", "PYTEST_")

_server: subprocess.Popen | None = None
_environment: dict[str, str] = {}


def wanted() -> str:
    """How the tests start kernels: "forked" where the platform can, unless the variable says otherwise.

    Raises:
        ValueError: the variable holds another word.
    """
    word = os.environ.get(VARIABLE) or ("forked" if processes.can_fork() else "plain")
    if word not in {"plain", "forked"}:
        raise ValueError(f"{VARIABLE} is {word!r}; it may be 'plain' or 'forked'.")
    return word


def choose() -> None:
    """From here on the kernels of this process are started the wanted way.

    Raises:
        ValueError: the variable holds another word.
    """
    global _environment
    _environment = _environment or dict(os.environ)
    factory = jupyter_client.provisioning.KernelProvisionerFactory.instance()
    factory.provisioners[NAME] = importlib.metadata.EntryPoint(
        NAME, f"{__name__}:ForkedProvisioner", factory.GROUP_NAME
    )
    factory.default_provisioner_name = NAME if wanted() == "forked" else "local-provisioner"


def remember() -> None:
    """Take the environment as it is now for that of the run, which a single test may change for a while.

    The tests call it when they are collected: what they import has set its variables then (Keras's backend,
    for one), and kernels inherit these.
    """
    global _environment
    _environment = dict(os.environ)


def stop() -> None:
    """End the warm process, and with it the kernels that are left; harmless where there is none."""
    global _server
    if _server:
        _server.stdin.close()
        _server.wait()
        _server.stdout.close()
        _server = None


def _warm() -> subprocess.Popen:
    """The warm process of this process, started if there is none."""
    global _server
    if not _server or _server.poll() is not None:
        command = [sys.executable, "-m", "tests.suite.kernel_server"]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        _server = subprocess.Popen(command, cwd=scratch.COURSE, env=_environment, **pipes)
    return _server


def _settled(environment: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in environment.items() if not name.startswith(HARMLESS)}


class Kernel(psutil.Process):
    """A forked kernel, with what jupyter_client asks a subprocess.Popen for. It is not our child."""

    stdin = stdout = stderr = None

    def poll(self) -> int | None:
        """None while it runs; nobody here can know with which status it has ended."""
        try:
            return 0 if not self.is_running() or self.status() == psutil.STATUS_ZOMBIE else None
        except psutil.NoSuchProcess:
            return 0

    def send_signal(self, sig: int) -> None:
        """Send it a signal; as with subprocess.Popen, nothing happens if it has ended."""
        with contextlib.suppress(psutil.NoSuchProcess):
            super().send_signal(sig)

    def wait(self, timeout: float | None = None) -> int | None:
        """The provisioner calls it when `poll` has seen the end."""
        return self.poll()

    def kill(self) -> None:
        """End it at once."""
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)


class ForkedProvisioner(jupyter_client.provisioning.LocalProvisioner):
    """Forks a kernel from the warm process of this process."""

    async def launch_kernel(self, cmd: list[str], **kwargs: object) -> dict[str, object]:
        """Start a kernel; see jupyter_client's KernelProvisionerBase.

        Raises:
            RuntimeError: the warm process has ended; its error stands in the standard error output.
        """
        environment = kwargs.get("env") or dict(os.environ)
        if cmd[:3] != [sys.executable, "-m", "ipykernel_launcher"] or _settled(environment) != _settled(
            _environment
        ):
            return await super().launch_kernel(cmd, **kwargs)
        warm = _warm()
        folder = os.path.abspath(kwargs.get("cwd") or os.getcwd())
        request = {"arguments": cmd[3:], "folder": folder, "environment": environment}
        try:
            warm.stdin.write(json.dumps(request).encode() + b"\n")
            warm.stdin.flush()
            number = int(warm.stdout.readline())
        except (OSError, ValueError) as error:
            raise RuntimeError(
                f"No kernel could be forked. {VARIABLE}=plain starts them one by one."
            ) from error
        self.process = Kernel(number)
        self.pid = self.pgid = number  # it makes itself the leader of a group
        self.cwd = folder
        return self.connection_info
