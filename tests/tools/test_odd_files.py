"""Every odd file through every tool: a sentence within bounds, nothing written, nothing of the file run."""

import collections.abc
import os
import pathlib
import pickle
import socket
import subprocess
import sys
import zipfile

from helpers.core import scratch
import keras
import numpy
import pytest
import tensorflow

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no resource usage of children")

# What a tool may take beside an import of TensorFlow, which takes more where no compiled files can be kept.
TIMES = 5  # as much of the processor; a round trip takes two
MEGABYTES = 640  # on top: the largest file, what parsing may unfold it to, and room
LARGE = 60_000_000  # bytes of the largest files


class Evil:
    """Writes a file when its pickle is opened."""

    def __reduce__(self) -> tuple:
        return os.mkdir, ("pickle-ran",)


def _model() -> keras.Sequential:
    return keras.Sequential([keras.Input((4,)), keras.layers.Dense(2)])


def _zip(path: pathlib.Path, **members: bytes) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/").replace("_json", ".json"), content)


def _deep(path: pathlib.Path) -> None:
    _model().save(path)
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    members["config.json"] = b'{"a":' * 100_000 + b"1" + b"}" * 100_000
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)


def _half(path: pathlib.Path) -> None:
    whole = path.with_name(f"whole{path.suffix}")
    _model().save(whole)
    path.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    whole.unlink()


def _renamed(path: pathlib.Path) -> None:
    old = path.with_name("old.h5")
    _model().save(old)
    old.rename(path)


def _sparse(path: pathlib.Path) -> None:
    with open(path, "wb") as file:
        file.truncate(2**40)


def _socket(path: pathlib.Path) -> None:
    with socket.socket(socket.AF_UNIX) as one:
        place = os.getcwd()
        os.chdir(path.parent)  # the address of a socket is short
        try:
            one.bind(path.name)
        except BaseException as error:
            print(repr(error))
        finally:
            os.chdir(place)


def _checkpoint(path: pathlib.Path) -> None:
    path.mkdir()
    tensorflow.train.Checkpoint(model=_model()).save(str(path / "ckpt"))


def _frozen(path: pathlib.Path) -> None:
    with tensorflow.Graph().as_default() as graph:
        tensorflow.multiply(tensorflow.compat.v1.placeholder("float32", [None, 2]), 2.0)
    path.mkdir()
    (path / "saved_model.pb").write_bytes(graph.as_graph_def().SerializeToString())


def _folder(**names: bytes) -> collections.abc.Callable[[pathlib.Path], None]:
    def made(path: pathlib.Path) -> None:
        path.mkdir()
        for name, content in names.items():
            (path / name.replace("_json", ".json").replace("_pb", ".pb")).write_bytes(content)

    return made


def _bytes(content: bytes) -> collections.abc.Callable[[pathlib.Path], object]:
    return lambda path: path.write_bytes(content)


# What lies under each name, and words that `--inspect` says of it. The names are a part of the trouble.
ODD: dict[str, tuple[collections.abc.Callable[[pathlib.Path], object], str]] = {
    "missing.keras": (lambda path: None, "does not exist"),
    "empty.keras": (_bytes(b""), "is empty: 0 bytes"),
    "zeros.h5": (_bytes(bytes(5000)), "zeros"),
    "a tebibyte of nothing.keras": (_sparse, "zeros"),
    "noise.keras": (_bytes(numpy.random.default_rng(1).bytes(100_000)), "which no saved model does"),
    "half.keras": (_half, "half.keras"),
    "half.h5": (_half, "half.h5"),
    "h5 inside.keras": (_renamed, "h5"),
    "deep.keras": (_deep, "config.json"),
    "bomb.keras": (lambda path: _zip(path, config_json=bytes(LARGE)), "claims 60,000,000 bytes"),
    "slip.zip": (lambda path: _zip(path, **{"..__..__slipped": b"x"}), "zip that Keras did not write"),
    "evil.pkl": (_bytes(pickle.dumps(Evil())), "is a pickle"),
    "evil old.h5": (_bytes(pickle.dumps(Evil(), protocol=0)), "is a pickle"),
    "arrays.npz": (lambda path: numpy.savez(path, a=numpy.arange(3)), "NumPy archive"),
    "array.npy": (lambda path: numpy.save(path, numpy.arange(3)), "NumPy array"),
    "model.onnx": (_bytes(b"\x08\x07\x12\x04test\x3a\x02\x08\x01"), "ONNX"),
    "model.tflite": (_bytes(b"\x1c\x00\x00\x00TFL3" + bytes(200)), "LiteRT"),
    "model.safetensors": (_bytes((40).to_bytes(8, "little") + b'{"a":' + b" " * 40), "safetensors"),
    "model.gguf": (_bytes(b"GGUF" + bytes(50)), "GGUF"),
    "page.keras": (_bytes(b"<!DOCTYPE html><html>sign in</html>"), "web page"),
    "pointer.keras": (
        _bytes(b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 94371840\n"),
        "Git LFS pointer",
    ),
    "settings.toml": (_bytes(b'[model]\nname = "digits"\n'), "is text"),
    "table.toml": (_bytes(b'[[line]]\nname = "digits"\n'), "is text"),
    "model.json": (lambda path: path.write_text(_model().to_json(), encoding="utf-8"), "is JSON"),
    "list.json": (_bytes(b"[ [1, 2], [3]]"), "is JSON"),
    "deep.json": (_bytes(b"[" * 200_000), "deep.json"),
    "one line.txt": (_bytes(b"a" * LARGE), "is text"),
    "latin.txt": (_bytes("Größe\n".encode("latin-1") * 50), "latin.txt"),
    "umlaut größe 模型.keras": (_bytes(b"x"), "größe 模型.keras"),
    "line\nbreak.keras": (_bytes(b"x"), "break.keras"),
    "turned \u202e round.keras": (_bytes(b"x"), "\\u202e"),
    "bell \x07 and \x1b[2J.keras": (_bytes(b"x"), "\\x1b[2J"),
    "-rf.keras": (_bytes(b"x"), "-rf.keras"),
    f"{'long' * 60}.keras": (_bytes(b"x"), "long"),
    "folder.keras": (_folder(), "is an empty folder"),
    "messages": (_folder(saved_model_pb=b"\x12\x00" * (LARGE // 2)), "damaged or cut short"),
    "graph": (_folder(saved_model_pb=b"\xff" * 5000), "damaged or cut short"),
    "frozen": (_frozen, "frozen graph"),
    "checkpoint": (_checkpoint, "checkpoint"),
    "orbax": (_folder(_CHECKPOINT_METADATA=b"{}"), "Orbax"),
    "pipe.keras": (os.mkfifo, "pipe.keras") if hasattr(os, "mkfifo") else (lambda path: None, ""),
    "socket.keras": (_socket, "socket.keras"),
    "device.keras": (lambda path: path.symlink_to("/dev/zero"), "device.keras"),
    "nowhere.keras": (lambda path: path.symlink_to("gone.keras"), "nowhere.keras"),
    "circle.keras": (lambda path: path.symlink_to(path.name), "circle.keras"),
}

# What a shell cannot hand over as a text: nothing there, folders, and what waits for a writer.
UNREADABLE = {"missing.keras", "folder.keras", "messages", "graph", "frozen", "checkpoint", "orbax"} | {
    "pipe.keras",
    "socket.keras",
    "nowhere.keras",
    "circle.keras",
}


@pytest.fixture(scope="module")
def shelf(tmp_path_factory) -> pathlib.Path:
    """Every odd file, in a folder of its own."""
    folder = tmp_path_factory.mktemp("shelf")
    for name, (make, _) in ODD.items():
        make(folder / name)
    return folder


# A small process between: on Linux a new process counts the memory of the one it comes from as its own.
MEASURED = """
import resource, subprocess, sys
code = subprocess.call([sys.executable, *sys.argv[1:]])
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print("", code, used.ru_utime + used.ru_stime, used.ru_maxrss, end="")
"""
# What a first import of Keras writes: its settings, and the lists of fonts of Matplotlib and of the system.
SETTINGS = {"KERAS_HOME", "MPLCONFIGDIR", "XDG_CACHE_HOME"}
WRITTEN = {"keras.json", "fontlist", "fontconfig"}


@pytest.fixture(scope="module")
def tool(shelf, tmp_path_factory) -> collections.abc.Iterator[collections.abc.Callable[..., dict]]:
    """Runs `course` with arguments in the folder of odd files: what it printed, its code, what it took."""
    home, settings = tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("settings")
    environment = {**os.environ, "HOME": str(home), "PYTHONPATH": str(scratch.COURSE), "COLUMNS": "110"}
    environment |= dict.fromkeys(SETTINGS, str(settings))

    def measured(*arguments: str, stdin: str = os.devnull) -> dict:
        with open(shelf / stdin, "rb") as given:
            done = subprocess.run(
                [sys.executable, "-c", MEASURED, *arguments],
                stdin=given,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                cwd=shelf,
                env=environment,
                check=True,
            )
        printed, code, seconds, memory = done.stdout.decode("utf-8", "replace").rsplit(" ", 3)
        megabytes = int(memory) / (1024 if sys.platform == "linux" else 1024**2)
        return {"printed": printed, "code": int(code), "seconds": float(seconds), "megabytes": megabytes}

    alone = measured("-c", "import keras, tensorflow")

    def run(*arguments: str, stdin: str = os.devnull) -> dict:
        done = measured("-m", "helpers", *arguments, stdin=stdin)
        more = {"times": done["seconds"] / alone["seconds"], "more": done["megabytes"] - alone["megabytes"]}
        return done | more

    yield run
    assert not list(home.rglob("*")), "a tool wrote into the home folder"
    assert {path.name.split("-")[0] for path in settings.iterdir()} <= WRITTEN


def _state(folder: pathlib.Path) -> dict[str, tuple]:
    """Kind, size and time of everything in a folder, links not followed."""
    found = {}
    for path in sorted(folder.rglob("*")):
        one = path.lstat()
        found[str(path.relative_to(folder))] = (one.st_mode, one.st_size, one.st_mtime_ns)
    return found


def _holds(done: dict, shelf: pathlib.Path, before: dict) -> str:
    """What a tool printed, after the rules that hold for all of them."""
    said = done["printed"]
    assert said.strip() and "Traceback" not in said
    assert all(sign.isprintable() or sign == "\n" for sign in said), "control signs are spelled out"
    assert done["times"] < TIMES and done["more"] < MEGABYTES
    assert _state(shelf) == before, "nothing is written, and nothing of the file runs"
    return " ".join(said.split())


@pytest.mark.parametrize("name", ODD)
def test_inspect_says_what_it_is(tool, shelf, name):
    before = _state(shelf)
    done = tool(f"--inspect={name}")
    assert ODD[name][1] in _holds(done, shelf, before)
    assert done["code"] in (0, 1)


@pytest.mark.parametrize("name", ODD)
def test_a_round_trip_of_what_is_no_model_is_a_sentence(tool, shelf, name):
    before = _state(shelf)
    done = tool(f"--round-trip={name}")
    _holds(done, shelf, before)
    assert done["code"] == 1, "what is no model does not come back"


@pytest.mark.parametrize("name", [name for name in ODD if name not in UNREADABLE])
def test_the_clinic_takes_it_for_no_error_it_knows(tool, shelf, name):
    """The file itself instead of an error text: the clinic reads 20 megabytes at most, and claims nothing."""
    before = _state(shelf)
    done = tool("--clinic", stdin=name)
    _holds(done, shelf, before)
    assert done["code"] == 1
