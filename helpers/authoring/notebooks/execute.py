"""Executing a notebook the way nbval does, so that what is written is what will be compared."""

import collections.abc
import copy
import os
import pathlib
import subprocess
import time

from helpers.authoring.notebooks import page
from helpers.core import scratch
import jupyter_client
import nbclient
import nbformat
import nbval.kernel

# What a kernel finds in its environment when a test or the author's build starts it.
#
# Both use these values, so that the outputs are written under the conditions they are compared under.


# Each of these changes the width of what a library prints.
REMOVED = ("COLUMNS", "LINES", "JUPYTER_COLUMNS", "JUPYTER_LINES")


def for_kernels(scratch_folder: pathlib.Path) -> dict[str, str]:
    """The environment variables to set: paths, and what is off while nobody learns."""
    paths = [str(scratch.COURSE), *os.environ.get("PYTHONPATH", "").split(os.pathsep)]
    return {
        "COURSE_SCRATCH": str(scratch_folder),
        "COURSE_PROGRESS": "off",
        # A kernel chooses this one by itself unless the caller's shell has chosen another.
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "PYTHONPATH": os.pathsep.join(dict.fromkeys(path for path in paths if path)),
    }


CELL_TIMEOUT = 120  # seconds, as for the tests in pyproject.toml

Watch = collections.abc.Callable[[nbformat.NotebookNode, float], None]


class Failed(Exception):
    """A cell did not run to its end; the text names notebook, cell, error class and first line."""


def execute(
    one: page.Page,
    scratch_folder: pathlib.Path,
    watch: Watch | None = None,
    timeout: int = CELL_TIMEOUT,
) -> nbformat.NotebookNode:
    """A copy of the notebook with the outputs of a run in a new kernel of this Python, from its own folder.

    Args:
        one: the notebook and its place.
        scratch_folder: where its files go.
        watch: called after each code cell with the cell and its seconds.
        timeout: seconds a cell may take.

    Raises:
        Failed: a cell raised, took too long or ended the kernel. Cells after it are not run.
    """
    executed = copy.deepcopy(one.notebook)
    for cell in executed.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    client = nbclient.NotebookClient(executed, km=kernel_manager(), timeout=timeout, record_timing=False)
    # cleanup_kc: the kernel manager is ours, so nbclient would leave its kernel running otherwise.
    with client.setup_kernel(
        cwd=str(one.path.parent),
        env=variables(scratch_folder),
        stderr=subprocess.DEVNULL,
        cleanup_kc=True,
    ):
        for index, cell in enumerate(executed.cells):
            started = time.perf_counter()
            run_cell(client, one, index)
            if watch and cell.get("execution_count"):
                watch(cell, time.perf_counter() - started)
    return executed


def run_cell(client: nbclient.NotebookClient, one: page.Page, index: int) -> None:
    """Run one cell, as nbval does: without history, counting the cells ourselves."""
    cell = client.nb.cells[index]
    try:
        client.execute_cell(
            cell,
            index,
            execution_count=client.code_cells_executed + 1,
            store_history=False,
        )
    except nbclient.exceptions.CellExecutionError as error:
        first_line = (str(error.evalue).strip().splitlines() or ["(no text)"])[0]
        raise Failed(f"{one.at(cell)} raised {error.ename}: {first_line}") from error
    except nbclient.exceptions.CellTimeoutError as error:
        raise Failed(
            f"{one.at(cell)} took longer than {client.timeout} seconds, the limit for a cell."
        ) from error
    except nbclient.exceptions.DeadKernelError as error:
        raise Failed(f"{one.at(cell)} ended its kernel: DeadKernelError: {error}.") from error


def kernel_manager() -> jupyter_client.AsyncKernelManager:
    """A kernel of this Python, whatever kernels the user has installed under the name python3."""
    return jupyter_client.AsyncKernelManager(
        kernel_name=nbval.kernel.CURRENT_ENV_KERNEL_NAME,
        kernel_spec_manager=nbval.kernel.NbvalKernelspecManager(),
    )


def variables(scratch_folder: pathlib.Path) -> dict[str, str]:
    """The whole environment of a kernel."""
    inherited = {name: value for name, value in os.environ.items() if name not in REMOVED}
    # With this variable ipykernel leaves the file descriptors alone, as it does under pytest.
    return inherited | for_kernels(scratch_folder) | {"PYTEST_CURRENT_TEST": "author build"}
