"""Saving so that a crash loses nothing: aside, flushed to the disk, then put in place by one rename.

Lesson 09 writes this module in two of its cells; a test compares them.
"""

import os
import pathlib
import tempfile

from helpers.lessons.lesson_09.ways import plain
import keras


def save(model: keras.Model, path: pathlib.Path, kind: str) -> None:
    """Save a file aside and put it in the old one's place, or a folder aside and give it the next number."""
    with tempfile.TemporaryDirectory(prefix=".saving-", dir=path.parent) as own:
        aside = pathlib.Path(own, path.name)
        plain.save(model, aside, kind)
        for each in [*aside.rglob("*"), aside]:
            flush(each)
        (publish if aside.is_dir() else os.replace)(aside, path)
    flush(path if path.is_dir() else path.parent)  # the new name is an entry of that folder


def flush(path: pathlib.Path) -> None:
    """Wait until a file or a folder is on the disk."""
    if path.is_file() or os.name == "posix":  # Windows opens no folders
        opened = os.open(path, os.O_RDWR if path.is_file() else os.O_RDONLY)
        os.fsync(opened)
        os.close(opened)


def publish(aside: pathlib.Path, path: pathlib.Path) -> None:
    """Give a folder the next number in another."""
    path.mkdir(exist_ok=True)
    number = newest(path) + 1
    try:
        os.rename(aside, path / str(number))
    except OSError:
        if newest(path) < number:
            raise
        publish(aside, path)  # another process took that number


def newest(path: pathlib.Path) -> int:
    """The highest number in a folder of numbered folders; 0 if there is none."""
    return max([int(folder.name) for folder in path.iterdir() if folder.name.isdecimal()], default=0)


def load(path: pathlib.Path, kind: str) -> object:
    """Load the file, or the folder with the highest number."""
    return plain.load(path / str(newest(path)) if path.is_dir() else path, kind)
