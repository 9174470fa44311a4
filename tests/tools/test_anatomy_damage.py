"""What anatomy says of files and folders that are no model, or one no longer: one true sentence each."""

import errno
import json
import os
import pathlib
import pickle
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tracemalloc
import zipfile

import google_crc32c
import h5py
from helpers.tools import anatomy
from helpers.tools.anatomy import files, finding, hdf5, sstable
import keras
import numpy
import pytest
import tensorflow
from tensorflow.core.protobuf import saved_model_pb2, tensor_bundle_pb2

from tests.tools import anatomy_shelf


@pytest.fixture(scope="module")
def shelf(tmp_path_factory) -> pathlib.Path:
    folder = tmp_path_factory.mktemp("shelf")
    anatomy_shelf.fill(folder)
    return folder


def sentence(path: object) -> str:
    """The sentence for a path; it ends as one, names no absolute path, and was foreseen."""
    with pytest.raises(anatomy.Unreadable) as refused:
        anatomy.read(path)
    said = str(refused.value)
    assert said.endswith(".") and anatomy.UNFORESEEN not in said
    if os.path.isabs(str(path)) and (folder := os.path.dirname(str(path))) != os.sep:
        assert folder not in said
    assert " ".join(anatomy.table(path).split()) == " ".join(said.split())
    return said


def copy(shelf: pathlib.Path, name: str, folder: pathlib.Path) -> pathlib.Path:
    source, target = shelf / name, folder / name
    return pathlib.Path(
        shutil.copytree(source, target) if source.is_dir() else shutil.copyfile(source, target)
    )


def zipped(path: pathlib.Path, parts: dict[str, bytes], kind: int = zipfile.ZIP_STORED) -> pathlib.Path:
    with zipfile.ZipFile(path, "w", kind) as members:
        for name, content in parts.items():
            members.writestr(name, content)
    return path


def parts_of(path: pathlib.Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as members:
        return {name: members.read(name) for name in members.namelist()}


# Nothing there, or nothing that can be opened


def test_a_path_that_does_not_exist_names_what_is_near(shelf):
    said = sentence(shelf / "traned.keras")
    assert said.startswith("'traned.keras' does not exist. There is: trained.keras")


def test_a_path_in_a_folder_that_does_not_exist(tmp_path):
    assert "neither does the folder 'nowhere'" in sentence(tmp_path / "nowhere" / "digits.keras")


def test_a_path_below_a_file(shelf):
    assert "does not exist" in sentence(shelf / "plain.keras" / "config.json")


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("", "the path is empty"),
        (" ", "the path is empty"),
        (None, "a path is needed, and this is of type NoneType"),
        (0, "a path is needed, and this is of type int"),
        (["a.keras"], "a path is needed, and this is of type list"),
        ("https://example.org/digits.keras", "is an address"),
        ("gs://bucket/digits.keras", "is an address"),
        ("a\0b", "holds a zero character"),
        ("x" * 300, "is too long for the name of a file"),
    ],
)
def test_what_is_no_path_of_this_machine(path, words):
    assert words in sentence(path)


def test_links_to_nothing_and_in_a_circle(tmp_path):
    (tmp_path / "gone").symlink_to(tmp_path / "nothing")
    (tmp_path / "round").symlink_to(tmp_path / "round")
    assert "a link to something that is not there" in sentence(tmp_path / "gone")
    assert "a link that leads back to itself" in sentence(tmp_path / "round")


def test_a_folder_that_contains_itself_is_not_followed(tmp_path):
    (tmp_path / "ring").mkdir()
    (tmp_path / "ring" / "ring").symlink_to(tmp_path / "ring")
    assert "without a model; in it: ring" in sentence(tmp_path / "ring")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes in folders")
def test_a_pipe_a_socket_and_a_device_are_not_opened(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # the name of a socket must be short
    os.mkfifo("pipe.keras")
    with socket.socket(socket.AF_UNIX) as held:
        held.bind("socket.keras")
        assert "is a pipe, and was not opened" in sentence("pipe.keras")
        assert "is a socket, and was not opened" in sentence("socket.keras")
    assert "is a device, and was not opened" in sentence("/dev/zero")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes in folders")
def test_a_pipe_inside_a_folder_is_not_opened_either(shelf, tmp_path):
    folder = copy(shelf, "exported", tmp_path)
    (folder / "saved_model.pb").unlink()
    os.mkfifo(folder / "saved_model.pb")
    assert "is not an ordinary file" in sentence(folder)


@pytest.mark.parametrize("name", ["plain.keras", "trained.h5", "exported", "kept"])
def test_no_permission(shelf, monkeypatch, name):
    # Permission bits do not stop an administrator, whom tests may run as.
    def refuse(path: pathlib.Path) -> None:
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    monkeypatch.setattr(files, "opened", refuse)
    assert "may not be read by you (Permission denied)" in sentence(shelf / name)


def test_a_disk_that_fails_is_told_as_such(shelf, monkeypatch):
    def fail(path: pathlib.Path) -> None:
        raise OSError(errno.EIO, "Input/output error", str(path))

    monkeypatch.setattr(files, "opened", fail)
    assert "'plain.keras' cannot be read: Input/output error" in sentence(shelf / "plain.keras")


def test_an_error_nobody_foresaw_is_a_sentence_too(shelf, monkeypatch):
    monkeypatch.setattr(files, "head", lambda path: {}["nothing"])
    said = anatomy.table(shelf / "plain.keras")
    assert " ".join(said.split()).startswith(
        f"'plain.keras' does not follow its format, {anatomy.UNFORESEEN}"
    )


# Files that are something else


FOREIGN = {
    "empty.keras": (b"", "is empty: 0 bytes"),
    "zeros.h5": (bytes(10_000), "10,000 bytes and begins with 4,096 zeros"),
    "page.keras": (b"\n<!DOCTYPE html>\n<title>Log in</title>", "is a web page"),
    "text.keras": ("größer\nals".encode(), "is text; it begins 'größer'"),
    "notes.keras": (b"caf\xe9 " * 20, "which no saved model does"),
    "array.npy": (b"\x93NUMPY\x01\x00v\x00", "is a NumPy array"),
    "model.tflite": (b"\x1c\x00\x00\x00TFL3" + bytes(40), "is a LiteRT"),
    "model.gguf": (b"GGUF\x03\x00\x00\x00", "is a GGUF file"),
    "model.keras.gz": (b"\x1f\x8b\x08\x00", "is packed with gzip"),
    "model.json": (b'{"class_name": "Sequential"}', "is JSON"),
    "shards.weights.json": (b'{"metadata": {}, "weight_map": {}}', "lists the parts of weights"),
    "weights.safetensors": (b"\x40" + bytes(7) + b'{"a":{"dtype":"F32"}}' + bytes(60), "safetensors file"),
    "model.onnx": (
        b"\x08\x07\x12\x07pytorch\x1a\x032.0\x3a\x90\x4e" + bytes(400),
        "looks like an ONNX model",
    ),
    "model.tar": (b"saved_model.pb".ljust(257, b"\0") + b"ustar\x0000" + bytes(200), "is a tar archive"),
    "noise.h5": (b"\xc3\x28\xa0\xa1" * 8, "begins with c3 28 a0 a1"),
    "text.pkl": (b"cos\nsystem\n(S'echo'\ntR.", "is a pickle (protocol 0, the oldest kind)"),
    "model.pt": (b"\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19.", "is a pickle (PyTorch)"),
}


@pytest.mark.parametrize("name", FOREIGN)
def test_a_file_that_is_something_else(tmp_path, name):
    content, words = FOREIGN[name]
    (tmp_path / name).write_bytes(content)
    said = sentence(tmp_path / name)
    assert said.startswith(f"'{name}'") and words in said


def test_a_pointer_of_git_lfs_tells_the_real_size(tmp_path):
    (tmp_path / "digits.keras").write_text(
        "version https://git-lfs.github.com/spec/v1\n"
        "oid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\n"
        "size 136385\n",
        encoding="utf-8",
    )
    said = sentence(tmp_path / "digits.keras")
    assert "the file itself, of 136,385 bytes, was not downloaded" in said and "`git lfs pull`" in said


class Touching:
    """Writes a marker when it is unpickled."""

    def __init__(self, marker: pathlib.Path) -> None:
        self.marker = marker

    def __reduce__(self):
        return pathlib.Path.touch, (self.marker,)


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_a_pickle_is_named_and_not_opened(tmp_path, protocol):
    path, marker = tmp_path / "model.keras", tmp_path / "marker"
    path.write_bytes(pickle.dumps(Touching(marker), protocol))
    said = sentence(path)
    assert f"is a pickle (protocol {protocol}" in said
    assert not marker.exists()
    pickle.loads(path.read_bytes())  # the marker is a real one
    assert marker.exists()


def test_a_frozen_graph(tmp_path):
    with tensorflow.Graph().as_default() as graph:
        tensorflow.add(tensorflow.constant([1.0]), 2.0)
    (tmp_path / "frozen.pb").write_bytes(graph.as_graph_def().SerializeToString())
    assert "looks like a frozen graph (GraphDef)" in sentence(tmp_path / "frozen.pb")


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ({"[Content_Types].xml": b"<x/>", "word/document.xml": b"<x/>"}, "is an Office document"),
        ({"archive/data.pkl": b"\x80\x02.", "archive/version": b"3"}, "is a PyTorch file"),
        ({"a.npy": b"\x93NUMPY", "b.npy": b"\x93NUMPY"}, "is a NumPy archive (.npz)"),
        ({"exported/saved_model.pb": b"", "exported/variables/x": b""}, "is a zip of a SavedModel"),
        ({"digits.keras": b"PK"}, "is a zip around a model (digits.keras)"),
        ({"metadata.json": b"{}", "model.weights.h5": b""}, "lacks config.json"),
        ({"readme.txt": b"hello"}, "is a zip that Keras did not write (in it: readme.txt)"),
        ({}, "is a zip that Keras did not write (in it: none)"),
    ],
)
def test_a_zip_that_is_something_else(tmp_path, parts, words):
    assert words in sentence(zipped(tmp_path / "model.keras", parts))


def test_an_hdf5_file_of_somebody_else(tmp_path):
    with h5py.File(tmp_path / "data.h5", "w") as file:
        file["measured/values"] = numpy.zeros((3, 4))
    said = sentence(tmp_path / "data.h5")
    assert "and not one of Keras (in it: 1 array, 12 numbers; groups: measured)" in said


def test_a_model_that_lost_its_description(shelf, tmp_path):
    path = copy(shelf, "trained.h5", tmp_path)
    with h5py.File(path, "r+") as file:
        del file.attrs["model_config"], file.attrs["keras_version"]
    assert "and not its model_config" in sentence(path)


# Folders


def test_what_lies_beside_the_model_of_a_version_is_not_taken_for_it(shelf, tmp_path):
    version = tmp_path / "store" / "3"
    version.mkdir(parents=True)
    (version / "assets.zip").write_bytes(b"PK\x03\x04")
    if hasattr(os, "mkfifo"):
        os.mkfifo(version / "log.keras")  # whoever opens it waits for a writer
    shutil.copyfile(shelf / "trained.keras", version / "trained.keras")
    assert "store/3/trained.keras" in sentence(tmp_path / "store")


def test_an_empty_folder(tmp_path):
    assert "is an empty folder" in sentence(tmp_path)


def test_a_folder_of_other_things(tmp_path):
    (tmp_path / "notes.txt").write_text("x", encoding="utf-8")
    assert "is a folder without a model; in it: notes.txt" in sentence(tmp_path)


def test_the_current_folder_is_named_as_it_is_called(tmp_path, monkeypatch):
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    assert sentence(".").startswith("'here' is an empty folder")


def test_numbered_versions_are_named_in_the_order_of_numbers(shelf, tmp_path):
    for number in ("1", "2", "10"):
        (tmp_path / "digits" / number).mkdir(parents=True)
        shutil.copyfile(shelf / "plain.keras", tmp_path / "digits" / number / "model.keras")
    said = sentence(tmp_path / "digits")
    assert "numbered versions of a model: 1, 2, 10." in said
    assert "the highest is 'digits/10/model.keras'" in said
    shutil.copytree(shelf / "exported", tmp_path / "digits" / "11")
    assert "the highest is 'digits/11'" in sentence(tmp_path / "digits")


def test_a_folder_with_one_model_or_several(shelf, tmp_path):
    folder = tmp_path / "models"
    folder.mkdir()
    copy(shelf, "plain.keras", folder), (folder / "notes.txt").write_text("x", encoding="utf-8")
    assert "with one model in it. Give 'models/plain.keras'" in sentence(folder)
    copy(shelf, "exported", folder)
    assert "with 2 models in it: exported, plain.keras" in sentence(folder)


def test_the_folder_of_arrays_points_to_the_folder_around_it(shelf):
    assert "is the folder of arrays of a SavedModel" in sentence(shelf / "exported" / "variables")


# Damaged zips


@pytest.mark.parametrize("name", ["trained.keras", "trained.h5", "trained.weights.h5"])
@pytest.mark.parametrize("kept", [0.999, 0.5, 0.01])
def test_a_file_cut_short(shelf, tmp_path, name, kept):
    content = (shelf / name).read_bytes()
    (tmp_path / name).write_bytes(content[: int(len(content) * kept)])
    said = sentence(tmp_path / name)
    if name.endswith(".keras"):
        assert "begins as a zip and has no end" in said and "'File not found'" in said
        with pytest.raises(ValueError, match="File not found"):
            keras.models.load_model(tmp_path / name)
    else:
        assert f"is cut short: it has {int(len(content) * kept):,} bytes" in said
        assert f"it has {len(content):,}" in said


@pytest.mark.parametrize("member", ["config.json", "metadata.json", "model.weights.h5"])
def test_a_changed_bit_names_the_member(shelf, tmp_path, member):
    path = copy(shelf, "trained.keras", tmp_path)
    content = bytearray(path.read_bytes())
    place = content.index(parts_of(path)[member]) + 20
    content[place] ^= 1
    path.write_bytes(content)
    assert f"'trained.keras' is damaged in its member '{member}': Bad CRC-32" in sentence(path)


@pytest.mark.parametrize(
    ("config", "words"),
    [
        (b"{", "config.json in 'model.keras' is damaged: it should be JSON"),
        (b"\xff\xfe", "should be JSON"),
        (b"[1, 2]", "holds a JSON list"),
        (b"[" * 100_000, "should be JSON"),
        (b"1" * 5000, "should be JSON"),
    ],
)
def test_a_description_that_is_none(tmp_path, config, words):
    path = zipped(tmp_path / "model.keras", {"config.json": config, "metadata.json": b"{}"})
    assert words in sentence(path)


def test_a_keras_file_without_weights_says_so(shelf, tmp_path):
    parts = parts_of(shelf / "plain.keras")
    del parts["model.weights.h5"]
    found = anatomy.read(zipped(tmp_path / "model.keras", parts))
    assert found.finding("weights") == "none: model.weights.h5 is missing"


def test_a_packed_keras_file_is_read_all_the_same(shelf, tmp_path):
    path = zipped(tmp_path / "packed.keras", parts_of(shelf / "trained.keras"), zipfile.ZIP_DEFLATED)
    assert anatomy.read(path).finding("optimizer") == "Adam, 45 steps, 10 arrays"


def claiming(path: pathlib.Path, member: str, size: int) -> pathlib.Path:
    """Change the size that the list of members claims for one of them."""
    content = bytearray(path.read_bytes())
    listed = content.rindex(member.encode()) - 46
    assert content[listed : listed + 4] == b"PK\x01\x02"
    content[listed + 24 : listed + 28] = struct.pack("<I", size)
    path.write_bytes(content)
    return path


def test_a_member_that_would_end_beyond_the_file(tmp_path):
    path = zipped(tmp_path / "model.keras", {"config.json": b"{}", "model.weights.h5": b"numbers"})
    content = bytearray(path.read_bytes())
    listed = content.rindex(b"model.weights.h5") - 46
    content[listed + 20 : listed + 28] = struct.pack("<II", 10**6, 10**6)
    path.write_bytes(content)
    assert "'model.weights.h5': it would end beyond the end of the file" in sentence(path)


def test_a_zip_bomb_is_not_unpacked(tmp_path):
    parts = {"config.json": b"{}", "model.weights.h5": bytes(100_000)}
    path = zipped(tmp_path / "bomb.keras", parts, zipfile.ZIP_DEFLATED)
    tracemalloc.start()
    said = sentence(claiming(path, "model.weights.h5", 4_000_000_000))
    assert tracemalloc.get_traced_memory()[1] < 4 * 2**20
    tracemalloc.stop()
    assert "'model.weights.h5' claims to unpack to 4,000,000,000" in said and "It was not unpacked" in said


def test_a_real_zip_bomb_of_three_hundred_megabytes_is_not_unpacked(tmp_path):
    with zipfile.ZipFile(tmp_path / "bomb.keras", "w", zipfile.ZIP_DEFLATED, compresslevel=1) as members:
        members.writestr("config.json", "{}")
        with members.open("model.weights.h5", "w") as member:
            for _ in range(300):
                member.write(bytes(2**20))
    assert "claims to unpack to 314,572,800" in sentence(tmp_path / "bomb.keras")


def test_a_description_of_many_megabytes_is_not_held(tmp_path):
    parts = {"config.json": b"{}" + b" " * finding.CONFIG, "metadata.json": b"{}"}
    path = zipped(tmp_path / "model.keras", parts, zipfile.ZIP_DEFLATED)
    assert f"claims {finding.CONFIG + 2:,} bytes, and up to {finding.CONFIG:,}" in sentence(path)


def test_a_zip_whose_list_of_members_is_too_long_is_not_read(tmp_path):
    path = tmp_path / "talkative.keras"
    with zipfile.ZipFile(path, "w") as members:
        for number in range(finding.DIRECTORY // 60_000 + 1):
            entry = zipfile.ZipInfo(f"{number}")
            entry.comment = b" " * 60_000
            members.writestr(entry, b"")
    assert f"up to {finding.DIRECTORY:,} bytes are read here" in sentence(path)


def test_a_zip_of_very_many_members(tmp_path):
    path = zipped(tmp_path / "many.keras", {f"{number}": b"" for number in range(finding.MEMBERS + 1)})
    assert f"{finding.MEMBERS + 1:,} members, and up to {finding.MEMBERS:,}" in sentence(path)


def test_sizes_that_do_not_agree(shelf, tmp_path):
    path = copy(shelf, "plain.keras", tmp_path)
    assert "its two sizes do not agree" in sentence(claiming(path, "model.weights.h5", 7))


def test_too_much_to_compare_is_said_and_still_read(shelf, monkeypatch):
    monkeypatch.setattr(finding, "CHECKED", 1000)
    assert "not compared here" in anatomy.read(shelf / "plain.keras").finding("protected by")
    assert "not all compared here" in anatomy.read(shelf / "exported").finding("protected by")
    assert "not all compared here" in anatomy.read(shelf / "kept").finding("protected by")


# Damaged HDF5


@pytest.mark.parametrize(
    ("program", "words"),
    [
        ("import os; os.abort()", "the HDF5 library crashed on it, in a process of its own"),
        ('print(\'{"error": "no such thing"}\')', "the HDF5 library says 'no such thing'"),
        ("raise SystemExit(1)", "the process that reads HDF5 files did not start"),
    ],
)
def test_a_reader_of_hdf5_that_fails_is_survived(shelf, tmp_path, monkeypatch, program, words):
    (tmp_path / "child.py").write_text(program, encoding="utf-8")
    monkeypatch.setattr(hdf5, "_CHILD", tmp_path / "child.py")
    assert words in sentence(shelf / "trained.h5")


def test_plug_ins_of_the_hdf5_library_are_refused(shelf, tmp_path, monkeypatch):
    told = "import json, os; print(json.dumps({'error': os.environ['HDF5_PLUGIN_PRELOAD']}))"
    (tmp_path / "child.py").write_text(told, encoding="utf-8")
    monkeypatch.setattr(hdf5, "_CHILD", tmp_path / "child.py")
    monkeypatch.setenv("HDF5_PLUGIN_PRELOAD", str(tmp_path))
    assert "says '::'" in sentence(shelf / "trained.h5")  # with this the library loads none


def test_a_reader_of_hdf5_that_does_not_end_is_ended(shelf, tmp_path, monkeypatch):
    (tmp_path / "child.py").write_text("while True: pass", encoding="utf-8")
    monkeypatch.setattr(hdf5, "_CHILD", tmp_path / "child.py")
    monkeypatch.setattr(finding, "HDF5_SECONDS", 1.0)
    assert "the HDF5 library did not come to an end with it" in sentence(shelf / "trained.h5")


@pytest.mark.skipif(not hasattr(signal, "SIGXCPU"), reason="this system does not count computing")
def test_the_reader_of_hdf5_limits_its_own_work():
    limited = "import sys; sys.path.insert(0, sys.argv[1]); import hdf5_child; hdf5_child.limit(2**40, 1)\n"
    ended = subprocess.run(
        [sys.executable, "-c", limited + "while True: pass", str(pathlib.Path(hdf5.__file__).parent)],
        check=False,
    )
    assert ended.returncode in (-signal.SIGXCPU, -signal.SIGKILL)


def test_links_out_of_the_file_are_named_and_not_followed(shelf, tmp_path):
    path = copy(shelf, "trained.h5", tmp_path)
    with h5py.File(path, "r+") as file:
        file["model_weights/elsewhere"] = h5py.ExternalLink("/secret.h5", "/key")
        file["model_weights"].create_dataset("raw", (2,), "f4", external=[("/secret.bin", 0, 8)])
        file["model_weights/itself"] = file["model_weights"]
    found = anatomy.read(path)
    assert found.finding("code it would run") == (
        "its arrays point to other files: /secret.bin, /secret.h5:/key; they are not followed here"
    )
    assert found.finding("weights") == "5 arrays, 9,612 numbers"


def test_an_hdf5_file_of_very_many_arrays(tmp_path, monkeypatch):
    monkeypatch.setattr(finding, "OBJECTS", 50)
    with h5py.File(tmp_path / "many.h5", "w") as file:
        for number in range(60):
            file[f"{number}"] = 1.0
    assert "holds more than 50 groups and arrays" in sentence(tmp_path / "many.h5")


# Damaged SavedModels and checkpoints


@pytest.mark.parametrize("name", ["exported", "saved"])
def test_a_saved_model_without_its_arrays(shelf, tmp_path, name):
    folder = copy(shelf, name, tmp_path)
    shutil.rmtree(folder / "variables")
    assert "without its folder 'variables'" in sentence(folder)


@pytest.mark.parametrize("lost", ["variables.index", "variables.data-00000-of-00001"])
def test_a_saved_model_without_one_file(shelf, tmp_path, lost):
    folder = copy(shelf, "exported", tmp_path)
    (folder / "variables" / lost).unlink()
    assert f"'{lost}'" in sentence(folder)


@pytest.mark.parametrize("content", [b"", b"\x08\x01", b"\xff" * 50, b"<html>"])
def test_a_graph_that_is_none(shelf, tmp_path, content):
    folder = copy(shelf, "exported", tmp_path)
    (folder / "saved_model.pb").write_bytes(content)
    assert "saved_model.pb in 'exported' is damaged or cut short" in sentence(folder)


def test_a_graph_whose_objects_point_nowhere(shelf, tmp_path):
    folder = copy(shelf, "exported", tmp_path)
    model = saved_model_pb2.SavedModel.FromString((folder / "saved_model.pb").read_bytes())
    model.meta_graphs[0].object_graph_def.nodes[0].children[0].node_id = 5000
    (folder / "saved_model.pb").write_bytes(model.SerializeToString())
    assert "refers to one that is not there" in sentence(folder)


def test_a_huge_graph_is_not_held(shelf, tmp_path):
    folder = copy(shelf, "exported", tmp_path)
    with (folder / "saved_model.pb").open("r+b") as file:
        file.truncate(50 * 10**9)  # a hole: it takes no room on the disk
    tracemalloc.start()
    said = sentence(folder)
    assert tracemalloc.get_traced_memory()[1] < 2**20
    tracemalloc.stop()
    assert f"has 50,000,000,000 bytes, and files of this kind are read here up to {finding.GRAPH:,}" in said


def test_a_saved_model_as_text(tmp_path):
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "saved_model.pbtxt").write_text("saved_model_schema_version: 1", encoding="utf-8")
    assert "a SavedModel written as text" in sentence(tmp_path / "old")


def test_an_operation_that_this_tensorflow_lacks_is_named(shelf, tmp_path):
    folder = copy(shelf, "exported", tmp_path)
    model = saved_model_pb2.SavedModel.FromString((folder / "saved_model.pb").read_bytes())
    model.meta_graphs[0].graph_def.node.add(name="mine", op="OperationOfMine")
    (folder / "saved_model.pb").write_bytes(model.SerializeToString())
    assert anatomy.read(folder).finding("custom classes") == (
        "operations this TensorFlow does not have: OperationOfMine"
    )


@pytest.mark.parametrize("place", [0, 70_000, -1])
def test_a_changed_bit_names_the_array(shelf, tmp_path, place):
    folder = copy(shelf, "kept", tmp_path)
    data = folder / "ckpt-1.data-00000-of-00001"
    content = bytearray(data.read_bytes())
    content[place] ^= 1
    data.write_bytes(content)
    said = sentence(folder)
    assert "checkpoint 'ckpt-1' is damaged at the array" in said and "does not agree" in said


def test_a_checkpoint_cut_short(shelf, tmp_path):
    folder = copy(shelf, "kept", tmp_path)
    data = folder / "ckpt-1.data-00000-of-00001"
    data.write_bytes(data.read_bytes()[:1000])
    assert "is cut short: it has 1,000 bytes" in sentence(folder)


def test_a_damaged_index(shelf, tmp_path):
    folder = copy(shelf, "kept", tmp_path)
    index = folder / "ckpt-1.index"
    content = bytearray(index.read_bytes())
    content[40] ^= 1
    index.write_bytes(content)
    assert "no index of a checkpoint: its checksum does not agree" in sentence(folder)


def test_a_checkpoint_without_its_index_or_its_data(shelf, tmp_path):
    folder = copy(shelf, "kept", tmp_path)
    (folder / "ckpt-1.index").unlink()
    assert "names 'ckpt-1', which is not there (there: none)" in sentence(folder)
    assert "a checkpoint without its 'ckpt-1.index'" in sentence(folder / "ckpt-1")
    shutil.copyfile(shelf / "kept" / "ckpt-1.index", folder / "ckpt-1.index")
    (folder / "ckpt-1.data-00000-of-00001").unlink()
    assert "'ckpt-1.data-00000-of-00001' is missing" in sentence(folder)


def test_several_checkpoints_without_the_file_that_names_the_newest(shelf, tmp_path):
    folder = copy(shelf, "kept", tmp_path)
    for file in list(folder.glob("ckpt-1.*")):
        shutil.copyfile(file, folder / file.name.replace("ckpt-1", "ckpt-2"))
    (folder / "checkpoint").unlink()
    assert "tells the newest of: ckpt-1, ckpt-2" in sentence(folder)


def crafted(entries: list[tuple[bytes, bytes]], shared: int = 0) -> bytes:
    """An index with correct checksums and any content: what damage does not make, and malice does.

    Every name says that it shares so many bytes with the one before.
    """

    def varint(value: int) -> bytes:
        return bytes([value & 127 | 128]) + varint(value >> 7) if value > 127 else bytes([value])

    def block(pairs: list[tuple[bytes, bytes]]) -> bytes:
        content = b"".join(varint(shared) + varint(len(k)) + varint(len(v)) + k + v for k, v in pairs)
        content += struct.pack("<II", 0, 1)
        return content + b"\0" + struct.pack("<I", sstable.masked(google_crc32c.value(content + b"\0")))

    data, names = block(entries), block([])
    listed = block([(entries[-1][0], varint(0) + varint(len(data) - 5))])
    footer = varint(len(data)) + varint(len(names) - 5)
    footer += varint(len(data) + len(names)) + varint(len(listed) - 5)
    return data + names + listed + footer.ljust(40, b"\0") + struct.pack("<Q", 0xDB4775248B80FB57)


HOSTILE = {
    "a negative shape": {"shape": {"dim": [{"size": -5}]}},
    "a shape beyond all numbers": {"shape": {"dim": [{"size": 2**40}, {"size": 2**40}]}},
    "a terabyte": {"shape": {"dim": [{"size": 2**42}]}},
    "hundreds of dimensions": {"shape": {"dim": [{"size": 1}] * 300}},
    "an unknown shape": {"shape": {"unknown_rank": True}},
    "an unknown type": {"dtype": 99},
    "a place before the beginning": {"offset": -9},
    "a place beyond the end": {"offset": 2**62},
    "a negative size": {"size": -1},
    "another data file": {"shard_id": 77},
    "texts beyond its bytes": {"dtype": 7, "shape": {"dim": [{"size": 10**9}]}},
}


@pytest.mark.parametrize("case", HOSTILE)
def test_a_crafted_index_is_refused(tmp_path, case):
    # TensorFlow's own reader ends the whole process on several of these.
    array = {"dtype": 1, "size": 8, "shape": {"dim": [{"size": 2}]}, **HOSTILE[case]}
    header = tensor_bundle_pb2.BundleHeaderProto(num_shards=1).SerializeToString()
    entry = tensor_bundle_pb2.BundleEntryProto(**array).SerializeToString()
    (tmp_path / "ckpt.index").write_bytes(crafted([(b"", header), (b"numbers", entry)]))
    (tmp_path / "ckpt.data-00000-of-00001").write_bytes(bytes(8))
    assert "numbers" in sentence(tmp_path / "ckpt")


@pytest.mark.parametrize(
    ("entries", "words"),
    [
        ([(b"", b"\xff\xff\xff")], "it is no message of the kind expected there"),
        ([(b"numbers", b"")], "its first entry is not the header"),
        ([(b"", b"\x08\x80\x80\x80\x80\x04")], "data files"),
        ([(b"", b"\x08\x01\x10\x01")], "big-endian"),
        ([(b"", b"\x08\x01"), (b"\xff\xfe", b"")], "a name in it is no text"),
    ],
)
def test_a_crafted_index_that_is_none(tmp_path, entries, words):
    (tmp_path / "ckpt.index").write_bytes(crafted(entries))
    (tmp_path / "ckpt.data-00000-of-00001").write_bytes(bytes(8))
    assert words in sentence(tmp_path / "ckpt")


@pytest.mark.parametrize(("name", "shared"), [(b"numbers", 3), (b"n" * 5000, 0)])
def test_a_name_that_shares_what_is_not_there_or_has_no_end_is_refused(tmp_path, name, shared):
    (tmp_path / "ckpt.index").write_bytes(crafted([(b"", b"\x08\x01"), (name, b"")], shared))
    (tmp_path / "ckpt.data-00000-of-00001").write_bytes(bytes(8))
    assert "an entry in it lies beyond its part" in sentence(tmp_path / "ckpt")


@pytest.mark.parametrize("place", [-6, -5, -1, 0], ids=["length", "checksum", "checksum's end", "text"])
def test_a_changed_bit_among_texts_names_the_array(tmp_path, place):
    words = tensorflow.Variable(["zero", "one"])
    tensorflow.train.Checkpoint(words=words).write(str(tmp_path / "ckpt"))
    (data,) = tmp_path.glob("ckpt.data*")
    content = bytearray(data.read_bytes())
    content[content.index(b"zeroone") + place] ^= 1
    data.write_bytes(content)
    assert "words" in sentence(tmp_path / "ckpt")


def test_the_crafting_above_makes_what_tensorflow_reads(tmp_path):
    header = tensor_bundle_pb2.BundleHeaderProto(num_shards=1).SerializeToString()
    numbers = numpy.array([1.5, 2.5], "float32").tobytes()
    entry = tensor_bundle_pb2.BundleEntryProto(
        dtype=1,
        size=8,
        shape={"dim": [{"size": 2}]},
        crc32c=sstable.masked(google_crc32c.value(numbers)),
    )
    (tmp_path / "ckpt.index").write_bytes(crafted([(b"", header), (b"numbers", entry.SerializeToString())]))
    (tmp_path / "ckpt.data-00000-of-00001").write_bytes(numbers)
    reader = tensorflow.train.load_checkpoint(str(tmp_path / "ckpt"))
    assert reader.get_tensor("numbers").tolist() == [1.5, 2.5]
    assert anatomy.read(tmp_path / "ckpt").finding("weights") == "1 array, 2 numbers"


def test_a_metadata_file_of_another_kind_is_refused(shelf, tmp_path):
    parts = {**parts_of(shelf / "plain.keras"), "metadata.json": json.dumps([1]).encode()}
    assert "metadata.json in 'model.keras' holds a JSON list" in sentence(
        zipped(tmp_path / "model.keras", parts)
    )
