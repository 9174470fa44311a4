"""Judges of the exercises of lesson 10. What ran leaves a small file where it was loaded."""

import collections.abc
import contextlib
import errno
import hashlib
import pathlib
import shutil
import tempfile
import unittest.mock

from helpers.core import files
from helpers.lessons import judgement
from helpers.lessons.lesson_10 import strange_files
import tensorflow

_WHEN = {
    "ada.keras": "nothing found",
    "ben.keras": "refused by default",
    "cleo": "when loaded",
    "dan": "when called",
}
_FILE_ERRORS = (errno.EISDIR, errno.EACCES)  # what Linux and Windows say of a folder that is read as a file
_Pins = dict[str, str]


def task_1(verdict: object) -> judgement.Verdict:
    """What happens at a load with defaults and at a call, for each of four files; found without a load."""
    if not isinstance(verdict, dict):
        return judgement.Verdict("no-dictionary", {"seen": judgement.kind(verdict)})
    if unfilled := [name for name in _WHEN if verdict.get(name) in (None, ...)]:
        return judgement.Verdict("unfilled", {"seen": ", ".join(unfilled)})
    if strange_files.MARKER.exists():
        return judgement.Verdict("loaded", {"seen": strange_files.MARKER.name})
    wrong = [name for name, when in _WHEN.items() if verdict[name] != when]
    if not wrong:
        return judgement.CORRECT
    facts = {"right": 4 - len(wrong), "name": wrong[0], "seen": verdict[wrong[0]]}
    if facts["seen"] not in _WHEN.values():
        return judgement.Verdict("unknown", facts)
    return judgement.Verdict("trusting" if facts["seen"] == "nothing found" else "other", facts)


def task_2(load_pinned: object) -> judgement.Verdict:
    """A function that loads a folder with exactly the pinned files, and refuses any other before it loads."""
    if not callable(load_pinned) or isinstance(load_pinned, type):
        return judgement.Verdict("no-function", {"seen": judgement.kind(load_pinned)})
    with tempfile.TemporaryDirectory() as place, contextlib.chdir(place):
        strange_files.harmless("good")
        _add_assets(pathlib.Path("good"))
        pins = _pins(pathlib.Path("good"))
        try:
            loaded = load_pinned("good", dict(pins))
        except Exception as error:  # what a learner's function raises may be anything
            of_folder = isinstance(error, OSError) and error.errno in _FILE_ERRORS
            return judgement.Verdict(
                "reads-folder" if of_folder else "refuses-all", {"seen": judgement.kind(error)}
            )
        if loaded is None:
            return judgement.Verdict("no-return")
        if not _answers(loaded):
            return judgement.Verdict("other-model", {"seen": judgement.kind(loaded)})
        for mistake, change in _CHANGES.items():
            shutil.rmtree("other", ignore_errors=True)
            shutil.copytree("good", "other")
            change(pathlib.Path("other"))
            if (said := _refusal(load_pinned, pins)) is None or said == "silent":
                return judgement.Verdict(said or mistake)
            if strange_files.MARKER.exists():
                return judgement.Verdict("late")
            if said != "ValueError":
                return judgement.Verdict("other-error", {"seen": said})
        strange_files.MARKER.unlink(missing_ok=True)
        if _loads_what_was_swapped(load_pinned, pins):
            return judgement.Verdict("replaced")
    return judgement.CORRECT


def task_3(tried: object) -> judgement.Verdict:
    """What a file wrote, found and was refused, as a report of the sandbox says it."""
    if not isinstance(tried, dict):
        return judgement.Verdict("no-dictionary", {"seen": judgement.kind(tried)})
    given = {part: tried.get(part) for part in ("file", "content", "refused")}
    if unfilled := [part for part, value in given.items() if value is None or value is ...]:
        return judgement.Verdict("unfilled", {"seen": ", ".join(unfilled)})
    said = {part: str(value).lower() for part, value in given.items()}
    if pathlib.Path(strange_files.FOUND).exists() or "eyes only" in said["content"]:
        return judgement.Verdict("at-home", {"seen": strange_files.FOUND})
    if strange_files.FOUND not in said["file"]:
        return judgement.Verdict("file", {"seen": given["file"]})
    if "nothing" not in said["content"]:
        return judgement.Verdict("content", {"seen": given["content"]})
    if not any(word in said["refused"] for word in ("net", "connect", "socket")):
        return judgement.Verdict("refused", {"seen": given["refused"]})
    return judgement.CORRECT


def _answers(loaded: object) -> bool:
    """Whether it doubles its input, as the harmless model does."""
    try:
        return float(loaded.serve(tensorflow.ones([1, 64]))[0, 0]) == 2.0
    except Exception:  # whatever a learner's function returned
        return False


def _refusal(load_pinned: collections.abc.Callable[..., object], pins: _Pins) -> str | None:
    """The class it raises for a changed folder; "silent" if it returns None, None if it loads."""
    try:
        return "silent" if load_pinned("other", dict(pins)) is None else None
    except ValueError:
        return "ValueError"
    except Exception as error:
        return judgement.kind(error)


def _loads_what_was_swapped(load_pinned: collections.abc.Callable[..., object], pins: _Pins) -> bool:
    """Whether it loads another model, put into the folder's place at the moment when the load begins."""
    real = tensorflow.saved_model.load

    def load(*arguments: object, **options: object) -> object:
        if pathlib.Path("good").exists():
            _other_graph(pathlib.Path("good"))
        return real(*arguments, **options)

    with unittest.mock.patch.object(tensorflow.saved_model, "load", load), contextlib.suppress(Exception):
        load_pinned("good", dict(pins))
    return strange_files.MARKER.exists()


def _pins(folder: pathlib.Path) -> _Pins:
    return {
        name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in files.inside(folder).items()
    }


def _other_numbers(folder: pathlib.Path) -> None:
    """Put the numbers of another model in, whose checksums agree and whose sizes are the same."""
    strange_files.harmless("numbers", scale=3.0)
    shutil.rmtree(folder / "variables")
    shutil.move("numbers/variables", folder / "variables")


def _other_graph(folder: pathlib.Path) -> None:
    """Put a SavedModel in its place that writes a file when it is loaded."""
    shutil.rmtree(folder)
    strange_files.on_load(str(folder))
    _add_assets(folder)


def _add_assets(folder: pathlib.Path) -> None:
    """Put two files beside the model that TensorFlow can do without."""
    (folder / "assets").mkdir(exist_ok=True)
    for name in ("zero.txt", "one.txt"):
        (folder / "assets" / name).write_text(name, encoding="utf-8")


def _swapped(folder: pathlib.Path) -> None:
    """Exchange the two: the same hashes, under other paths."""
    for name, other in (("zero.txt", "one.txt"), ("one.txt", "zero.txt")):
        (folder / "assets" / name).write_text(other, encoding="utf-8")


def _one_more(folder: pathlib.Path) -> None:
    (folder / "assets" / "more.txt").write_text("one more", encoding="utf-8")


def _one_less(folder: pathlib.Path) -> None:
    """Take a file away that TensorFlow can do without."""
    (folder / "fingerprint.pb").unlink()


# The mistake of a function that loads the changed folder, and how it is changed.
_CHANGES: dict[str, collections.abc.Callable[[pathlib.Path], None]] = {
    "graph": _other_graph,
    "numbers": _other_numbers,
    "swapped": _swapped,
    "more": _one_more,
    "less": _one_less,
}
