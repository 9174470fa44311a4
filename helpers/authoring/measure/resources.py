"""What this machine really offers: cores and memory, as far as a container or a scheduler allows them."""

import math
import os
import pathlib

import psutil

GROUPS = pathlib.Path("/sys/fs/cgroup")
WORKER_BYTES = 2.0e9  # what a worker takes with the kernels and servers it starts, measured
ENOUGH_BYTES = 4e9  # below this, two workers with what their tests start would fill the memory


def workers() -> int:
    """How many workers run the tests: three for two cores, as far as the memory goes; one where it is short.

    A worker waits for a third of its time: for a process it has started, a limit that passes, a service.
    """
    if short():
        return 1
    return max(1, min(cores() * 3 // 2, int(free_memory() / WORKER_BYTES)))


def short() -> str:
    """A sentence where less than 4 GB are free; empty where there is enough."""
    free = free_memory()
    if free >= ENOUGH_BYTES:
        return ""
    return (
        f"{free / 1e9:.1f} GB of memory are free, less than 4: one worker runs the tests, which takes longer."
    )


def cores(groups: pathlib.Path = GROUPS) -> int:
    """Cores this process may use: those it is bound to, no more than a container's share of time."""
    bound = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, math.ceil(min(bound, share(groups))))


def share(groups: pathlib.Path = GROUPS) -> float:
    """How many cores' worth of time the container gets; infinite where nothing limits it."""
    words = text(groups / "cpu.max").split()  # version 2: "200000 100000", or "max 100000"
    if not words:
        words = [text(groups / "cpu" / f"cpu.cfs_{name}_us").strip() for name in ("quota", "period")]
    limited = all(word.isdecimal() for word in words) and int(words[1]) > 0
    return int(words[0]) / int(words[1]) if limited else math.inf


def free_memory(groups: pathlib.Path = GROUPS) -> float:
    """Bytes that can be taken: what the machine has free, no more than a container has left."""
    left = [psutil.virtual_memory().available]
    for limit, used in (
        ("memory.max", "memory.current"),  # version 2
        ("memory/memory.limit_in_bytes", "memory/memory.usage_in_bytes"),  # version 1
    ):
        numbers = [text(groups / name).strip() for name in (limit, used)]
        if all(number.isdecimal() for number in numbers):
            left.append(int(numbers[0]) - int(numbers[1]))
    return max(0, min(left))


def text(path: pathlib.Path) -> str:
    """The content of a file of the kernel's; empty where there is none."""
    try:
        return path.read_text(encoding="utf-8")
    except OSError:
        return ""
