"""What was found with one TensorFlow: kept while the run goes on, so that a run cut short is continued."""

import collections.abc
import dataclasses
import hashlib
import json
import pathlib
import re

from helpers.authoring.notebooks import course
from helpers.core import files


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
        content = json.dumps(dataclasses.asdict(self), indent=1, ensure_ascii=False)
        files.replace(path, content.encode() + b"\n")


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
    every_file = [path for folder in folders for path in files.inside(folder).values()]
    digest = hashlib.sha256()
    for path in sorted([*every_file, *notebooks]):
        if path.is_file() and "__pycache__" not in path.parts:
            digest.update(f"{path.relative_to(whole.root).as_posix()}\n".encode() + path.read_bytes())
    return digest.hexdigest()[:16]


# The table of other versions on the page about support: made from the records, and from nothing else.


PAGE = pathlib.Path(".github", "SUPPORT.md")
BEGIN = "<!-- other versions begin: written by `author elsewhere` -->"
END = "<!-- other versions end -->"
BLOCK = re.compile(f"{re.escape(BEGIN)}.*?{re.escape(END)}", re.DOTALL)
COLUMNS = (
    "TensorFlow",
    "Keras",
    "Python",
    "claims with another verdict",
    "notebooks that stop, of those run",
    "recorded",
    "also moved",
)


def write(root: pathlib.Path, records: list[Record]) -> bool:
    """Write the table into the page; returns whether the page has changed.

    Raises:
        ValueError: the page has no place for it.
    """
    path = root / PAGE
    before = path.read_text(encoding="utf-8")
    if not BLOCK.search(before):
        raise ValueError(f"{PAGE} has no lines {BEGIN!r} and {END!r}. Put them where the table belongs.")
    after = BLOCK.sub(lambda _: block(records), before)
    if after != before:
        path.write_text(after, encoding="utf-8", newline="\n")
    return after != before


def block(records: list[Record]) -> str:
    """The table and what differs, between the two marks."""
    rows = [f"| {' | '.join(COLUMNS)} |", "|---" * len(COLUMNS) + "|", *map(row, records)]
    return "\n".join([BEGIN, *rows, "", *(line for one in records for line in details(one)), END])


def row(one: Record) -> str:
    """One line of the table."""
    versions = one.versions
    moved = ", ".join(
        f"{name} {there}"
        for name, (_, there) in one.packages.items()
        if name not in ("tensorflow", "tf-keras", "keras")
    )
    cells = [
        versions["tensorflow"],
        versions["keras"],
        versions["python"],
        f"{len(one.changed())} of {len(one.claims)}",
        f"{len(one.stopped())} of {len(one.notebooks)}",
        one.recorded,
        moved or "none",
    ]
    return f"| {' | '.join(cells)} |"


def details(one: Record) -> list[str]:
    """What differs, a line for each claim and each notebook."""
    lines = [f"**{title(one)}**", ""]
    for name, claim in one.changed().items():
        lines.append(f"- {name} is {claim['course']} in the course, and there: {code(claim['there'])}")
    lines += [f"- `{place}` stops at {code(why)}" for place, why in one.stopped().items()]
    for place, cells in one.otherwise().items():
        lines.append(f"- `{place}` runs, and prints something else in {', '.join(map(code, cells))}")
    return [*(lines if len(lines) > 2 else [*lines, "- nothing differs"]), ""]


def title(one: Record) -> str:
    """TensorFlow and Keras of a record."""
    return f"TensorFlow {one.versions['tensorflow']} with Keras {one.versions['keras']}"


def code(text: str) -> str:
    """A text as code, on one line, short enough for a list; a quoted mark in it would end it."""
    shortened = " ".join(text.replace("`", "'").split())
    return f"`{shortened if len(shortened) <= 200 else shortened[:199] + '…'}`"


def outcome(found: dict[str, object]) -> str:
    """What to say of one notebook while the run goes on."""
    if "stops" in found:
        return f"stops at {found['stops'][:150]}"
    cells = len(found["otherwise"])
    return f"runs, {cells} cells print something else" if cells else "runs"
