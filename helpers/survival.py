"""What survives a save and a load: examine what came back in this process, and note it for the table.

The findings are small JSON files in the current folder, because each format is loaded in a process of
its own. `golden.npz` there holds a batch with its answers, and the state of the optimizer.
"""

import collections.abc
import json
import pathlib
import re
import shutil

from helpers import digits
import keras
import numpy

ASPECTS = [
    "same answers",
    "layers come back",
    "optimizer comes back",
    "loss and metrics come back",
    "fit goes on",
    "loads without the code",
    "custom class not needed",
    "a damaged bit is noticed",
]
FORMATS = ["whole.keras", "bare.keras", "legacy.h5", "exported", "weights.h5", "checkpoint"]
_NOTES = pathlib.Path("survival")


def remember(model: keras.Model) -> None:
    """Write the golden batch of a compiled model and the state of its optimizer."""
    batch = digits.load().test_features[:32]
    state = {
        f"optimizer_{number:02}": variable.numpy()
        for number, variable in enumerate(model.optimizer.variables)
    }
    numpy.savez("golden.npz", batch=batch, answers=model.predict(batch, verbose=0), **state)


def record(name: str, loaded: object, code: bool = False) -> None:
    """Examine what was loaded, a Keras model or an artefact with `serve`, and note and print the findings.

    `code` says that the model was built by code before its weights were loaded.
    """
    found = {
        "same answers": same_answers(loaded),
        "layers come back": bool(getattr(loaded, "layers", [])) and not code,
    }
    found["optimizer comes back"] = same_optimizer(loaded)
    found["loss and metrics come back"] = bool(getattr(loaded, "loss", None)) and not code
    refused = why_not_fit(loaded)
    found["fit goes on"] = not refused
    found["loads without the code"] = not code
    note(name, found)
    print(f"{name:<13}", ", ".join(aspect for aspect, holds in found.items() if holds))
    if refused:
        print(" " * 13, "fit:", refused)


def note(name: str, found: dict[str, bool]) -> None:
    """Add findings to those of one format."""
    _NOTES.mkdir(exist_ok=True)
    path = _NOTES / f"{name}.json"
    before = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    path.write_text(json.dumps(before | found), encoding="utf-8")


def findings() -> dict[str, dict[str, bool]]:
    """All findings, format by format."""
    notes = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in _NOTES.glob("*.json")}
    return {name: notes[name] for name in FORMATS if name in notes}


def same_answers(loaded: object) -> bool:
    """Whether it answers the golden batch as stored, to 1e-6."""
    golden = numpy.load("golden.npz")
    predict = loaded.serve if hasattr(loaded, "serve") else lambda rows: loaded.predict(rows, verbose=0)
    return bool(numpy.allclose(predict(golden["batch"]), golden["answers"], atol=1e-6))


def same_optimizer(loaded: object) -> bool:
    """Whether every array of the optimizer, its step count among them, is equal to the stored one."""
    golden = numpy.load("golden.npz")
    saved = [golden[name] for name in golden.files if name.startswith("optimizer_")]
    found = [variable.numpy() for variable in getattr(getattr(loaded, "optimizer", None), "variables", [])]
    return len(found) == len(saved) and all(map(numpy.array_equal, found, saved))


def why_not_fit(loaded: object) -> str:
    """Let `fit` run as it is, for one step: the error's class and first words, nothing if there was none."""
    data = digits.load()
    try:
        loaded.fit(data.train_features[:32], data.train_labels[:32], verbose=0)
    except (AttributeError, ValueError) as error:
        return f"{type(error).__name__} - {re.split('[:.] ?', str(error))[0]}"
    return ""


def damaged_copy(name: str, weight: numpy.ndarray) -> None:
    """Copy a file or folder to `damaged/` and flip one bit of one weight there.

    Raises:
        ValueError: no file holds the array as plain numbers.
    """
    source, copy = pathlib.Path(name), pathlib.Path("damaged", name)
    copy.parent.mkdir(exist_ok=True)
    (shutil.copytree if source.is_dir() else shutil.copyfile)(source, copy)
    plain = numpy.ascontiguousarray(weight).tobytes()
    for path in sorted(copy.rglob("*")) if source.is_dir() else [copy]:
        content = bytearray(path.read_bytes()) if path.is_file() else b""
        start = content.find(plain)
        if start >= 0:
            # The high bit of an exponent, in the middle of the array: one number explodes.
            content[start + 4 * (weight.size // 2) + 3] ^= 0b0100_0000
            path.write_bytes(content)
            return
    raise ValueError(f"{name} does not hold the array as plain numbers, so there is no bit to flip.")


def notices(path: str, load: collections.abc.Callable[[str], object]) -> None:
    """Load the damaged copy, and note and print whether anything was raised."""
    name = {"only.weights.h5": "weights.h5", "checkpoint/state": "checkpoint"}.get(path, path)
    try:
        load(f"damaged/{path}")
        noticed = False
    except Exception:  # which error it is depends on the version of Python
        noticed = True
    note(name, {"a damaged bit is noticed": noticed})
    print(f"{name:<13}", "noticed" if noticed else "loaded without a word")


def as_text(table: dict[str, dict[str, bool]]) -> str:
    """The table as lines: an aspect with yes or no for each format."""
    lines = [" " * 28 + "".join(f"{name:>13}" for name in table)]
    for aspect in ASPECTS:
        lines.append(
            f"{aspect:<28}"
            + "".join(f"{'yes' if found.get(aspect) else 'no':>13}" for found in table.values())
        )
    return "\n".join(lines)
