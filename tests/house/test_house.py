"""What a room of the house may import: the arrows are drawn from the code, and none runs back."""

import ast
import collections.abc
import pathlib
import re

from helpers.core import scratch

HELPERS = scratch.COURSE / "helpers"
CORE, TOOLS, LESSONS, AUTHORING = "core", "tools", "lessons", "authoring"
# What a tool may use besides core; the proofs of the clinic train the models of the course.
DATA = {"digits", "models"}


def name_of(path: pathlib.Path) -> str:
    """The dotted name of a module below helpers, such as "tools.anatomy.zips"."""
    parts = path.relative_to(HELPERS).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {name_of(path): path for path in sorted(HELPERS.rglob("*.py"))}


def arrows(path: pathlib.Path) -> collections.abc.Iterator[tuple[str, bool]]:
    """The modules of the course that a file imports, and whether it does so inside a function."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    outside = set(map(id, tree.body))
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "helpers":
            package = node.module.removeprefix("helpers").removeprefix(".")
            for alias in node.names:
                whole = f"{package}.{alias.name}".removeprefix(".")
                yield (whole if whole in MODULES else package), id(node) not in outside


ARROWS = {name: sorted(set(arrows(path))) for name, path in MODULES.items()}


def room(name: str) -> str:
    """The room of a module; what lies right in helpers is a room for itself."""
    first = name.split(".")[0]
    return first if first in {CORE, TOOLS, LESSONS, AUTHORING} else "cells"


def lesson(name: str) -> str:
    """The folder of a lesson, such as "lesson_02", or "" for what belongs to no one lesson."""
    parts = name.split(".")
    return parts[1] if parts[0] == LESSONS and len(parts) > 2 else ""


def allowed(start: str, end: str) -> bool:
    """Whether a module may import another."""
    if room(start) == CORE:
        return room(end) == CORE
    if room(start) == TOOLS:
        proof = start.startswith("tools.clinic.proofs")
        return room(end) in {CORE, TOOLS} or (proof and end in DATA)
    if lesson(start):
        return room(end) in {CORE, TOOLS, "cells"} or (
            lesson(end) in {lesson(start), ""} and room(end) == LESSONS
        )
    if room(start) == LESSONS:
        return room(end) != AUTHORING and not lesson(end)
    if room(start) == "cells":
        return start in {"__main__", "launch"} or (room(end) != AUTHORING and not lesson(end))
    return True


def test_every_arrow_runs_the_right_way():
    back = [
        f"{start} -> {end}" for start, ends in ARROWS.items() for end, _ in ends if not allowed(start, end)
    ]
    assert back == []


def test_no_circle():
    """Neither at the top of files nor inside functions, where a circle could hide."""
    left = {name: {end for end, _ in ends} & MODULES.keys() - {name} for name, ends in ARROWS.items()}
    while free := [name for name, ends in left.items() if not ends]:
        left = {name: ends - set(free) for name, ends in left.items() if name not in free}
    assert left == {}


def test_the_readme_names_every_room():
    """The table under "Contributing" against the folders, in both directions."""
    readme = (scratch.COURSE / "README.md").read_text(encoding="utf-8")
    table = readme.partition("Where things are")[2].partition("Generated, never")[0]
    rows = {
        line.split("|")[1].strip(): line.split("|")[2] for line in table.splitlines() if line[:3] == "| `"
    }
    assert list(rows) == [
        "`helpers/*.py`",
        "`helpers/core/`",
        "`helpers/lessons/lesson_NN/`",
        "`helpers/tools/`",
        "`helpers/authoring/`",
        "`tests/`",
    ]
    own = {path.stem for path in HELPERS.glob("*.py")} - {"__init__", "__main__", "launch"}
    assert own == set(re.findall(r"`(\w+)`", rows["`helpers/*.py`"]))
    for room, said in {"tools": "`helpers/tools/`", "authoring": "`helpers/authoring/`"}.items():
        inside = {path.parent.name for path in (HELPERS / room).glob("*/__init__.py")}
        assert inside <= set(re.findall(r"`(\w+)`", rows[said])), room
    named = re.findall(r"`((?:helpers|tests)/[\w/.]+)`", readme)
    assert (
        named and [name for name in named if not (scratch.COURSE / name.replace("_NN", "_00")).exists()] == []
    )
