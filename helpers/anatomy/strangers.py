"""Names files that are no saved model, from their first bytes. Nothing is unpacked or run."""

import io
import pathlib
import pickletools
import re

from helpers.anatomy import messages_unsigned, words

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
# The oldest pickles are text: an import of "module" and "name" on two lines, or a mark and what follows it.
_TEXT_PICKLE = re.compile(rb"c[\w.]+\n[\w.]+\n[(\]})pt]|\((?:lp|dp|c[\w.]+\n|i[\w.]+\n|S')")
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
    return messages_unsigned.sentence(shown, head) or (
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
    begin = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if begin.lower().startswith(_PAGE):
        return (
            f"{shown} is a web page saved under the name of a model, such as a log-in or an error page. Open "
            "it in a browser to see what it says, then download the file itself."
        )
    if b'"weight_map"' in head and path.suffix == ".json":
        return f"{shown} lists the parts of weights saved in several files. Give one of the files it names."
    if begin.startswith((b"{", b"[")):
        return (
            f"{shown} is JSON. A configuration alone has no weights: keras.models.model_from_json builds an "
            "untrained model from one. For a saved model give the `.keras` or the folder."
        )
    first = words.quoted(begin.decode("utf-8", errors="ignore").split("\n")[0].rstrip("\r")[:60])
    return f"{shown} is text; it begins {first}. {_MODELS}. Check the path, or download the file again."
