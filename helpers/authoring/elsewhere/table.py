"""The table of other versions on the page about support: made from the records, and from nothing else."""

import pathlib
import re

from helpers.authoring.elsewhere import record

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


def write(root: pathlib.Path, records: list[record.Record]) -> bool:
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


def block(records: list[record.Record]) -> str:
    """The table and what differs, between the two marks."""
    rows = [f"| {' | '.join(COLUMNS)} |", "|---" * len(COLUMNS) + "|", *map(row, records)]
    return "\n".join([BEGIN, *rows, "", *(line for one in records for line in details(one)), END])


def row(one: record.Record) -> str:
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


def details(one: record.Record) -> list[str]:
    """What differs, a line for each claim and each notebook."""
    lines = [f"**{title(one)}**", ""]
    for name, claim in one.changed().items():
        lines.append(f"- {name} is {claim['course']} in the course, and there: {code(claim['there'])}")
    lines += [f"- `{place}` stops at {code(why)}" for place, why in one.stopped().items()]
    for place, cells in one.otherwise().items():
        lines.append(f"- `{place}` runs, and prints something else in {', '.join(map(code, cells))}")
    return [*(lines if len(lines) > 2 else [*lines, "- nothing differs"]), ""]


def title(one: record.Record) -> str:
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
