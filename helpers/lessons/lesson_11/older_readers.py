"""What older TensorFlows made of the newest capsule, as `author capsules --older` recorded it."""

import itertools
import json
import pathlib

FILE = pathlib.Path(__file__).with_suffix(".json")


def record() -> dict:
    """The whole file: "date", "written by" and "read", which maps a file to a version to a verdict."""
    return json.loads(FILE.read_text(encoding="utf-8"))


def show() -> None:
    """Print for each file what the older versions made of it; neighbours that fare alike share a line."""
    for name, verdicts in record()["read"].items():
        print(name)
        for verdict, group in itertools.groupby(verdicts, key=lambda version: tuple(verdicts[version])):
            versions = list(group)
            span = versions[0] if len(versions) == 1 else f"{versions[0]} to {versions[-1]}"
            print(f"  {span:<14}{' - '.join(part for part in verdict if part)}")
