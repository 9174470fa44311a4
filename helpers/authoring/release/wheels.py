"""`author wheels`: a folder of wheels, made once, from which a class installs the course without the net."""

import argparse
import contextlib
import dataclasses
import hashlib
import pathlib
import platform
import subprocess
import sys
import tempfile
import typing

from helpers.authoring.release import exact_versions
import packaging.markers
import packaging.tags
import packaging.utils
import uv

# The machines a class may have: which wheels fit them, and which pins apply to them.


# Enough for every distribution of Linux that TensorFlow's own wheels run on, and for macOS 14.
NEWEST_GLIBC, NEWEST_MACOS = 28, (14, 0)
SYSTEMS = {
    "linux": {"os_name": "posix", "sys_platform": "linux", "platform_system": "Linux"},
    "macos": {"os_name": "posix", "sys_platform": "darwin", "platform_system": "Darwin"},
    "windows": {"os_name": "nt", "sys_platform": "win32", "platform_system": "Windows"},
}
MACHINES = {
    "linux-x86_64": "x86_64",
    "linux-aarch64": "aarch64",
    "macos-arm64": "arm64",
    "windows-x86_64": "AMD64",
}
PYTHONS = ("3.11", "3.12", "3.13")


class NoWheels(ValueError):
    """TensorFlow has no wheels for such a machine; the text says for which there are."""


@dataclasses.dataclass(frozen=True)
class Target:
    """One kind of machine.

    Attributes:
        machine: a key of MACHINES.
        python: one of PYTHONS.
    """

    machine: str
    python: str

    def __str__(self) -> str:
        """As `Python 3.12 on linux-x86_64`."""
        return f"Python {self.python} on {self.machine}"

    def platforms(self) -> list[str]:
        """Return the platform tags of wheels that run here, the best first."""
        kind = MACHINES[self.machine]
        if self.machine.startswith("windows"):
            return ["win_amd64"]
        if self.machine.startswith("macos"):
            return list(packaging.tags.mac_platforms(NEWEST_MACOS, kind))
        numbered = [f"manylinux_2_{minor}_{kind}" for minor in range(NEWEST_GLIBC, 4, -1)]
        return [
            *numbered,
            f"manylinux2014_{kind}",
            f"manylinux2010_{kind}",
            f"manylinux1_{kind}",
            f"linux_{kind}",
        ]

    def tags(self) -> frozenset[packaging.tags.Tag]:
        """Return every tag of a wheel that runs here."""
        version = tuple(int(part) for part in self.python.split("."))
        platforms = self.platforms()
        exact = packaging.tags.cpython_tags(version, platforms=platforms)
        general = packaging.tags.compatible_tags(version, f"cp{version[0]}{version[1]}", platforms)
        return frozenset([*exact, *general])

    def releases(self) -> tuple[str, str]:
        """Return the first release of this Python and one later than any: a pin may depend on the release."""
        return f"{self.python}.0", f"{self.python}.99"

    def needed(self, pins: typing.Iterable[exact_versions.Pin], release: str) -> list[exact_versions.Pin]:
        """Return the pins that apply here, on one release of this Python."""
        environment = {
            **packaging.markers.default_environment(),
            **SYSTEMS[self.machine.partition("-")[0]],
            "platform_machine": MACHINES[self.machine],
            "python_version": self.python,
            "python_full_version": release,
            "implementation_name": "cpython",
            "platform_python_implementation": "CPython",
        }
        return [pin for pin in pins if pin.marker is None or pin.marker.evaluate(environment)]


def here() -> Target:
    """Return the target that this machine is.

    Raises:
        NoWheels: TensorFlow has no wheels for it.
    """
    system = {"linux": "linux", "darwin": "macos", "win32": "windows"}.get(sys.platform, sys.platform)
    kind = platform.machine().lower().replace("amd64", "x86_64")
    found = Target(f"{system}-{kind}", f"{sys.version_info.major}.{sys.version_info.minor}")
    if found.machine not in MACHINES or found.python not in PYTHONS:
        raise NoWheels(
            f"This is {found}. TensorFlow has wheels for {', '.join(MACHINES)} and for Python "
            f"{', '.join(PYTHONS)}. Choose with --machine and --python."
        )
    return found


# What a folder of wheels holds, and what it lacks.


class Wheel(typing.NamedTuple):
    """One wheel: its name and version, the machines it runs on, and its hash as pip's option."""

    name: str
    version: str
    tags: frozenset[packaging.tags.Tag]
    hash_option: str


def missing(folder: pathlib.Path, requirements: str, wanted: Target) -> list[str]:
    """Return the pins that no sound wheel in the folder meets on such a machine."""
    return lacking(inventory(folder), requirements, wanted)


def inventory(folder: pathlib.Path) -> list[Wheel]:
    """Return every wheel in a folder; a file whose name is not a wheel's is left out."""
    found = []
    for path in sorted(folder.glob("*.whl")):
        with contextlib.suppress(packaging.utils.InvalidWheelFilename), path.open("rb") as file:
            name, version, _, tags = packaging.utils.parse_wheel_filename(path.name)
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            found.append(Wheel(name, str(version), tags, f"--hash=sha256:{digest}"))
    return found


def lacking(wheels: list[Wheel], requirements: str, wanted: Target) -> list[str]:
    """Return the pins that none of these wheels meets on such a machine."""
    runs_here = wanted.tags()
    sound = {(name, version, value) for name, version, tags, value in wheels if tags & runs_here}
    hashes, pins = exact_versions.hashes(requirements), exact_versions.parse(requirements)
    needed = {
        exact_versions.text(pin): pin for release in wanted.releases() for pin in wanted.needed(pins, release)
    }
    return [
        text
        for text, pin in needed.items()
        if not any(
            (exact_versions.name(pin), exact_versions.version(pin), value) in sound for value in hashes[text]
        )
    ]


ROOT = pathlib.Path(__file__).resolve().parents[3]
INSTALL = """\
    {venv} -m venv .venv
    {python} -m pip install --no-index --find-links "{folder}" --require-hashes -r requirements.txt
    {python} -m pip install --no-index --find-links "{folder}" --no-deps --editable .
    {course} --check
    {course}
"""
HOW_TO = """\
How to install the course without the net
=========================================

This folder holds every package of the course for:
{targets}

Copy the course folder to each machine, without .venv, uv.lock and scratch. Put this folder into it, under the
name `{folder}`. Then type, in the course folder:

Linux and macOS
{posix}
Windows
{windows}"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `author wheels` to a parser."""
    parser.add_argument("folder", type=pathlib.Path, help="where the wheels go; what is there is kept")
    parser.add_argument("--machine", choices=MACHINES, help="for such machines (default: this one's kind)")
    parser.add_argument("--python", choices=PYTHONS, help="for this Python (default: this one)")
    parser.add_argument("--verify", action="store_true", help="only say which wheels are missing or damaged")


def run(arguments: argparse.Namespace) -> int:
    """Run `author wheels`; return 0 when the folder is complete, else 1."""
    requirements = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    try:
        wanted = chosen(arguments.machine, arguments.python)
    except NoWheels as error:
        print(error)
        return 1
    if not arguments.verify:
        for command, text in downloads(arguments.folder, requirements, wanted):
            if fetch(command, text):
                print("The download stopped. Run the same command again: pip keeps what it has fetched.")
                return 1
        (arguments.folder / "HOW_TO_INSTALL.txt").write_text(
            how_to(arguments.folder, requirements), encoding="utf-8"
        )
    absent = missing(arguments.folder, requirements, wanted)
    for pin in absent:
        print(f"{pin} is missing or damaged.")
    print(f"{arguments.folder} is {'not ' if absent else ''}complete for {wanted}.")
    return 1 if absent else 0


def chosen(machine: str | None, python: str | None) -> Target:
    """Return the target the options name; what they leave open is as on this machine."""
    if machine and python:
        return Target(machine, python)
    this = here()
    return Target(machine or this.machine, python or this.python)


def downloads(folder: pathlib.Path, requirements: str, wanted: Target) -> list[tuple[list[str], str]]:
    """Return the pip commands that fill the folder, each with the requirements text it reads from `-r`.

    pip evaluates markers for the machine it runs on; here this is done before, for the target. A package that
    is pinned twice, for older and newer releases of one Python, takes a second command.
    """
    pins, hashes = exact_versions.parse(requirements), exact_versions.hashes(requirements)
    commands, done = [], []
    for release in wanted.releases():
        needed = [pin for pin in wanted.needed(pins, release) if pin not in done]
        done += needed
        lines = [
            " ".join([f"{pin.name}{pin.specifier}", *hashes[exact_versions.text(pin)]]) for pin in needed
        ]
        platforms = [f"--platform={tag}" for tag in wanted.platforms()]
        options = ["--no-deps", "--require-hashes", "--only-binary=:all:", "--implementation=cp", *platforms]
        command = ["pip", "download", *options, f"--python-version={release}", f"--dest={folder}"]
        if lines:
            commands.append((command, "\n".join(lines) + "\n"))
    return commands


def fetch(command: list[str], requirements: str) -> int:
    """Run one pip command; returns its exit code.

    A wheel that is already there is not fetched again; a damaged one is, because its hash is wrong.
    """
    with tempfile.TemporaryDirectory() as name:
        file = pathlib.Path(name) / "requirements.txt"
        file.write_text(requirements, encoding="utf-8")
        whole = [uv.find_uv_bin(), "tool", "run", *command, "-r", str(file)]
        try:
            return subprocess.run(whole, check=False).returncode
        except KeyboardInterrupt:
            return 1


def how_to(folder: pathlib.Path, requirements: str) -> str:
    """Return the text for the class: for which machines the folder is complete, and the exact commands."""
    wheels = inventory(folder)
    machines = [Target(machine, python) for machine in MACHINES for python in PYTHONS]
    complete = [f"- {one}" for one in machines if not lacking(wheels, requirements, one)]
    name = folder.resolve().name
    posix = {"venv": "python3", "python": ".venv/bin/python", "course": ".venv/bin/course"}
    windows = {"venv": "py", "python": r".venv\Scripts\python", "course": r".venv\Scripts\course"}
    return HOW_TO.format(
        targets="\n".join(complete) or "- no kind of machine yet: run `author wheels` again",
        folder=name,
        posix=INSTALL.format(folder=name, **posix),
        windows=INSTALL.format(folder=name, **windows),
    )
