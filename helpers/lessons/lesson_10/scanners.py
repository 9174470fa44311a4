"""What scanners, and a tool that signs, say of files like those of lesson 10: the record, and the recording.

None of these tools is a part of the course. This records them anew, in environments of their own:

    uv run python -m helpers.lessons.lesson_10.scanners
"""

import collections.abc
import datetime
import json
import pathlib
import platform
import re
import sys
import tempfile
import tomllib

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from helpers import figures
from helpers.core import processes
from helpers.lessons.lesson_10 import strange_files
from helpers.tools import anatomy
import matplotlib.pyplot as pyplot

FILE = pathlib.Path(__file__).with_suffix(".toml")
FOUND, CLEAN, UNREAD = "found", "all clear", "not read"
# What each file does, as the lesson shows: "model.keras" does nothing and is the control.
FILES = {
    "shell.pickle": "runs when loaded",
    "gift.pickle": "runs when loaded",
    "guest.keras": "runs when allowed",
    "edited.keras": "runs when loaded",
    "on_load": "runs when loaded",
    "on_call": "runs when called",
    "model.keras": "runs nothing",
}
_MODELSCAN, _PICKLESCAN, _FICKLING = "modelscan==0.8.8", "picklescan==1.0.5", "fickling==0.1.12"
_SIGNING = ["model-signing==1.1.1", "pyopenssl==26.4.0"]


def record() -> dict:
    """The whole file: "run" (date and versions), "scans" (tool, file, word), "signed" (case, text)."""
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


def draw() -> None:
    """Draw the recorded table: a row for each scanner, a column for each file and what it does."""
    scans = record()["scans"]
    figure, axis = pyplot.subplots(figsize=(10, 0.45 * len(scans) + 0.9))
    for y, words in enumerate(scans.values()):
        for x, (name, does) in enumerate(FILES.items()):
            false_clear = words[name] == CLEAN and does != "runs nothing"
            color = {FOUND: figures.BLUE, UNREAD: "#E3E3E3", CLEAN: "#E4F1F9"}[words[name]]
            ink = "white" if false_clear or words[name] == FOUND else "black"
            color = figures.ORANGE if false_clear else color
            axis.add_patch(pyplot.Rectangle((x - 0.48, y - 0.45), 0.96, 0.9, facecolor=color))
            axis.text(x, y, words[name], ha="center", va="center", color=ink, fontsize=9)
    axis.set_xticks(range(len(FILES)), [f"{name}\n{does}" for name, does in FILES.items()], fontsize=8)
    axis.set_yticks(range(len(scans)), list(scans))
    axis.set(xlim=(-0.5, len(FILES) - 0.5), ylim=(len(scans) - 0.5, -0.5))
    axis.xaxis.tick_top()
    axis.tick_params(length=0)
    axis.spines[:].set_visible(False)
    figures.show(figure, alt=described(scans))


def described(scans: dict[str, dict[str, str]]) -> str:
    """The table in words: "ModelScan: found shell.pickle, guest.keras; all clear gift.pickle"."""
    lines = []
    for tool, words in scans.items():
        said = [
            f"{word} {', '.join(name for name in FILES if words[name] == word)}"
            for word in (FOUND, CLEAN, UNREAD)
            if word in words.values()
        ]
        lines.append(f"{tool}: {'; '.join(said)}")
    return f"What each scanner said of each file. {'. '.join(lines)}."


def false_clears(scans: dict[str, dict[str, str]]) -> list[tuple[str, str]]:
    """Each scanner and file of which it said "all clear", though something in it runs."""
    return [
        (tool, name)
        for tool, words in scans.items()
        for name, does in FILES.items()
        if words[name] == CLEAN and does != "runs nothing"
    ]


# The recording. Nothing here loads one of the files.


def make(folder: pathlib.Path) -> None:
    """Write the seven files into a folder."""
    strange_files.shell_pickle(str(folder / "shell.pickle"))
    strange_files.touch_pickle(str(folder / "gift.pickle"))
    strange_files.bytecode(str(folder / "guest.keras"))
    strange_files.edited(str(folder / "edited.keras"))
    strange_files.on_load(str(folder / "on_load"))
    strange_files.on_call(str(folder / "on_call"))
    strange_files.plain(str(folder / "model.keras"))


def scan(folder: pathlib.Path) -> dict[str, dict[str, str]]:
    """Run every scanner over the files of a folder: tool -> file -> FOUND, CLEAN or UNREAD."""
    beside_tensorflow = ["uv", "run", "--no-sync", "--with", _MODELSCAN, "modelscan"]
    return {
        "ModelScan": _modelscan(beside_tensorflow, folder),
        "ModelScan, installed alone": _modelscan(_alone("modelscan", _MODELSCAN), folder),
        "picklescan": _by_file(lambda path: _picklescan(folder / path)),
        "fickling": _by_file(lambda path: _fickling(folder, path)),
        "saved_model_cli": _by_file(lambda path: _saved_model_cli(folder / path)),
        "anatomy": _by_file(lambda path: _anatomy(folder / path)),
    }  # fmt: skip


def _alone(command: str, *packages: str) -> list[str]:
    """A command of a package in an environment of its own."""
    return ["uv", "tool", "run", "--from", packages[0], *(f"--with={one}" for one in packages[1:]), command]


def _by_file(ask: collections.abc.Callable[[str], str]) -> dict[str, str]:
    return {name: ask(name) for name in FILES}


def _modelscan(command: list[str], folder: pathlib.Path) -> dict[str, str]:
    """One run over the whole folder, whose report names the source of each issue and what was scanned."""
    with tempfile.TemporaryDirectory() as place:
        report = pathlib.Path(place, "report.json")
        processes.run_program(*command, "-p", folder, "-r", "json", "-o", report)
        told = json.loads(report.read_text(encoding="utf-8"))
    found = [issue["source"] for issue in told["issues"]]
    scanned = told["summary"]["scanned"].get("scanned_files", [])

    def word(name: str) -> str:
        if any(source.startswith(name) for source in found):
            return FOUND
        return CLEAN if any(source.startswith(name) for source in scanned) else UNREAD

    return _by_file(word)


def _picklescan(path: pathlib.Path) -> str:
    done = processes.run_program(*_alone("picklescan", _PICKLESCAN), "-p", path)
    if "Scanned files: 0" in done.stdout:
        return UNREAD
    return FOUND if done.returncode else CLEAN


def _fickling(folder: pathlib.Path, name: str) -> str:
    if (folder / name).is_dir():
        return UNREAD
    with tempfile.TemporaryDirectory() as place:
        report = pathlib.Path(place, "report.json")
        command = _alone("fickling", _FICKLING, "typing_extensions")
        processes.run_program(*command, "--check-safety", "--json-output", report, folder / name)
        if not report.exists():
            return UNREAD
        severity = json.loads(report.read_text(encoding="utf-8"))["severity"]
    return CLEAN if severity == "LIKELY_SAFE" else FOUND


def _saved_model_cli(path: pathlib.Path) -> str:
    if not path.is_dir():
        return UNREAD
    command = [sys.executable, "-m", "tensorflow.python.tools.saved_model_cli", "scan", "--dir", path]
    done = processes.run_program(*command, "--op_denylist", "WriteFile")
    return FOUND if "contains the following" in done.stdout else CLEAN


def _anatomy(path: pathlib.Path) -> str:
    try:
        code = anatomy.read(path).finding("code it would run")
    except anatomy.Unreadable:  # it refuses a pickle because a pickle runs
        return FOUND
    return CLEAN if code == "none" else FOUND


def sign(folder: pathlib.Path) -> dict[str, str]:
    """Sign a model's folder with a new key; verify it as it is, changed, with a file less, with one more."""
    private, public, signature = (folder.parent / name for name in ("key.pem", "key.pub", "model.sig"))
    key = ec.generate_private_key(ec.SECP256R1())
    pem = serialization.Encoding.PEM
    private.write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    public.write_bytes(key.public_key().public_bytes(pem, serialization.PublicFormat.SubjectPublicKeyInfo))
    command = _alone("model_signing", *_SIGNING)

    def verified() -> str:
        options = ["--signature", signature, "--public_key", public]
        done = processes.run_program(*command, "verify", "key", folder, *options)
        said = (done.stdout + done.stderr).replace("\\", "").strip()
        reason = re.search(r"(Hash mismatch for '[^']+'|(Missing|Extra) files [^\]\"]+)", said)
        return f"refused: {reason[0]}" if reason else said.splitlines()[-1]

    processes.run_program(*command, "sign", "key", folder, "--signature", signature, "--private_key", private)
    told = {"as it was signed": verified()}
    target = folder / "fingerprint.pb"
    content = target.read_bytes()
    target.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    told["one bit changed"] = verified()
    target.unlink()
    told["a file less"] = verified()
    target.write_bytes(content)
    (folder / "assets.txt").write_text("more", encoding="utf-8")
    told["a file more"] = verified()
    done = processes.run_program(*_alone("model_signing", _SIGNING[0]), "--help")
    told["without pyopenssl"] = done.stderr.strip().splitlines()[-1]
    return told


def main() -> None:
    """Record everything anew; the file says when and with which versions."""
    with tempfile.TemporaryDirectory() as place:
        folder = pathlib.Path(place, "files")
        folder.mkdir()
        make(folder)
        _write(scan(folder), sign(folder / "on_call"))


def _write(scans: dict[str, dict[str, str]], signed: dict[str, str]) -> None:
    run = {
        "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "tools": [_MODELSCAN, _PICKLESCAN, _FICKLING, *_SIGNING],
        "system": f"{platform.system()}, Python {platform.python_version()}",
    }
    # JSON's strings and lists are TOML's too.
    lines = ["# Written by helpers/lessons/lesson_10/scanners.py.", "", "[run]"]
    lines += [f"{name} = {json.dumps(value)}" for name, value in run.items()]
    for tool, words in scans.items():
        lines += ["", f"[scans.{json.dumps(tool)}]"]
        lines += [f"{json.dumps(name)} = {json.dumps(word)}" for name, word in words.items()]
    lines += ["", "[signed]"]
    lines += [f"{json.dumps(case)} = {json.dumps(text)}" for case, text in signed.items()]
    FILE.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
