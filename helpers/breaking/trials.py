"""What one trial is, which formats there are, and where a save of each lies."""

import pathlib
import shutil
import typing

KINDS = [".keras", ".h5", ".weights.h5", "export", "checkpoint"]
WITHOUT_SETTINGS = {".weights.h5", "checkpoint"}  # these hold numbers; the rest comes from code


class Trial(typing.NamedTuple):
    """One trial: what was done, to which way of saving, in which format, and what became of the model.

    `outcome` is empty while the trial is only planned. `detail` says where a damage was, or which error
    was seen.
    """

    experiment: str
    way: str
    kind: str
    number: int
    outcome: str = ""
    detail: str = ""


def label(name: str) -> str:
    """The short name of a way of saving or loading: "sealed" for "guards:sealed"."""
    return name.replace(":", ".").rpartition(".")[2]


def path(folder: pathlib.Path, kind: str) -> pathlib.Path:
    """Where the save of a kind lies: `model.keras`, `model.weights.h5`, or the folder `export`."""
    return folder / (f"model{kind}" if kind.startswith(".") else kind)


def copy(save: pathlib.Path, place: pathlib.Path) -> None:
    """Copy a file or a folder, in place of what may be there."""
    remove(place)
    place.parent.mkdir(parents=True, exist_ok=True)
    (shutil.copytree if save.is_dir() else shutil.copyfile)(save, place)


def remove(place: pathlib.Path) -> None:
    """Remove a file or a folder, if there is one."""
    shutil.rmtree(place) if place.is_dir() else place.unlink(missing_ok=True)


def in_order(found: list[Trial]) -> list[Trial]:
    """Trials by experiment as they began, then by format and number, whoever was ready first."""
    experiments = list(dict.fromkeys(trial.experiment for trial in found))
    return sorted(
        found, key=lambda trial: (experiments.index(trial.experiment), KINDS.index(trial.kind), trial.number)
    )
