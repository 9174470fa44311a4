"""The dev container and Binder start what the README says, on a Python the course is made for."""

import contextlib
import http.cookiejar
import json
import os
import re
import socket
import subprocess
import sys
import time
import tomllib
import urllib.error
import urllib.request

from helpers import launch
from helpers.core import jupyterlab, scratch
import jsonschema
import packaging.specifiers
import pytest

from tests.browser import server

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
        "postAttachCommand": {"type": "string"},
        "customizations": {
            "type": "object",
            "properties": {
                "vscode": {
                    "type": "object",
                    "properties": {
                        "extensions": {
                            "type": "array",
                            "items": {"type": "string", "pattern": r"^[\w-]+\.[\w-]+$"},
                        }
                    },
                    "additionalProperties": False,
                }
            },
            "additionalProperties": False,
        },
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


def test_the_dev_container_starts_jupyterlab_on_the_port_it_forwards():
    *command, port = CONTAINER["postAttachCommand"].split()
    assert command == ["uv", "run", "course", "--no-browser"]
    assert port == f"--port={CONTAINER['forwardPorts'][0]}"


CODESPACE = {"CODESPACE_NAME": "tidy-x9", "GITHUB_CODESPACES_PORT_FORWARDING_DOMAIN": "app.github.dev"}
SEEN = "https://tidy-x9-8888.app.github.dev"


def test_only_the_ports_of_this_codespace_may_ask():
    assert jupyterlab.codespace_origin({}) == ""
    assert jupyterlab.codespace_origin(CODESPACE | {"CODESPACE_NAME": ""}) == ""
    pattern = jupyterlab.codespace_origin(CODESPACE)
    assert re.fullmatch(pattern, SEEN)
    for other in ("https://other-8888.app.github.dev", "https://tidy-x9-8888.appXgithub.dev", f"{SEEN}.evil"):
        assert not re.fullmatch(pattern, other)


def like_a_browser() -> urllib.request.OpenerDirector:
    """What keeps cookies, and goes to this machine without a proxy, as browsers do by themselves."""
    cookies = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
    return urllib.request.build_opener(cookies, urllib.request.ProxyHandler({}))


def asked(info: dict, origin: str) -> int:
    """The status that a page gets as a forwarded port sends its requests: this host, another origin.

    It has logged in as a browser does, by a cookie: for a token in a header Jupyter asks for no origin.
    """
    browser = like_a_browser()
    browser.open(f"{info['url']}lab?token={info['token']}", timeout=60).close()
    try:
        with browser.open(
            urllib.request.Request(f"{info['url']}api/kernels", headers={"Origin": origin})
        ) as got:
            return got.status
    except urllib.error.HTTPError as error:
        return error.code


@contextlib.contextmanager
def jupyter(folder, command):
    """Run a command that starts a Jupyter server, and give its address."""
    log = folder / "log"
    options = ["--no-browser", "--ServerApp.ip=127.0.0.1", "--ServerApp.port=0"]
    with log.open("w", encoding="utf-8") as printed:
        process = subprocess.Popen(
            [*command, *options],
            env=os.environ | server.own_places(folder),
            stdin=subprocess.DEVNULL,
            stdout=printed,
            stderr=subprocess.STDOUT,
        )
    try:
        info = server.address(process, folder, log)
        while process.poll() is None:  # its file is there a moment before it listens
            with (
                contextlib.suppress(ConnectionRefusedError),
                socket.create_connection(("127.0.0.1", info["port"])),
            ):
                break
            time.sleep(0.1)
        yield info
    finally:
        server.end(process)


def test_a_forwarded_port_is_answered_and_a_strange_page_is_not(tmp_path, monkeypatch):
    for name, value in CODESPACE.items():
        monkeypatch.setenv(name, value)
    command = [sys.executable, "-m", "jupyterlab", *jupyterlab.lab_options([])]
    with jupyter(tmp_path, command) as info:
        assert asked(info, SEEN) == 200
        for other in ("https://evil.example", "https://other-8888.app.github.dev"):
            assert asked(info, other) in (403, 404)


def test_without_a_codespace_its_address_is_refused(tmp_path, monkeypatch):
    for name in CODESPACE:
        monkeypatch.delenv(name, raising=False)
    command = [sys.executable, "-m", "jupyterlab", *jupyterlab.lab_options([])]
    with jupyter(tmp_path, command) as info:
        assert asked(info, SEEN) in (403, 404)
        assert asked(info, info["url"].rstrip("/")) == 200


@pytest.mark.skipif(os.name == "nt", reason="Binder runs Linux.")
def test_binder_opens_on_the_start_page(tmp_path):
    command = [
        str(ROOT / ".binder" / "start"),
        sys.executable,
        "-m",
        "jupyterlab",
        f"--ServerApp.root_dir={ROOT}",
    ]
    with jupyter(tmp_path, command) as info:
        first = urllib.request.Request(info["url"], headers={"Authorization": f"token {info['token']}"})
        with like_a_browser().open(first, timeout=60) as answer:
            assert answer.geturl().endswith("/lab/tree/notebooks/00_start_here.ipynb")
            assert answer.status == 200


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
    for name in ("postBuild", "start"):
        assert os.access(ROOT / ".binder" / name, os.X_OK)
