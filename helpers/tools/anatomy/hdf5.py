"""Has an HDF5 file read by another process, so that a damaged file cannot take this one down."""

import collections.abc
import dataclasses
import json
import math
import os
import pathlib
import signal
import subprocess
import sys

from helpers.core import processes
from helpers.tools.anatomy import finding, words

# The outline of an HDF5 file: names, shapes and types of its arrays, without their values.


@dataclasses.dataclass(frozen=True)
class Array:
    """One array: name, shape, type, its value if it counts steps, other files it takes its values from."""

    name: str
    shape: tuple[int, ...]
    kind: str
    value: int | None
    elsewhere: tuple[str, ...]


@dataclasses.dataclass(frozen=True)
class Outline:
    """What an HDF5 file holds; `texts` by "group@attribute", `links` as (name, kind, target)."""

    texts: dict[str, str]
    arrays: tuple[Array, ...]
    groups: tuple[str, ...]
    links: tuple[tuple[str, str, str], ...]

    def below(self, group: str) -> list[Array]:
        """The arrays in a group and in the groups in it."""
        return [array for array in self.arrays if array.name.startswith(f"{group}/")]

    def weights(self) -> str:
        """The finding on weights in a file where optimizer and metrics stand beside them."""
        metrics = self.below("metrics")  # Keras 2 keeps them
        text = tally([array for array in self.arrays if array not in (*self.below("optimizer"), *metrics)])
        return text + (f"; besides, {words.count(len(metrics), 'array')} of metrics" if metrics else "")

    def with_links(self, code: str) -> str:
        """The finding on code, and below it the other files that loading would open."""
        files = [name for array in self.arrays for name in array.elsewhere]
        files += [target for _, kind, target in self.links if kind == "ExternalLink"]
        if not files:
            return code
        names = words.listing(dict.fromkeys(words.plain(name) for name in files))
        line = f"its arrays point to other files: {names}; they are not followed here"
        return line if code == "none" else f"{code}\n{line}"


def tally(arrays: collections.abc.Collection[Array]) -> str:
    """Arrays and numbers in words."""
    numbers = sum(math.prod(array.shape) for array in arrays)
    return f"{words.count(len(arrays), 'array')}, {words.count(numbers, 'number')}" if arrays else "none"


def optimizer(name: str, arrays: list[Array]) -> str:
    """The finding on an optimizer, from its arrays."""
    steps = next((array.value for array in arrays if array.value is not None), None)
    return words.optimizer(name, steps, len(arrays))


SIGNATURE = b"\x89HDF\r\n\x1a\n"
_CHILD = pathlib.Path(__file__).with_name("hdf5_child.py")


def read(path: pathlib.Path, offset: int, size: int, shown: str) -> Outline:
    """The outline of `size` bytes of a file from `offset` on; `shown` names them in a sentence.

    Raises:
        finding.Unreadable: it is cut short or damaged, or it has more objects than any model.
        OSError: the file cannot be read, or no process can be started for it.
    """
    _whole(path, offset, size, shown)
    numbers = (offset, size, finding.OBJECTS, finding.CONFIG, finding.HDF5_MEMORY, finding.HDF5_WORK)
    # -P: a file called h5py.py beside a model from somebody else must not be imported.
    command = [sys.executable, "-P", "-X", "utf8", _CHILD, path.resolve(), *numbers]
    # Plug-ins of the HDF5 library are programs, and a file can ask for one.
    environment = {**os.environ, "HDF5_PLUGIN_PRELOAD": "::", "OPENBLAS_NUM_THREADS": "1"}
    try:
        ended = processes.run_program(*command, timeout=finding.HDF5_SECONDS, env=environment)
    except subprocess.TimeoutExpired as error:
        raise _damaged(shown, "the HDF5 library did not come to an end with it") from error
    if ended.returncode == 1:
        raise OSError("the process that reads HDF5 files did not start; `uv run course --check` tells more")
    if ended.returncode:
        raise _damaged(shown, _fate(ended.returncode))
    found = json.loads(ended.stdout)
    if "error" in found:
        raise _damaged(shown, f"the HDF5 library says {words.quoted(found['error'], 160)}")
    if found["cut"]:
        raise finding.Unreadable(
            f"{shown} holds more than {finding.OBJECTS:,} groups and arrays, and so many are not read here. "
            "Look at it with h5py."
        )
    return Outline(
        found["texts"],
        tuple(
            Array(name, tuple(shape), kind, value, tuple(elsewhere))
            for name, shape, kind, value, elsewhere in found["arrays"]
        ),
        tuple(found["groups"]),
        tuple((name, kind, target) for name, kind, target in found["links"]),
    )


def _whole(path: pathlib.Path, offset: int, size: int, shown: str) -> None:
    """Refuse a file that is shorter than it says of itself: the HDF5 library's own words for it are dark."""
    with path.open("rb") as file:
        file.seek(offset)
        head = file.read(48)
    # The length stands at a place that depends on the layout; Keras writes layout 0, with 8-byte addresses.
    place = {0: 40, 1: 44, 2: 28, 3: 28}.get(head[8] if len(head) > 8 else None)
    widths = head[13:14] if head[8:9] in (b"\0", b"\1") else head[9:10]
    if place is None or widths != b"\x08" or len(head) < place + 8:
        return
    stored = int.from_bytes(head[place : place + 8], "little")
    if size < stored < 2**62:
        raise finding.Unreadable(
            f"{shown} is cut short: it has {size:,} bytes, and says of itself that it has {stored:,}. It was "
            f"not copied or written to the end. {finding.AGAIN}"
        )


def _fate(code: int) -> str:
    if -code in (getattr(signal, "SIGXCPU", 0), getattr(signal, "SIGKILL", 0)):
        return "the HDF5 library computed on it without end, or took too much memory"
    return "the HDF5 library crashed on it, in a process of its own"


def _damaged(shown: str, reason: str) -> finding.Unreadable:
    return finding.Unreadable(
        f"{shown} begins as an HDF5 file and is damaged: {reason}. HDF5 keeps no checksum, so most damage "
        f"goes unnoticed; this broke its structure. {finding.AGAIN}"
    )
