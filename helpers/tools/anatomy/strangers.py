"""Names files that are no saved model, from their first bytes. Nothing is unpacked or run."""

import collections.abc
import io
import itertools
import pathlib
import pickletools
import re

from helpers.tools.anatomy import finding, words

# Says what a zip is that holds no Keras model.


_ZIP_MODELS = (".keras", ".h5", ".hdf5")


def zip_sentence(path: pathlib.Path, names: list[str], wanted: collections.abc.Collection[str]) -> str:
    """What it is and what to do; `names` are its members, `wanted` those that a `.keras` has."""
    shown, members = words.quoted(path.name), words.listing(map(words.plain, names), 4) or "none"
    if any(name.endswith("data.pkl") for name in names):
        return (
            f"{shown} is a PyTorch file: a zip with a pickle in it, and opening a pickle runs whatever its "
            "author put into it. It was not opened. Ask for the model as `.keras` or as an export."
        )
    if "[Content_Types].xml" in names:
        return f"{shown} is an Office document, which is a zip too. Check the path."
    if names and all(name.endswith(".npy") for name in names):
        return f"{shown} is a NumPy archive (.npz): arrays ({members}) without a model. np.load reads it."
    if any(name.endswith("saved_model.pb") for name in names):
        return f"{shown} is a zip of a SavedModel. Unpack it, then give the folder with saved_model.pb in it."
    if set(names) & set(wanted):
        missing = words.listing(sorted(set(wanted) - set(names)))
        return (
            f"{shown} has members of a `.keras` and lacks {missing} (there: {members}). It is damaged, or "
            f"put together by hand. {finding.AGAIN}"
        )
    if any(name.endswith(_ZIP_MODELS) for name in names):
        return f"{shown} is a zip around a model ({members}). Unpack it, then give that file."
    return (
        f"{shown} is a zip that Keras did not write (in it: {members}). A `.keras` has "
        f"{words.listing(wanted)}. Check the path, or ask for the file that `model.save` wrote."
    )


# What each other library puts into a folder of its own, and what reads it.
_FOLDERS = (
    (
        {"_CHECKPOINT_METADATA", "_METADATA", "manifest.ocdbt"},
        "Orbax (JAX, Flax)",
        "orbax.checkpoint restores it",
    ),
    (
        {"task.json", "preprocessor.json", "tokenizer.json"},
        "KerasHub",
        "keras_hub.models.Task.from_preset loads it",
    ),
    (
        {
            "pytorch_model.bin",
            "pytorch_model.bin.index.json",
            "model.safetensors",
            "model.safetensors.index.json",
        },
        "Transformers (PyTorch)",
        "transformers.AutoModel.from_pretrained loads it",
    ),
    ({"tf_model.h5"}, "Transformers (Keras 2)", "an old transformers with tf_keras loads it"),
    (
        {"adapter_model.safetensors", "adapter_model.bin"},
        "PEFT (PyTorch)",
        "peft loads it, on its base model",
    ),
    ({"model.json", "group1-shard1of1.bin"}, "TensorFlow.js", "the library tensorflowjs reads it, in a page"),
    ({"MLmodel"}, "MLflow", "mlflow.tensorflow.load_model loads it; the model lies in a folder in it"),
)


def folder_sentence(path: pathlib.Path, names: set[str]) -> str:
    """What a folder of another library is, "" for anything else; `names` are its entries."""
    for signs, library, reader in _FOLDERS:
        if seen := sorted(signs & names):
            if library == "TensorFlow.js" and len(seen) < 2:
                continue
            return (
                f"{words.quoted(path.name)} is a folder of {library}: it holds {words.listing(seen, 3)}. "
                f"Keras has no load for it: {reader}."
            )
    return ""


# Tells ONNX files and frozen graphs: protobuf messages without a signature, known by their first fields.


_WIRE = {0: "number", 2: "text"}
_GRAPH = {(1, "text"), (2, "text"), (3, "number"), (4, "text")}
_MOST = 16  # fields that are looked at


def message_sentence(shown: str, head: bytes) -> str:
    """What a file is that begins with these bytes, empty for anything else."""
    fields = _fields(head)
    if fields[:1] == [(1, "number")] and set(fields) & {(2, "text"), (7, "text"), (8, "text")}:
        return (
            f"{shown} looks like an ONNX model. Keras does not load it; lesson 12 runs one with onnxruntime."
        )
    if fields[:1] == [(1, "text")] and set(fields) <= _GRAPH and _begins_with_operation(head):
        return (
            f"{shown} looks like a frozen graph (GraphDef) of TensorFlow 1: operations with their weights in "
            "them. The course does not read it; tf.compat.v1.import_graph_def does."
        )
    return ""


def _fields(head: bytes) -> list[tuple[int, str]]:
    """Number and kind of the first fields of a message; none if the bytes make no sense as one."""
    found, position = [], 0
    while position < len(head) and len(found) < _MOST:
        tag, position = _number(head, position)
        value, position = _number(head, position)
        kind = _WIRE.get(tag & 7)
        if position > len(head):
            return found  # the beginning of the file ends within this field
        if not tag >> 3 or kind is None:
            return []
        found.append((tag >> 3, kind))
        position += value if kind == "text" else 0
    return found


def _number(data: bytes, position: int) -> tuple[int, int]:
    value = 0
    for place in range(10):
        if position + place >= len(data):
            break
        value |= (data[position + place] & 127) << 7 * place
        if data[position + place] < 128:
            return value, position + place + 1
    return 0, len(data) + 1


def _begins_with_operation(head: bytes) -> bool:
    """Whether the first field holds a name and then an operation, as in (name, "Placeholder")."""
    _, start = _number(head, 1)
    return bool(re.match(rb"\n.[\w./-]+\x12.[A-Z]\w+", head[start : start + 300], re.DOTALL))


_MODELS = "A `.keras` begins with the letters PK, an `.h5` with \\x89HDF"
_BEGINNINGS = (
    (b"\x93NUMPY", "a NumPy array (.npy): numbers without a model. np.load reads it"),
    (b"GGUF", "a GGUF file, weights for llama.cpp and its like; TensorFlow does not read it"),
    (b"\x1f\x8b", "packed with gzip. Unpack it, then give what comes out"),
    (b"BZh", "packed with bzip2. Unpack it, then give what comes out"),
    (b"\xfd7zXZ", "packed with xz. Unpack it, then give what comes out"),
    (b"\x28\xb5\x2f\xfd", "packed with zstd. Unpack it, then give what comes out"),
    (b"7z\xbc\xaf", "packed with 7-Zip. Unpack it, then give what comes out"),
    (b"Rar!", "packed with RAR. Unpack it, then give what comes out"),
    (b"%PDF", "a PDF document. Check the path"),
    (b"\x89PNG", "a PNG picture. Check the path"),
    (b"\xff\xd8\xff", "a JPEG picture. Check the path"),
    (b"\x7fELF", "a program or a program library. Check the path"),
    (b"MZ", "a program for Windows. Check the path"),
)
_POINTER = re.compile(rb"version https://git-lfs\.github\.com/spec/v1\n(?:.*\n)*?size (\d{1,20})\s*$")
_OLD_PICKLE = (b"(", b"c", b"]", b"}", b")")  # the oldest have no header: a mark, an import, an empty list
_MAKES = {
    "STOP",
    "PUT",
    "BINPUT",
    "GLOBAL",
    "INST",
    "REDUCE",
    "BUILD",
    "APPEND",
    "APPENDS",
    "SETITEM",
    "SETITEMS",
}
_LISTED = 4096  # steps of a pickle
# An object, or a list of values: the heads of TOML and INI files begin with a bracket and a bare word.
_JSON = re.compile(rb"\{\s*[\"}]|\[[\s\[]*(?:[{\"\d\]-]|true\b|false\b|null\b)")
_PAGE = (b"<!doctype html", b"<html", b"<head", b"<body")


def sentence(path: pathlib.Path, head: bytes, size: int) -> str:
    """What a file is instead of a model, and what to do; `head` are its first bytes, `size` all of them."""
    shown = words.quoted(path.name)
    if not size:
        return (
            f"{shown} is empty: 0 bytes. The save or the download that should have filled it did not happen. "
            "Save or download it again."
        )
    if not head.strip(b"\0"):
        return (
            f"{shown} has {size:,} bytes and begins with {len(head):,} zeros: room was made for it and the "
            f"content never came. {_MODELS}. Copy or download it again."
        )
    if pointer := _POINTER.match(head):
        return (
            f"{shown} is a Git LFS pointer of {size:,} bytes: the file itself, of {int(pointer[1]):,} bytes, "
            "was not downloaded. Run `git lfs pull` in the repository it comes from."
        )
    if (pickled := _pickle(head)) is not None:
        return (
            f"{shown} is a pickle ({pickled}). Opening a pickle runs whatever its author put into it, so it "
            "was not opened. Ask for the model as `.keras` or as an export."
        )
    if head[4:8] == b"TFL3":
        return f"{shown} is a LiteRT (TensorFlow Lite) model. Keras does not load it; lesson 12 runs one."
    for beginning, what in _BEGINNINGS:
        if head.startswith(beginning):
            return f"{shown} is {what}."
    if head[257:262] == b"ustar":
        return f"{shown} is a tar archive. Unpack it, then give what comes out."
    if head[8:10] == b'{"' and int.from_bytes(head[:8], "little") <= size - 8:
        return f"{shown} is a safetensors file: arrays by name, without a model. safetensors reads it."
    if _is_text(head):
        return _text(shown, path, head)
    return message_sentence(shown, head) or (
        f"{shown} has {size:,} bytes and begins with {head[:8].hex(' ')}, which no saved model does. "
        f"{_MODELS}. It is something else, or its beginning is damaged. Check the path, or get it again."
    )


def _pickle(head: bytes) -> str | None:
    """How the pickle was written, None if it is none. Its steps are listed as far as is there, not taken."""
    if len(head) > 2 and head[0] == 0x80 and 2 <= head[1] <= 5:
        try:
            steps = pickletools.genops(io.BytesIO(head))
            next(steps), next(steps)
        except Exception:  # what is no pickle fails in many ways
            return None
        return "PyTorch" if head.startswith(b"\x80\x02\x8a\nl\xfc\x9cF") else f"protocol {head[1]}"
    return _old_pickle(head)


def _old_pickle(head: bytes) -> str | None:
    """Protocol 0 or 1, if the bytes are the steps of one to where they end; None for anything else."""
    if not head.startswith(_OLD_PICKLE):
        return None
    found: list[pickletools.OpcodeInfo] = []
    try:
        for operation, _, _ in itertools.islice(pickletools.genops(io.BytesIO(head)), _LISTED):
            found.append(operation)
    except Exception as error:  # what is no pickle fails in many ways; where the head ends, in these
        if len(head) < finding.HEAD or not re.search("remain|newline|exhausted", str(error)):
            return None
    names = {operation.name for operation in found}
    if len(found) < 3 or any(operation.proto > 1 for operation in found) or not names & _MAKES:
        return None
    return f"protocol {max(operation.proto for operation in found)}, the oldest kind"


def _is_text(head: bytes) -> bool:
    try:
        text = head.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start < len(head) - 4:  # else a sign is cut in two where the head ends
            return False
        text = head[: error.start].decode("utf-8")
    return all(sign.isprintable() or sign in "\r\n\t\f\ufeff" for sign in text)


def _text(shown: str, path: pathlib.Path, head: bytes) -> str:
    begin = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if begin.lower().startswith(_PAGE):
        return (
            f"{shown} is a web page saved under the name of a model, such as a log-in or an error page. Open "
            "it in a browser to see what it says, then download the file itself."
        )
    if b'"weight_map"' in head and path.suffix == ".json":
        if b".weights.h5" in head:
            return (
                f"{shown} lists the parts of weights that Keras saved in several files. On a model built by "
                f'the same code, model.load_weights("{words.plain(path.name)}") loads all; they have to '
                "lie beside it."
            )
        return (
            f"{shown} lists the parts of weights that another library saved in several files. Keras has no "
            "load for it: open it with the library that wrote it."
        )
    if _JSON.match(begin):
        return (
            f"{shown} is JSON. A configuration alone has no weights: keras.models.model_from_json builds an "
            "untrained model from one. For a saved model give the `.keras` or the folder."
        )
    first = words.quoted(begin.decode("utf-8", errors="ignore").split("\n")[0].rstrip("\r")[:60])
    return f"{shown} is text; it begins {first}. {_MODELS}. Check the path, or download the file again."
