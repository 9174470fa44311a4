"""Time capsules: models that TensorFlow 2.5 to 2.21 have saved, each version in each format it writes.

They lie packed in notebooks/data/capsules, with a text on what wrote them; `author capsules` makes them anew.
"""

import json
import pathlib
import typing
import zipfile

from helpers import scratch
import numpy

FOLDER = scratch.COURSE / "notebooks" / "data" / "capsules"


class Golden(typing.NamedTuple):
    """Rows a model was asked, and what it answered before it was saved; float32, one row each."""

    rows: numpy.ndarray
    answers: numpy.ndarray


def versions() -> list[str]:
    """The TensorFlows that wrote a capsule, oldest first, as in "2.5"; `info` says the rest."""
    names = [path.stem.removeprefix("tf-") for path in FOLDER.glob("tf-*.zip")]
    return sorted(names, key=lambda name: [int(number) for number in name.split(".")])


def unpack(target: str | pathlib.Path = ".") -> None:
    """Unpack every capsule below a folder: `tf-2.5/digits.h5` and so on."""
    for version in versions():
        with zipfile.ZipFile(FOLDER / f"tf-{version}.zip") as packed:
            packed.extractall(pathlib.Path(target, f"tf-{version}"))


def info(folder: str | pathlib.Path) -> dict[str, typing.Any]:
    """What wrote an unpacked capsule: versions, training steps of each model, every file tried."""
    return json.loads(pathlib.Path(folder, "info.json").read_text(encoding="utf-8"))


def golden(folder: str | pathlib.Path, model: str) -> Golden:
    """The golden batch of one model of an unpacked capsule: "digits", "own" or "gate"."""
    with numpy.load(pathlib.Path(folder, "golden.npz")) as stored:
        return Golden(stored[f"{model}_rows"], stored[f"{model}_answers"])
