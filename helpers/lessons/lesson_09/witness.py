"""Two witnesses of a save: a layer that looks around in its middle, and a journal of what is on the disk."""

import collections.abc
import contextlib
import errno
import os
import pathlib
import unittest.mock

import keras

_seen: dict[str, set[bytes]] = {}
_meanwhile: dict[str, collections.abc.Callable[[], None]] = {}


@keras.saving.register_keras_serializable(package="breaking")
class Witness(keras.layers.Layer):
    """Notes, in the middle of a save, what lies at the place its model is meant for."""

    def __init__(self, place: str = "", disk_full: bool = False, **options: object) -> None:
        super().__init__(**options)
        self.place, self.disk_full = place, disk_full

    def call(self, inputs: keras.KerasTensor) -> keras.KerasTensor:
        """Return the inputs as they are."""
        return inputs

    def get_config(self) -> dict[str, object]:
        """Return the arguments of the constructor."""
        return {**super().get_config(), "place": self.place, "disk_full": self.disk_full}

    def save_own_variables(self, store: object) -> None:
        """Note the content of the place.

        Raises:
            OSError: this witness says that the disk is full.
        """
        _seen.setdefault(self.place, set()).add(content(pathlib.Path(self.place)))
        _meanwhile.get(self.place, lambda: None)()
        if self.disk_full:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def load_own_variables(self, store: object) -> None:
        """There are none."""


def model(
    path: pathlib.Path,
    disk_full: bool = False,
    meanwhile: collections.abc.Callable[[], None] = lambda: None,
) -> keras.Model:
    """A model meant for a path, its witness between two layers with weights; what was seen is forgotten.

    In the middle of each save of it `meanwhile` is called.
    """
    _seen.pop(str(path), None)
    _meanwhile[str(path)] = meanwhile
    keras.utils.set_random_seed(2)
    return keras.Sequential(
        [keras.Input((8,)), keras.layers.Dense(8), Witness(str(path), disk_full), keras.layers.Dense(2)]
    )


def seen(path: pathlib.Path) -> set[bytes]:
    """What lay at a path while a model for it was saved."""
    return _seen.get(str(path), set())


def content(path: pathlib.Path) -> bytes:
    """The bytes of a file; none if there is no file."""
    return path.read_bytes() if path.is_file() else b""


class Journal:
    """What happens to a path between `os.fsync`, `os.replace` and `os.rename`.

    Attributes:
        path: the place to watch.
        source: the file that got this name last; None if none did.
        flushed_first: whether that file had been flushed before.
    """

    def __init__(self, path: pathlib.Path) -> None:
        self.path = path
        self.source: pathlib.Path | None = None
        self.flushed_first = False
        self._flushed: set[tuple[int, int]] = set()

    def kept(self) -> contextlib.AbstractContextManager:
        """A context in which the three functions are noted, and do what they do."""
        names = ("replace", "rename")
        renames = {name: self._noting_rename(getattr(os, name)) for name in names}
        return unittest.mock.patch.multiple(os, fsync=self._noting_fsync(os.fsync), **renames)

    def _noting_fsync(self, real: collections.abc.Callable) -> collections.abc.Callable:
        def fsync(file: object) -> None:
            real(file)
            self._flushed.add(_identity(os.fstat(file if isinstance(file, int) else file.fileno())))

        return fsync

    def _noting_rename(self, real: collections.abc.Callable) -> collections.abc.Callable:
        def rename(source: object, target: object, **options: object) -> None:
            identity, origin = _identity(os.stat(source)), pathlib.Path(source).resolve()
            real(source, target, **options)
            if pathlib.Path(target).resolve() == self.path:
                self.source, self.flushed_first = origin, identity in self._flushed

        return rename


def _identity(facts: os.stat_result) -> tuple[int, int]:
    return facts.st_dev, facts.st_ino
