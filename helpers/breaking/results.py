"""The results of a long run: one line for each trial, written when it is done, read when a run goes on."""

import collections.abc
import json
import os
import pathlib

from helpers.breaking import trials


class Results:
    """The trials in a file; it is made if need be.

    A line that was cut off, because the machine was switched off while it was written, is dropped.
    """

    def __init__(self, file: pathlib.Path) -> None:
        self.file = file
        self.done: dict[tuple[str, str, str, int], trials.Trial] = {}
        file.parent.mkdir(parents=True, exist_ok=True)
        whole = file.read_bytes() if file.exists() else b""
        kept = whole[: whole.rfind(b"\n") + 1]
        if kept != whole:
            os.truncate(file, len(kept))
        for line in kept.decode().splitlines():
            self._keep(trials.Trial(*json.loads(line)))

    def add(self, trial: trials.Trial) -> None:
        """Write a trial, and force it to the disk."""
        with open(self.file, "a", encoding="utf-8", newline="\n") as file:
            file.write(json.dumps(trial) + "\n")
            file.flush()
            os.fsync(file.fileno())
        self._keep(trial)

    def missing(
        self, experiment: str, way: str, kind: str, numbers: collections.abc.Iterable[int]
    ) -> list[int]:
        """Those of the numbers that are not done."""
        return [number for number in numbers if (experiment, way, kind, number) not in self.done]

    def _keep(self, trial: trials.Trial) -> None:
        self.done[trial[:4]] = trial
