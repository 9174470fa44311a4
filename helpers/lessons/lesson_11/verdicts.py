"""What becomes of a file of another version: load it, ask it, train it for a moment, and note the verdict.

The verdicts are small JSON files in the current folder, because each format is loaded in its own process.
"""

import collections.abc
import contextlib
import io
import itertools
import json
import logging
import pathlib
import re
import typing

from helpers import (
    digits,
    figures,
)
from helpers.core import backend  # noqa: F401  (it settles how TensorFlow is imported)
from helpers.lessons.lesson_11 import capsules
import matplotlib.pyplot as pyplot
import numpy
import tensorflow

# From the best to the worst.
TRAINS_ON, TRAINS_ANEW, ANSWERS = "trains on", "trains anew", "answers"
DIFFERS, EMPTY, ERROR = "DIFFERS", "EMPTY", "error"
VERDICTS = (TRAINS_ON, TRAINS_ANEW, ANSWERS, DIFFERS, EMPTY, ERROR)
TOLERANCE = 1e-5  # another processor and another version round otherwise
_NOTES = pathlib.Path("verdicts")
_LONGEST = 72  # characters of an error


class Verdict(typing.NamedTuple):
    """One of VERDICTS, and the reason in words, which may be empty."""

    word: str
    reason: str = ""


Load = collections.abc.Callable[[str], typing.Any]


def load(name: str, how: Load, row: str = "") -> None:
    """Load one file of every capsule that has it, and print and note what became of each.

    Neighbours that fare alike share a line.

    Args:
        name: such as "digits.keras", whose part before "." or "_" is the model.
        how: gets the path, returns a model or a function from rows to answers.
        row: under which name to note it, if not under that of the file.
    """
    _each(name, row, lambda path, folder: judge(lambda: how(path), folder, _model(name)))


def load_into(
    name: str,
    build: collections.abc.Callable[[], typing.Any],
    how: collections.abc.Callable[[typing.Any, str], object],
    row: str = "",
) -> None:
    """The same for a file that needs a model built by code: `how` gets that model and the path."""
    _each(name, row, lambda path, folder: judge(lambda: _filled(build, how, path), folder, _model(name)))


class _Untouched(Exception):
    """The weights are what they were before the load, which raised nothing."""


def judge(make: collections.abc.Callable[[], typing.Any], folder: str, model: str) -> Verdict:
    """What a load brings, compared with what the model answered before it was saved."""
    golden = capsules.golden(folder, model)
    tensorflow.config.run_functions_eagerly(True)  # one step of training does not pay for a graph
    try:
        with _quiet():
            loaded = make()
            found = numpy.asarray(loaded(golden.rows))
    except _Untouched:
        return Verdict(EMPTY, "nothing raised, nothing loaded")
    except Exception as error:  # whatever a load raises is its result
        return Verdict(ERROR, said(error))
    finally:
        tensorflow.config.run_functions_eagerly(False)
    apart = float(numpy.abs(found - golden.answers).max())
    if not apart <= TOLERANCE:  # NaN is no agreement either
        return Verdict(DIFFERS, f"by up to {apart:.3f}, nothing raised")
    if not hasattr(loaded, "fit"):
        return Verdict(ANSWERS, "no layers, no fit")
    steps = capsules.info(folder)["steps"].get(model)
    return Verdict(ANSWERS, "was never compiled") if steps is None else _trained(loaded, steps)


def _trained(loaded: typing.Any, steps: int) -> Verdict:
    """Whether it trains for a moment, and from which step on."""
    data = digits.load()
    optimizer = getattr(loaded, "optimizer", None)
    begun = int(numpy.asarray(optimizer.iterations)) if optimizer is not None else 0
    tensorflow.config.run_functions_eagerly(True)
    try:
        with _quiet():
            loaded.fit(data.train_features[:32], data.train_labels[:32], verbose=0)
    except Exception as error:
        return Verdict(ANSWERS, f"fit: {said(error)}")
    finally:
        tensorflow.config.run_functions_eagerly(False)
    return (
        Verdict(TRAINS_ON, f"Adam at step {begun}")
        if begun == steps
        else Verdict(TRAINS_ANEW, f"Adam at step {begun}")
    )


def said(error: BaseException) -> str:
    """Class and first sentence of an error, cut to a line."""
    first = re.split(r"(?<=[a-z`'\")])[.:;] |\n", str(error).strip())[0]
    text = f"{type(error).__name__} - {first}"
    return text if len(text) <= _LONGEST else text[: _LONGEST - 3] + "..."


def read_notes() -> dict[str, dict[str, str]]:
    """All verdicts: for each row the word for each version."""
    return {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(_NOTES.glob("*.json"))}


def _filled(
    build: collections.abc.Callable[[], typing.Any],
    how: collections.abc.Callable[[typing.Any, str], object],
    path: str,
) -> typing.Any:
    model = build()
    before = model.get_weights()
    how(model, path)
    if all(map(numpy.array_equal, before, model.get_weights())):
        raise _Untouched
    return model


def _each(name: str, row: str, verdict: collections.abc.Callable[[str, str], Verdict]) -> None:
    found = {}
    for version in capsules.versions():
        folder = f"tf-{version}"
        if there := _path(folder, name):
            found[version] = verdict(there, folder)
    print(row or name)
    for (word, reason), group in itertools.groupby(found, key=found.get):
        alike = list(group)
        versions = alike[0] if len(alike) == 1 else f"{alike[0]} to {alike[-1]}"
        print(f"  {versions:<14}{word:<13}{reason}".rstrip())
    _NOTES.mkdir(exist_ok=True)
    words = {version: word for version, (word, _) in found.items()}
    (_NOTES / f"{row or name}.json").write_text(json.dumps(words), encoding="utf-8")


def _path(folder: str, name: str) -> str:
    """Where a capsule has the file: itself, or the checkpoint in a folder of that name; "" if it has not."""
    path = pathlib.Path(folder, name)
    if not path.exists():
        return ""
    indexes = list(path.glob("*.index")) if path.is_dir() else []
    return (indexes[0].with_suffix("") if indexes else path).as_posix()


def _model(name: str) -> str:
    return re.split("[._]", name)[0]


@contextlib.contextmanager
def _quiet() -> collections.abc.Iterator[None]:
    """Keep what libraries say of old files out of the list: the verdict says it in a word."""
    level = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            yield
    finally:
        logging.disable(level)


# The matrix of lesson 11: which format, written by which TensorFlow, became what here.


# Each verdict is a word in the cell as well as a colour. None: that version does not write this.
_LOOKS = {
    TRAINS_ON: (figures.BLUE, "white"),
    TRAINS_ANEW: ("#9FD3F0", "black"),
    ANSWERS: ("#E4F1F9", "black"),
    DIFFERS: (figures.ORANGE, "white"),
    EMPTY: ("black", "white"),
    ERROR: ("#E3E3E3", "black"),
    None: ("white", "#595959"),
}


def draw_empty(rows: collections.abc.Sequence[str]) -> None:
    """Draw the table before anything is noted: a question in each field."""
    versions = capsules.versions()
    size = f"a row for each of {len(rows)} files, a column for each of {len(versions)} versions"
    alt = f"An empty table: {size}."
    _table({name: [("?", *_LOOKS[None])] * len(versions) for name in rows}, alt)


def draw(rows: collections.abc.Sequence[str]) -> None:
    """Draw what was noted: a row for each name under which there are verdicts.

    Raises:
        KeyError: nothing was noted under a name.
    """
    noted, versions = read_notes(), capsules.versions()
    table = {name: [noted[name].get(version) for version in versions] for name in rows}
    looks = {name: [(word or "–", *_LOOKS[word]) for word in words] for name, words in table.items()}
    _table(looks, described(table, versions))


def _table(looks: dict[str, list[tuple[str, object, str]]], alt: str) -> None:
    """Draw fields with a column for each version."""
    figure, axis = pyplot.subplots(figsize=(9.6, 0.4 * len(looks) + 0.8))
    figures.fields(axis, looks, capsules.versions())
    axis.set_xlabel("written by TensorFlow")
    axis.xaxis.tick_top()
    axis.xaxis.set_label_position("top")
    figures.show(figure, alt=alt)


def described(
    table: collections.abc.Mapping[str, collections.abc.Sequence[str | None]],
    versions: collections.abc.Sequence[str],
) -> str:
    """The matrix in words: "digits.h5: answers from 2.5 to 2.21"."""
    lines = []
    for name, words in table.items():
        runs = []
        pairs = zip(words, versions, strict=True)
        for word, group in itertools.groupby(pairs, key=lambda pair: pair[0]):
            names = [version for _, version in group]
            span = f"from {names[0]} to {names[-1]}" if len(names) > 1 else f"from {names[0]}"
            runs.append(f"{word or 'not written'} {span}")
        lines.append(f"{name}: {', '.join(runs)}")
    return f"What became of each file, by the TensorFlow that wrote it. {'. '.join(lines)}."
