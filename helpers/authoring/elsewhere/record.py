"""What was found with one TensorFlow: kept while the run goes on, so that a run cut short is continued."""

import collections.abc
import dataclasses
import hashlib
import json
import os
import pathlib

from helpers.authoring import course


@dataclasses.dataclass
class Record:
    """What one run found.

    Attributes:
        versions: of python, tensorflow and keras there.
        recorded: year and month, as in "2026-11".
        packages: what has another version than in the course: name -> [the course's, the one there].
        claims: id -> the verdict in the course and the one there; `cases` only where they differ.
        notebooks: place -> `stops` or `otherwise`, see `notebook.found`.
        state: a digest of what was run, so that findings of different states of the course do not mix.
    """

    versions: dict[str, str]
    recorded: str
    packages: dict[str, list[str]]
    claims: dict[str, dict[str, object]] = dataclasses.field(default_factory=dict)
    notebooks: dict[str, dict[str, object]] = dataclasses.field(default_factory=dict)
    state: str = ""

    @property
    def name(self) -> str:
        """The file name that belongs to this pair of TensorFlow and Keras."""
        return f"tf-{self.versions['tensorflow']}-keras-{self.versions['keras']}.json"

    def changed(self) -> dict[str, dict[str, object]]:
        """The claims whose verdict there is another one."""
        return {name: claim for name, claim in self.claims.items() if claim["there"] != claim["course"]}

    def stopped(self) -> dict[str, str]:
        """The notebooks that stop: place -> the cell, and the error."""
        return {place: found["stops"] for place, found in self.notebooks.items() if "stops" in found}

    def otherwise(self) -> dict[str, list[str]]:
        """The notebooks that run to their end and print something else: place -> the cells."""
        return {
            place: found["otherwise"] for place, found in self.notebooks.items() if found.get("otherwise")
        }

    def add_claim(self, tried: dict[str, object]) -> None:
        """Take a line of `tests.claims.trial`."""
        kept = {"course": tried["course"], "there": tried["there"]}
        self.claims[tried["claim"]] = kept | (
            {} if tried["course"] == tried["there"] else {"cases": tried["cases"]}
        )

    def write(self, path: pathlib.Path) -> None:
        """Write the file in one step: a run that is stopped leaves the last complete one."""
        temporary = path.with_name(f".~{path.name}")
        temporary.write_text(
            json.dumps(dataclasses.asdict(self), indent=1, ensure_ascii=False) + "\n", encoding="utf-8"
        )
        os.replace(temporary, path)


def read(path: pathlib.Path) -> Record:
    """The record of a file."""
    return Record(**json.loads(path.read_text(encoding="utf-8")))


def every(folder: pathlib.Path) -> list[Record]:
    """The records of a folder, newest TensorFlow first."""

    def order(one: Record) -> list[int]:
        return [int(part) for name in ("tensorflow", "keras") for part in one.versions[name].split(".")]

    return sorted((read(path) for path in folder.glob("tf-*.json")), key=order, reverse=True)


def state(whole: course.Course, notebooks: collections.abc.Iterable[pathlib.Path]) -> str:
    """A digest of everything a run depends on: helpers, claims, the notebooks."""
    folders = (whole.root / "helpers", whole.root / "tests" / "claims")
    files = [path for folder in folders for path in folder.rglob("*") if "__pycache__" not in path.parts]
    digest = hashlib.sha256()
    for path in sorted([*files, *notebooks]):
        if path.is_file():
            digest.update(f"{path.relative_to(whole.root).as_posix()}\n".encode() + path.read_bytes())
    return digest.hexdigest()[:16]
