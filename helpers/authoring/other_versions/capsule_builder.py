"""Makes the time capsules anew: `author capsules`, or `author capsules 2.15` for one.

Each is written by its own TensorFlow in an environment that uv makes and keeps apart from the course's. A
version whose Python or packages cannot be had is left as it is, with a sentence on what is missing.
"""

import argparse
import collections.abc
import datetime
import hashlib
import json
import os
import pathlib
import platform
import subprocess
import tempfile
import tomllib
import typing
import zipfile

from helpers import digits
from helpers.core import files, processes
from helpers.lessons.lesson_11 import capsules, older_readers

# Runs the writer on another Python with another TensorFlow, both had by uv.


WRITER = pathlib.Path(__file__).with_name("capsule_writer.py")
_PATIENCE = 1800  # seconds: a first time downloads a TensorFlow of some hundred megabytes
_LENGTH = 300  # characters of what uv or the writer said last


Needs = collections.abc.Mapping[str, typing.Any]  # an entry of versions.toml


def write(needs: Needs, folder: pathlib.Path) -> str:
    """Write the files of one version into a new folder; returns "" or a sentence why that was impossible."""
    version, python = needs["tensorflow"], f"Python {needs['python']}"
    try:
        ended = processes.run_program(*command(needs, WRITER, digits.FILE, folder), timeout=_PATIENCE)
    except FileNotFoundError:
        return "The command `uv` is not here. Install it with `pip install uv`."
    except subprocess.TimeoutExpired:
        return f"It took longer than {_PATIENCE} seconds. Try again on a machine with less to do."
    if ended.returncode == 0:
        return ""
    said = " ".join(ended.stderr.split())[-_LENGTH:]
    if "interpreter" in said or "download" in said.lower():
        return f"{python} is not here, and uv could not get it: {said}"
    if "No solution found" in ended.stderr or "Failed to fetch" in ended.stderr:
        return f"TensorFlow {version} for {python} cannot be had on {platform.system()}: {said}"
    return f"TensorFlow {version} on {python} began and failed: {said}"


def command(needs: Needs, *program: object) -> list[str]:
    """The call of uv: an environment for this run, with nothing of the course in it, and its program."""
    # Only Linux and Windows have the small package without a graphics card.
    package = "tensorflow" if platform.system() == "Darwin" else "tensorflow-cpu"
    extra = [
        part for pin in [f"{package}=={needs['tensorflow']}", *needs["with"]] for part in ("--with", pin)
    ]
    return [
        *("uv", "run", "--no-project", "--isolated", "--quiet", "--python", found(needs["python"])),
        *extra,
        *("python", *map(str, program)),
    ]


def found(wanted: str) -> str:
    """A Python of pyenv, which uv does not look for, or the bare version for uv to find or download."""
    root = pathlib.Path(os.environ.get("PYENV_ROOT") or pathlib.Path.home() / ".pyenv")
    try:
        paths = sorted((root / "versions").glob(f"{wanted}.*/bin/python"))
    except PermissionError:  # that of another user, such as root, who installed it
        paths = []
    return str(paths[-1]) if paths else wanted


# Packs a capsule into a zip that is the same for the same files, and lists every file with its hash.


MANIFEST = "manifest.json"
_WHEN = (1980, 1, 1, 0, 0, 0)  # the first moment that a zip can name: no clock in the file


def pack(folder: pathlib.Path, target: pathlib.Path) -> pathlib.Path:
    """Pack every file of a folder, in order of their names, in the place of an older zip."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as packed:
        for name, path in files.inside(folder).items():
            member = zipfile.ZipInfo(name, _WHEN)
            member.compress_type, member.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            packed.writestr(member, path.read_bytes())
    return target


def write_manifest(folder: pathlib.Path) -> None:
    """Write what the zips of a folder hold: the SHA-256 of each zip and of each file in it."""
    text = json.dumps(listed(folder), indent=1) + "\n"
    (folder / MANIFEST).write_text(text, encoding="utf-8")


def listed(folder: pathlib.Path) -> dict[str, dict[str, str]]:
    """For each zip the SHA-256 of each file in it by its name; that of the zip itself under ""."""
    found = {}
    for path in sorted(folder.glob("*.zip")):
        with zipfile.ZipFile(path) as packed:
            members = {name: hashlib.sha256(packed.read(name)).hexdigest() for name in packed.namelist()}
        found[path.name] = {"": hashlib.sha256(path.read_bytes()).hexdigest(), **members}
    return found


LIST = pathlib.Path(__file__).with_name("versions.toml")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take versions."""
    parser.add_argument("versions", nargs="*", metavar="VERSION", help="such as 2.15 (all of the list)")
    parser.add_argument(
        "--older", action="store_true", help="instead, let the older versions read the newest capsule"
    )


def run(chosen: argparse.Namespace) -> int:
    """Write the chosen capsules; the exit code says whether each of them was written."""
    known = tomllib.loads(LIST.read_text(encoding="utf-8"))
    if unknown := [version for version in chosen.versions if version not in known]:
        print(f"Not in {LIST.name}: {', '.join(unknown)}. In it: {', '.join(known)}.")
        return 1
    if chosen.older:
        return read_by_older(known)
    missing = 0
    for version in chosen.versions or known:
        with tempfile.TemporaryDirectory() as place:
            folder = pathlib.Path(place, "capsule")
            if reason := write(known[version], folder):
                print(f"{version}: not written, the capsule stays as it is. {reason}")
                missing += 1
                continue
            packed = pack(folder, capsules.FOLDER / f"tf-{version}.zip")
        print(f"{version}: written, {packed.stat().st_size:,} bytes.")
    write_manifest(capsules.FOLDER)
    print(f"{len(chosen.versions or known) - missing} written, {missing} not.")
    return 1 if missing else 0


# The other direction: older versions read the newest capsule.


READER = pathlib.Path(__file__).with_name("older_reader.py")


def read_by_older(known: collections.abc.Mapping[str, Needs]) -> int:
    """Record what each older version makes of the newest capsule; what cannot be had ends it unrecorded."""
    *older, newest = known
    found: dict[str, dict[str, list[str]]] = {}
    with tempfile.TemporaryDirectory() as place:
        with zipfile.ZipFile(capsules.FOLDER / f"tf-{newest}.zip") as packed:
            packed.extractall(place)
        for version in older:
            done = processes.run_program(*command(known[version], READER, place))
            if done.returncode:
                print(f"{version}: nothing recorded. {' '.join(done.stderr.split())[-_LENGTH:]}")
                return 1
            for name, verdict in json.loads(done.stdout.splitlines()[-1])["read"].items():
                found.setdefault(name, {})[version] = verdict
    said = {"date": datetime.datetime.now(datetime.UTC).date().isoformat(), "written by": newest}
    text = json.dumps(said | {"read": found}, indent=1) + "\n"
    older_readers.FILE.write_text(text, encoding="utf-8")
    print(f"{len(older)} versions read the capsule of {newest}.")
    return 0
