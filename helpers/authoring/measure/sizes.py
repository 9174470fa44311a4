"""How much disk the environment takes, and how much memory a kernel."""

import dataclasses
import json
import os
import pathlib
import sys
import tempfile

from helpers.authoring.notebooks import execute, page
import nbformat

MEGABYTE = 10**6

# Private is what the machine gets back when this one kernel ends; the rest is shared with other kernels.
MEMORY = """
import json, psutil, tensorflow

tensorflow.zeros(1)
memory = psutil.Process().memory_full_info()
print(json.dumps({"resident": memory.rss, "private": memory.uss}))
"""


@dataclasses.dataclass(frozen=True)
class Memory:
    """Megabytes of a kernel that has imported TensorFlow and run one operation."""

    resident: float
    private: float


def environment() -> float:
    """Megabytes of the files of this Python environment; a file with several names counts once."""
    sizes: dict[tuple[int, int], int] = {}
    for folder, _, names in os.walk(sys.prefix):
        for name in names:
            status = os.lstat(os.path.join(folder, name))
            sizes[status.st_dev, status.st_ino] = status.st_size
    return sum(sizes.values()) / MEGABYTE


def kernel() -> Memory:
    """The memory of one kernel, as it says itself.

    Raises:
        execute.Failed: TensorFlow cannot be imported, or the system does not tell the memory.
    """
    cells = [nbformat.v4.new_code_cell(MEMORY, id="memory")]
    with tempfile.TemporaryDirectory(prefix="course-") as folder:
        one = page.Page(pathlib.Path(folder, "memory.ipynb"), nbformat.v4.new_notebook(cells=cells))
        executed = execute.execute(one, pathlib.Path(folder))
    printed = "".join(output.text for output in executed.cells[0].outputs if output.get("name") == "stdout")
    return Memory(**{name: size / MEGABYTE for name, size in json.loads(printed).items()})
