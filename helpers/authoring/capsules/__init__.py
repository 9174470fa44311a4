"""Makes the time capsules anew: `author capsules`, or `author capsules 2.15` for one.

Each is written by its own TensorFlow in an environment that uv makes and keeps apart from the course's. A
version whose Python or packages cannot be had is left as it is, with a sentence on what is missing.
"""

import argparse
import pathlib
import tempfile
import tomllib

from helpers import capsules
from helpers.authoring.capsules import interpreters, packing

LIST = pathlib.Path(__file__).with_name("versions.toml")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take versions."""
    parser.add_argument("versions", nargs="*", metavar="VERSION", help="such as 2.15 (all of the list)")


def run(chosen: argparse.Namespace) -> int:
    """Write the chosen capsules; the exit code says whether each of them was written."""
    known = tomllib.loads(LIST.read_text(encoding="utf-8"))
    if unknown := [version for version in chosen.versions if version not in known]:
        print(f"Not in {LIST.name}: {', '.join(unknown)}. In it: {', '.join(known)}.")
        return 1
    missing = 0
    for version in chosen.versions or known:
        with tempfile.TemporaryDirectory() as place:
            folder = pathlib.Path(place, "capsule")
            if reason := interpreters.write(known[version], folder):
                print(f"{version}: not written, the capsule stays as it is. {reason}")
                missing += 1
                continue
            packed = packing.pack(folder, capsules.FOLDER / f"tf-{version}.zip")
        print(f"{version}: written, {packed.stat().st_size:,} bytes.")
    packing.write_manifest(capsules.FOLDER)
    print(f"{len(chosen.versions or known) - missing} written, {missing} not.")
    return 1 if missing else 0
