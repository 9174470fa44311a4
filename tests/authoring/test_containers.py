"""The dev container and Binder start what the README says, on a Python the course is made for."""

import json
import os
import re
import tomllib

from helpers import launch
from helpers.core import scratch
import jsonschema
import packaging.specifiers
import pytest

ROOT = scratch.COURSE
README = (ROOT / "README.md").read_text(encoding="utf-8")
CONTAINER = json.loads((ROOT / ".devcontainer" / "devcontainer.json").read_text(encoding="utf-8"))
# The properties in use and their kinds, as the specification at containers.dev describes them.
SCHEMA = {
    "type": "object",
    "properties": {
        "name": {"type": "string"},
        "image": {"type": "string", "pattern": r"^python:3\.\d+(-[a-z]+)?$"},
        "hostRequirements": {
            "type": "object",
            "properties": {
                "cpus": {"type": "integer", "minimum": 1},
                "memory": {"type": "string", "pattern": r"^\d+([tgmk]b)?$"},
                "storage": {"type": "string", "pattern": r"^\d+([tgmk]b)?$"},
            },
            "additionalProperties": False,
        },
        "postCreateCommand": {"type": "string"},
        "forwardPorts": {"type": "array", "items": {"type": "integer", "minimum": 1, "maximum": 65535}},
        "portsAttributes": {
            "type": "object",
            "additionalProperties": {
                "type": "object",
                "properties": {"label": {"type": "string"}},
                "additionalProperties": False,
            },
        },
    },
    "required": ["image", "postCreateCommand"],
    "additionalProperties": False,
}


def binder(name: str) -> str:
    return (ROOT / ".binder" / name).read_text(encoding="utf-8")


def test_the_dev_container_has_the_form_that_its_specification_asks_for():
    jsonschema.validate(CONTAINER, SCHEMA)
    for broken in (
        CONTAINER | {"image": 3},
        CONTAINER | {"postCreate": "typo"},
        CONTAINER | {"hostRequirements": {"memory": "4 GB"}},
    ):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(broken, SCHEMA)


def test_both_have_the_same_python_and_the_course_allows_it():
    pythons = re.findall(r"\d+\.\d+", CONTAINER["image"]) + re.findall(r"\d+\.\d+", binder("runtime.txt"))
    assert len(pythons) == 2 and len(set(pythons)) == 1
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert f"{pythons[0]}.0" in packaging.specifiers.SpecifierSet(project["requires-python"])
    assert launch.python_complaint(tuple(map(int, pythons[0].split(".")))) == ""


def test_the_dev_container_installs_by_the_commands_of_the_readme():
    install, start = CONTAINER["postCreateCommand"].split(" && ")
    assert f"{install} && uv run course\n" in README
    assert start == "uv run course --check" and f"`{start}`" in README


def test_binder_installs_the_pins_with_their_hashes_and_then_the_course_alone():
    assert binder("requirements.txt").split() == ["-r", "../requirements.txt"]
    assert (ROOT / ".binder" / binder("requirements.txt").split()[1]).resolve() == ROOT / "requirements.txt"
    lines = [line for line in binder("postBuild").splitlines() if line and not line.startswith("#")]
    assert lines == [
        "set -euo pipefail",
        "pip install --no-cache-dir --no-deps --editable .",
        "python -m helpers --check",
    ]
    assert b"\r" not in (ROOT / ".binder" / "postBuild").read_bytes()


def test_both_hold_what_one_learner_takes():
    gigabytes = int(re.match(r"\d+", CONTAINER["hostRequirements"]["memory"])[0])
    assert gigabytes >= 2  # a server, a kernel and its fresh processes: 0.9 GB measured, twice that to spare


@pytest.mark.skipif(os.name == "nt", reason="Windows has no mark for programs.")
def test_binder_can_run_its_script():
    assert os.access(ROOT / ".binder" / "postBuild", os.X_OK)
