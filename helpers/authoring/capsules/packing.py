"""Packs a capsule into a zip that is the same for the same files, and lists every file with its hash."""

import hashlib
import json
import pathlib
import zipfile

MANIFEST = "manifest.json"
_WHEN = (1980, 1, 1, 0, 0, 0)  # the first moment that a zip can name: no clock in the file


def pack(folder: pathlib.Path, target: pathlib.Path) -> pathlib.Path:
    """Pack every file of a folder, in order of their names, in the place of an older zip."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as packed:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                member = zipfile.ZipInfo(path.relative_to(folder).as_posix(), _WHEN)
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
