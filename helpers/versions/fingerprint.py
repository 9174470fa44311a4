"""One sha256 for the data a version was trained on, whatever form the data have."""

import collections.abc
import hashlib
import os
import pathlib

from helpers.versions import disk, errors
import numpy


def of(data: object) -> str:
    """The sha256 of arrays, bytes, files or folders, or of a list or a dict of such things.

    A single file gives what `sha256sum` prints. An array counts with its type and shape, so that the
    same bytes in another shape are other data.

    Raises:
        errors.VersionsError: it is something else, or a file that is not there.
        OSError: a file cannot be read.
    """
    try:
        return _of(data)
    except RecursionError as error:
        raise errors.VersionsError("The data are nested too deeply to be fingerprinted.") from error


def _of(data: object) -> str:
    if isinstance(data, str | os.PathLike):
        return of_path(data)
    if isinstance(data, bytes | bytearray):
        return hashlib.sha256(data).hexdigest()
    if isinstance(data, collections.abc.Mapping):
        return _together({str(name): _of(part) for name, part in data.items()})
    if isinstance(data, list | tuple):
        return _together({str(place): _of(part) for place, part in enumerate(data)})
    return _of_array(data)


def of_path(path: str | os.PathLike) -> str:
    """The sha256 of a file; of a folder, that of the names and sha256 of all its files.

    Raises:
        errors.VersionsError: nothing is there, or it is neither a file nor a folder.
        OSError: it cannot be read.
    """
    if os.path.isfile(path):
        return disk.digest(pathlib.Path(path))
    if os.path.isdir(path):
        return _together({name: disk.digest(file) for name, file in disk.files(pathlib.Path(path)).items()})
    raise errors.VersionsError(
        f"A text stands for the path of a file or a folder, and there is none at {errors.shown(path)}."
    )


def _together(parts: dict[str, str]) -> str:
    lines = [f"{parts[name]}  {name}\n" for name in sorted(parts)]
    return hashlib.sha256("".join(lines).encode(errors="surrogatepass")).hexdigest()


def _of_array(data: object) -> str:
    try:
        array = numpy.asarray(data)
    except (TypeError, ValueError, OverflowError):
        array = numpy.asarray(None)
    if array.dtype.hasobject:
        raise errors.VersionsError(
            f"Data are fingerprinted as arrays, bytes, paths, or a list of these; got {errors.shown(data)}."
        )
    return hashlib.sha256(f"{array.dtype.str} {array.shape}\n".encode() + array.tobytes()).hexdigest()
