"""Reads the outline of an HDF5 file in a process of its own, and prints it as JSON.

The HDF5 library can crash, or compute without end, on a damaged file: then only this process is lost. It
needs h5py and nothing of the course. No link out of the file is followed and no array is read, except the
single number that counts an optimizer's steps.
"""

import contextlib
import io
import json
import re
import sys

import h5py

_CONFIGS = ("model_config", "training_config")
_NAMES = ("keras_version", "backend", "name")
_NAME = 4096  # bytes of a name
_STEPS = re.compile(r"(.*/)?(iteration|iterations|iter)(:0)?|(.*/)?optimizer/vars/0")


class Part(io.RawIOBase):
    """A stretch of a file, as if it were a whole one: a member of a zip that is stored as it is."""

    def __init__(self, path: str, offset: int, size: int) -> None:
        self._file, self._offset, self._size, self._at = open(path, "rb"), offset, size, 0  # noqa: SIM115

    def seek(self, position: int, whence: int = 0) -> int:
        """Move, as for any file."""
        self._at = position + (0, self._at, self._size)[whence]
        return self._at

    def tell(self) -> int:
        """Where the next byte is read."""
        return self._at

    def readinto(self, buffer: bytearray) -> int:
        """Fill a buffer as far as there are bytes."""
        self._file.seek(self._offset + self._at)
        data = self._file.read(max(0, min(len(buffer), self._size - self._at)))
        buffer[: len(data)] = data
        self._at += len(data)
        return len(data)


def outline(file: h5py.File, most_objects: int, most_text: int) -> dict[str, object]:
    """Groups, arrays, links and the texts that Keras writes; "cut" if there are more objects than wanted."""
    found = {"texts": {}, "arrays": [], "groups": [], "links": [], "cut": False}
    waiting, seen = [("", file)], set()
    objects = letters = 0
    while waiting:
        path, group = waiting.pop()
        texts = _texts(group, most_text if not path else 0)
        found["texts"].update({f"{path}@{key}": text for key, text in texts})
        for name in group:
            below = f"{path}/{name}" if path else name
            objects, letters = objects + 1, letters + len(below)
            if objects > most_objects or letters > most_text:
                return {**found, "cut": True}
            link = group.get(name, getlink=True)
            if not isinstance(link, h5py.HardLink):
                target = f"{getattr(link, 'filename', '')}:{link.path}".removeprefix(":")
                found["links"].append([below, type(link).__name__, target])
                continue
            entry = group[name]
            if isinstance(entry, h5py.Dataset):
                found["arrays"].append(_array(below, entry))
            elif isinstance(entry, h5py.Group):
                place = h5py.h5o.get_info(entry.id).addr
                if place not in seen:  # a group may contain itself
                    seen.add(place)
                    found["groups"].append(below)
                    waiting.append((below, entry))
    return found


def _texts(group: h5py.Group, most: int) -> list[tuple[str, str]]:
    found = []
    for key in (*_NAMES, *(_CONFIGS if most else ())):
        if key not in group.attrs:
            continue
        limit = most if key in _CONFIGS else _NAME
        attribute = h5py.h5a.open(group.id, key.encode())
        if attribute.shape != () or attribute.get_storage_size() > limit:
            continue
        text = group.attrs[key]
        if isinstance(text, bytes):
            text = text.decode("utf-8", errors="replace")
        if isinstance(text, str) and len(text) <= limit:
            found.append((key, text))
    return found


def _array(path: str, array: h5py.Dataset) -> list[object]:
    """Name, shape, type, the number if it counts steps, and the other files it would take its values from."""
    elsewhere = [name for name, *_ in array.external or ()]
    if array.is_virtual:
        elsewhere += [source.file_name for source in array.virtual_sources()]
    shape = [int(size) for size in array.shape or ()]
    number = None
    whole = array.shape == () and array.dtype.kind in "iu" and array.dtype.itemsize <= 8
    if whole and not elsewhere and _STEPS.fullmatch(path):
        number = int(array[()])
    return [path, shape, str(array.dtype)[:80], number, [name for name in elsewhere if name != "."]]


def limit(memory: int, seconds: int) -> None:
    """Have the system end this process when it takes more bytes of memory or seconds of computing."""
    with contextlib.suppress(ImportError, ValueError, OSError):  # Windows, and systems that do not count it
        import resource

        for kind, most in (
            (resource.RLIMIT_CORE, 0),
            (resource.RLIMIT_CPU, seconds),
            (resource.RLIMIT_AS, memory),
        ):
            resource.setrlimit(kind, (most, most))


def main(arguments: list[str]) -> None:
    """Print the outline of a file, or {"error": ...}; the arguments are those that hdf5.read gives."""
    path, *numbers = arguments
    offset, size, most_objects, most_text, memory, seconds = map(int, numbers)
    limit(memory, seconds)
    try:
        with h5py.File(Part(path, offset, size), "r") as file:
            printed = json.dumps(outline(file, most_objects, most_text))
    except Exception as error:  # whatever it is, the other process words it
        printed = json.dumps({"error": str(error).split("\n")[0][:500]})
    sys.stdout.write(printed)


if __name__ == "__main__":
    main(sys.argv[1:])
