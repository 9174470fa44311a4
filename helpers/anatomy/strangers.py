"""Names files that are no saved Keras or TensorFlow model, from their first bytes. Nothing is unpacked or run."""

import io
import pathlib
import pickletools
import re

from helpers.anatomy import hdf5, words

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
_TEXT_PICKLE = re.compile(rb"(?:\(|[\]})]|c[\w.]+\n[\w.]+\n)[(\]})c\w'\"\n.]")
_WIRE = {0: "number", 2: "text"}


def sentence(path: pathlib.Path, head: bytes, size: int) -> str:
    """What a file is instead of a model, and what to do; `head` are its first bytes, `size` all of them."""
    shown = repr(words.plain(path.name))
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
        return f"{shown} is a LiteRT (TensorFlow Lite) model, made from another and not loaded by Keras. Lesson 12 runs one."
    for beginning, what in _BEGINNINGS:
        if head.startswith(beginning):
            return f"{shown} is {what}."
    if head[257:262] == b"ustar":
        return f"{shown} is a tar archive. Unpack it, then give what comes out."
    if head[8:10] == b'{"' and int.from_bytes(head[:8], "little") < max(size, 8):
        return f"{shown} is a safetensors file: arrays by name, without a model. The library safetensors reads it."
    return _text(shown, path, head) or _message(shown, head) or _unknown(shown, head, size)


def _pickle(head: bytes) -> str | None:
    """How the pickle was written, None if it is none. Its steps are listed as far as is there, not taken."""
    if len(head) > 2 and head[0] == 0x80 and 2 <= head[1] <= 5:
        try:
            steps = pickletools.genops(io.BytesIO(head))
            next(steps), next(steps)
        except Exception:  # what is no pickle fails in many ways
            return None
        return "PyTorch" if head.startswith(b"\x80\x02\x8a\nl\xfc\x9cF") else f"protocol {head[1]}"
    return "the oldest protocol, as text" if _TEXT_PICKLE.match(head) and _is_text(head) else None


def _is_text(head: bytes) -> bool:
    try:
        text = head.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start < len(head) - 4:  # else a sign is cut in two where the head ends
            return False
        text = head[: error.start].decode("utf-8")
    return all(sign.isprintable() or sign in "\r\n\t\f\ufeff" for sign in text)


def _text(shown: str, path: pathlib.Path, head: bytes) -> str:
    if not _is_text(head):
        return ""
    lower = head.lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if lower.startswith((b"<!doctype html", b"<html", b"<head", b"<body")):
        return (
            f"{shown} is a web page saved under the name of a model, such as a log-in or an error page. Open "
            "it in a browser to see what it says, then download the file itself."
        )
    if path.suffix == ".json" and b'"weight_map"' in head:
        return f"{shown} lists the parts of weights saved in several files. Give one of the files it names."
    if lower.startswith((b"{", b"[")):
        return (
            f"{shown} is JSON. A configuration alone has no weights: Keras reads one with "
            "keras.models.model_from_json. For a saved model give the `.keras` or the folder."
        )
    first = words.plain(head.decode("utf-8", errors="ignore").strip().split("\n")[0].rstrip("\r"), 60)
    return f"{shown} is text; it begins {first!r}. {_MODELS}. Check the path, or download the file again."


def _message(shown: str, head: bytes) -> str:
    """ONNX and frozen graphs are protobuf messages without a signature: told by their first fields."""
    fields = _fields(head)
    if fields[:1] == [(1, "number")] and set(fields) & {(2, "text"), (7, "text"), (8, "text")}:
        return (
            f"{shown} looks like an ONNX model. Keras does not load it; lesson 12 runs one with onnxruntime."
        )
    if fields and set(fields) <= {(1, "text")} and _looks_like_operations(head):
        return (
            f"{shown} looks like a frozen graph (GraphDef) of TensorFlow 1: operations with their weights in "
            "them. The course does not read it; tf.compat.v1.import_graph_def does."
        )
    return ""


def _fields(head: bytes) -> list[tuple[int, str]]:
    """Number and kind of the first fields of a message, as far as the bytes make sense."""
    found, position = [], 0
    while position < len(head) and len(found) < 16:
        tag, position = _number(head, position)
        kind = _WIRE.get(tag & 7)
        if not tag >> 3 or kind is None:
            return found if position > len(head) else []
        value, position = _number(head, position)
        found.append((tag >> 3, kind))
        position += value if kind == "text" else 0
    return found


def _number(data: bytes, position: int) -> tuple[int, int]:
    value = shift = 0
    while position < len(data) and shift < 64:
        value |= (data[position] & 127) << shift
        position, shift = position + 1, shift + 7
        if data[position - 1] < 128:
            return value, position
    return 0, len(data) + 1


def _looks_like_operations(head: bytes) -> bool:
    """Whether the first field holds a name and then an operation, as in (name, "Placeholder")."""
    _, start = _number(head, 1)
    return bool(re.match(rb"\n.[\w./-]+\x12.[A-Z]\w+", head[start : start + 300], re.DOTALL))


def _unknown(shown: str, head: bytes, size: int) -> str:
    return (
        f"{shown} has {size:,} bytes and begins with {head[:8].hex(' ')}, which no saved model does. {_MODELS}. "
        "It is something else, or its beginning is damaged. Check the path, or get the file again."
    )
