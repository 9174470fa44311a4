"""The store as the service reads it: a folder of this machine, or a copy of one behind an fsspec address.

An object store has no rename: a folder comes into being file by file. So the copy of a version is made
aside, and made again for as long as the listing of that version changes.
"""

import os
import pathlib
import shutil
import tempfile

import fsspec
from helpers.core import errors
from helpers.tools.serving import canary
from helpers.tools.versions import catalogue

RECORDS = (catalogue.NAME, canary.NAME)  # which version is promoted, which one is tried


class Here:
    """A store on this machine: nothing has to be copied."""

    problem = ""

    def __init__(self, folder: str | os.PathLike) -> None:
        self.folder = pathlib.Path(folder)

    def refresh(self) -> set[int]:
        """Nothing to do, so no version is replaced."""
        return set()

    def close(self) -> None:
        """Nothing to remove."""


class Mirror:
    """A copy of a store at an address such as "s3://models/digits".

    Attributes:
        folder: where the copy lies.
        problem: why the last look failed, in a sentence; empty if it did not.
    """

    def __init__(self, address: str) -> None:
        """Begin with an empty copy. Keys come from the environment, as for any tool of that storage."""
        self._address = address
        self._files, self._root = fsspec.core.url_to_fs(address)
        self._aside = tempfile.TemporaryDirectory(
            prefix="course-store-",
            ignore_cleanup_errors=True,  # a copy may be under way
        )
        self.folder = pathlib.Path(self._aside.name) / "store"
        self.folder.mkdir()
        self._known: dict[str, dict[str, object]] = {}
        self.problem = ""

    def refresh(self) -> set[int]:
        """Copy what is new and drop what is gone; which versions came, also once more, is returned.

        A store that cannot be reached, or not to its end, leaves the last whole copy of each version.
        """
        came: set[int] = set()
        try:
            self._files.invalidate_cache()
            there = self._listing()
            for name in self._known.keys() - there.keys():
                self._drop(name)
            # The versions first: a record must not name one that is not here yet.
            for name in sorted(there, key=lambda name: name in RECORDS):
                if self._known.get(name) != there[name]:
                    self._fetch(name, there[name])
                    self._known[name] = there[name]
                    came |= {int(name)} if name.isdecimal() else set()
            self.problem = ""
        except Exception as error:  # each kind of storage has errors of its own
            reason = errors.one_line(error)
            self.problem = f"The store {self._address} cannot be read. {reason}"
        return came

    def close(self) -> None:
        """Remove the copy."""
        self._aside.cleanup()

    def _listing(self) -> dict[str, dict[str, object]]:
        """Each version and each record with its files: their sizes, and what tells an old from a new."""
        found: dict[str, dict[str, object]] = {}
        for path, facts in self._files.find(self._root, detail=True).items():
            inside = path.removeprefix(self._root).lstrip("/")
            first = inside.partition("/")[0]
            if ".." in pathlib.PureWindowsPath(inside).parts:  # both kinds of slash
                continue  # a key is any text, and the copy stays in its folder
            if inside in RECORDS or (first.isdecimal() and "/" in inside):
                changed = [str(facts.get(key)) for key in ("ETag", "LastModified", "mtime", "created")]
                found.setdefault(first, {})[inside] = (facts.get("size"), *changed)
        return found

    def _fetch(self, name: str, files: dict[str, object]) -> None:
        staging = pathlib.Path(self._aside.name) / "coming"
        shutil.rmtree(staging, ignore_errors=True)
        for inside in files:
            target = staging / inside
            target.parent.mkdir(parents=True, exist_ok=True)
            self._files.get_file(f"{self._root}/{inside}", str(target))
        if name.isdecimal():
            shutil.rmtree(self.folder / name, ignore_errors=True)
        os.replace(staging / name, self.folder / name)

    def _drop(self, name: str) -> None:
        if name.isdecimal():
            shutil.rmtree(self.folder / name, ignore_errors=True)
        else:
            (self.folder / name).unlink(missing_ok=True)
        del self._known[name]


def of(store: str | os.PathLike) -> Here | Mirror:
    """The folder of a path, or a copy of what is at an address with "://"."""
    return Mirror(store) if isinstance(store, str) and "://" in store else Here(store)
