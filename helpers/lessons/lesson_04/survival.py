"""What survives a save and a load: examine what came back in this process, and note it for the table.

The findings are small JSON files in the current folder, because each format is loaded in a process of
its own. No import here may lead to `helpers.models`: it registers a class, and the lesson asks whether a file
loads without that class. `golden.npz` holds a batch with its answers, and the state of the optimizer.
"""

import collections.abc
import json
import pathlib
import re
import textwrap

from helpers import digits
import keras
import numpy

ASPECTS = [
    "same answers",
    "layers come back",
    "optimizer comes back",
    "loss and metrics come back",
    "fit works",
    "loads without the code",
    "custom class not needed",
    "a flipped bit in a weight is noticed",
]
FORMATS = ["whole.keras", "bare.keras", "legacy.h5", "exported", "only.weights.h5", "checkpoint"]
IF_BUILT = "if built first"
GOLDEN, WITNESS = "golden.npz", "lonely.npz"  # of the page's model, and of the one that only left weights
_NOTES = pathlib.Path("survival")


def remember(model: keras.Model, golden: str = GOLDEN) -> None:
    """Write the golden batch of a compiled model, its weights and the state of its optimizer."""
    batch = digits.load().test_features[:32]
    state = {
        f"optimizer_{number:02}": variable.numpy()
        for number, variable in enumerate(model.optimizer.variables)
    }
    state |= {f"weight_{number:02}": value for number, value in enumerate(model.get_weights())}
    numpy.savez(golden, batch=batch, answers=model.predict(batch, verbose=0), **state)


def record(name: str, loaded: object, code: bool = False, built: bool = False) -> None:
    """Examine what was loaded, a Keras model or an artefact with `serve`, and note and print the findings.

    `code` says that the model was built by code before its weights were loaded, and `built` that its
    optimizer was built before them too. What comes back then, and did not without it, is `IF_BUILT`.
    """
    before = _noted(name).get("optimizer comes back", True)
    found = {
        "same answers": same_answers(loaded),
        "layers come back": bool(getattr(loaded, "layers", [])) and not code,
    }
    found["optimizer comes back"] = same_optimizer(loaded)
    found["loss and metrics come back"] = bool(getattr(loaded, "loss", None)) and not code
    refused = why_not_fit(loaded)
    found["fit works"] = not refused
    found["loads without the code"] = not code
    if built and found["optimizer comes back"] and not before:
        found["optimizer comes back"] = IF_BUILT
    note(name, found)
    label = name + (", optimizer built" if built else "")
    print(f"{label}:", textwrap.fill(", ".join(aspect for aspect, holds in found.items() if holds), 88 - 4))
    if refused:
        print("    fit:", refused)


def note(name: str, found: dict[str, bool | str]) -> None:
    """Add findings to those of one format."""
    _NOTES.mkdir(exist_ok=True)
    (_NOTES / f"{name}.json").write_text(json.dumps(_noted(name) | found), encoding="utf-8")


def _noted(name: str) -> dict[str, bool | str]:
    path = _NOTES / f"{name}.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def findings() -> dict[str, dict[str, bool | str]]:
    """All findings, format by format."""
    notes = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in _NOTES.glob("*.json")}
    return {name: notes[name] for name in FORMATS if name in notes}


def same_answers(loaded: object) -> bool:
    """Whether it answers the golden batch as stored, to 1e-6."""
    golden = numpy.load(GOLDEN)
    predict = loaded.serve if hasattr(loaded, "serve") else lambda rows: loaded.predict(rows, verbose=0)
    return bool(numpy.allclose(predict(golden["batch"]), golden["answers"], atol=1e-6))


def same_optimizer(loaded: object, witness: str = GOLDEN) -> bool:
    """Whether every array of the optimizer, its step count among them, is equal to the stored one.

    An optimizer that has not been built yet is built first, as the first step of a training would do: a
    checkpoint hands it its arrays only then.
    """
    golden = numpy.load(witness)
    saved = [golden[name] for name in golden.files if name.startswith("optimizer_")]
    optimizer = getattr(loaded, "optimizer", None)
    if isinstance(optimizer, keras.optimizers.Optimizer):
        optimizer.build(loaded.trainable_variables)
    found = [variable.numpy() for variable in getattr(optimizer, "variables", [])]
    return len(found) == len(saved) and all(map(numpy.array_equal, found, saved))


def why_not_fit(loaded: object) -> str:
    """Let `fit` run as it is, for one step: the error's class and first words, nothing if there was none."""
    data = digits.load()
    try:
        loaded.fit(data.train_features[:32], data.train_labels[:32], verbose=0)
    except (AttributeError, ValueError) as error:
        return f"{type(error).__name__} - {re.split('[:.] ?', str(error))[0]}"
    return ""


def notices(path: str, load: collections.abc.Callable[[str], object]) -> None:
    """Load the damaged copy, and note and print whether anything was raised."""
    name = path.removesuffix("/state")
    try:
        load(f"damaged/{path}")
        noticed = False
    except Exception:  # which error it is depends on the version of Python
        noticed = True
    note(name, {"a flipped bit in a weight is noticed": noticed})
    print(f"{name:<15}", "noticed" if noticed else "loaded, no error")


def in_words(table: dict[str, dict[str, bool | str]]) -> str:
    """The table as sentences, for a figure's alternative text: what each format says no to, or "if"."""
    sentences = []
    for name, found in table.items():
        lost = [aspect for aspect in ASPECTS if not found.get(aspect)]
        conditions = [f"{aspect} {value}" for aspect, value in found.items() if isinstance(value, str)]
        sentences.append(f"{name}: yes, but no to {', '.join(lost) or 'nothing'}")
        sentences[-1] += "".join(f"; {condition}" for condition in conditions)
    return ". ".join(sentences) + "."
