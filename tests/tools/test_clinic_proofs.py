"""Every proof of the clinic holds, and the error it raised leads back to its entry, however it is pasted."""

import functools
import inspect
import pathlib
import re
import tempfile
import textwrap
import traceback

from helpers.core import backend
from helpers.tools import versions
from helpers.tools.clinic import asking, entries, matching, proofs
from helpers.tools.clinic.proofs import caught
from helpers.tools.serving import watcher
import IPython.core.ultratb
import pytest

from tests.tools import test_clinic

ENTRIES = entries.load()
SHOWN = [identifier for identifier, entry in ENTRIES.items() if entry.shown]
# Where the loud surprises of the course's claims are shown: some are among the errors people meet in public.
SURPRISES = {
    "a compiled .h5 does not train after a load": "P15",
    "load and call in one expression": "P36",
    "TFSMLayer with Adam": "L01",
    "a .keras file with a TFSMLayer in it": "L02",
    "load_model of a folder that is missing": "P01",
    "an .h5 file renamed .keras, and half a .keras file": "P24",
    "the word mse in an .h5 file": "P06",
    "GRU, DepthwiseConv2D of Keras 2": "P05",
    "ThresholdedReLU and functions of TensorFlow, of Keras 2": "L04",
    "Adam and loss objects of Keras 2": "L03",
    "a constructor without **kwargs": "L05",
}


@functools.cache
def case(identifier: str) -> caught.Case:
    """What the proof of an entry saw; run once for all tests."""
    backend.first_operation()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        return proofs.run(identifier, pathlib.Path(folder))


@pytest.mark.parametrize("identifier", SHOWN)
def test_the_proof_holds(identifier):
    seen = case(identifier)
    assert len(seen.cured) >= 15
    assert bool(seen.errors) != bool(seen.measured), "errors, or a line on what was measured"
    if ENTRIES[identifier].state == "mended":
        assert not seen.errors
    for error in seen.errors:
        assert error.text.startswith("Traceback (most recent call last):") and error.text.count("\n") >= 3


@pytest.mark.parametrize(("surprise", "identifier"), SURPRISES.items())
def test_every_loud_surprise_is_live(surprise, identifier):
    assert ENTRIES[identifier].state == "live"
    assert case(identifier).errors


NOISE = "\n".join(f"Epoch {n}/100 45/45 - loss: 0.{n:04} - saved to run/{n}, load next" for n in range(200))
OTHER = """Traceback (most recent call last):
  File "pandas/core/indexes/base.py", line 3805, in get_loc
    return self._engine.get_loc(casted_key)
KeyError: 'age'
"""


def _names(text: str) -> str:
    """Other names for the classes and functions of the proofs, and for the layers Keras has named."""
    for old, new in {
        "Folded": "MultiHeadSelfAttentionBlock",
        "Times": "GCNConv",
        "Bent": "ResidualBlock",
        "far": "focal_loss",
        "dense": "classifier_head",
        "sequential": "efficientnet_v2",
        "exported": "model_2024",
        "half": "best",
    }.items():
        text = re.sub(rf"(?<![A-Za-z]){old}(?=[\W_\d])", new, text)
    return text


MANGLED = {
    "as it is": lambda text: text,
    "other paths": lambda text: re.sub(r'File "[^"]*/', 'File "/home/jane/my envs/tf/lib/', text),
    "paths of Windows": lambda text: re.sub(
        r'File "([^"]*)"', lambda found: f'File "C:\\Users\\Zoë{found[1]}"'.replace("/", "\\"), text
    ).replace("\n", "\r\n"),
    "other names": _names,
    "other shapes": lambda text: re.sub(r"\((?:None|\d+)(?:, \d+)*,?\)", "(None, 224, 224, 3)", text),
    "another error before": lambda text: (
        f"{OTHER}\nDuring handling of the above exception, another exception occurred:\n\n{text}"
    ),
    "another error after": lambda text: (
        f"{text}\nThe above exception was the direct cause of the following exception:\n\n"
        'Traceback (most recent call last):\n  File "main.py", line 3, in <module>\n    main()\n'
        "RuntimeError: the job failed\n"
    ),
    "200 lines before": lambda text: f"{NOISE}\n{text}",
    "quoted in a mail": lambda text: textwrap.indent(text, "> ", lambda line: True),
    "broken at 80 characters": lambda text: "\n".join(
        line[start : start + 80] for line in text.splitlines() for start in range(0, max(len(line), 1), 80)
    ),
    "no backticks": lambda text: text.replace("`", ""),
    "as bytes": lambda text: text.encode("utf-16"),
    "with escapes of HTML": lambda text: text.replace("'", "&#39;").replace("<", "&lt;"),
    "in a log": lambda text: "\n".join(f"worker-0 | {line}" for line in text.splitlines()),
}


def _first_ones(text: str | bytes) -> list[str]:
    """The entry that comes first, and those that its words do not tell apart from it."""
    matches, _ = matching.find(text)
    return [match.entry.identifier for match in matching.shared_with(matches) or matches[:1]]


def _message(error: caught.Caught) -> str:
    """The message of an error without the traceback above it."""
    return "".join(traceback.format_exception_only(error.exception))


@pytest.mark.parametrize("way", MANGLED)
@pytest.mark.parametrize("identifier", SHOWN)
def test_a_real_error_leads_to_its_entry(identifier, way):
    for error in case(identifier).errors:
        assert identifier in _first_ones(MANGLED[way](error.text)), error.text[-600:]


# What stands in the message alone is met elsewhere too; the traceback around it tells.
ONLY_WITH_TRACEBACK = {"C07", "C10"}


@pytest.mark.parametrize("identifier", [one for one in SHOWN if one not in ONLY_WITH_TRACEBACK])
def test_the_message_alone_leads_to_its_entry(identifier):
    for error in case(identifier).errors:
        assert identifier in _first_ones(_message(error)), _message(error)


@pytest.mark.parametrize("identifier", SHOWN)
def test_no_message_is_certain_of_another_cause(identifier):
    for error in case(identifier).errors:
        matches, _ = matching.find(_message(error))
        certain = {match.entry.identifier for match in matches if match.kind == matching.CERTAIN}
        assert certain <= {identifier} | test_clinic.CASES.get(identifier, set()), _message(error)


@pytest.mark.parametrize("identifier", sorted(ONLY_WITH_TRACEBACK))
def test_a_message_that_others_have_too_is_not_certain(identifier):
    for error in case(identifier).errors:
        matches, _ = matching.find(_message(error))
        assert all(match.kind != matching.CERTAIN for match in matches)


@pytest.mark.parametrize("identifier", SHOWN)
def test_the_first_line_alone_leads_there_or_to_no_cause(identifier):
    for error in case(identifier).errors:
        first = _message(error).splitlines()[0]
        assert not (found := _first_ones(first)) or identifier in found, first


@pytest.mark.parametrize("identifier", SHOWN)
def test_the_last_line_alone_never_leads_elsewhere(identifier):
    for error in case(identifier).errors:
        last = error.text.strip().splitlines()[-1]
        assert not (found := _first_ones(last)) or identifier in found, last


@pytest.mark.parametrize("mode", ["Context", "Plain", "Verbose", "Minimal"])
@pytest.mark.parametrize("identifier", SHOWN)
def test_what_a_notebook_shows_leads_to_the_entry(identifier, mode):
    printer = IPython.core.ultratb.FormattedTB(mode=mode, theme_name="linux")
    for error in case(identifier).errors:
        shown = printer.text(type(error.exception), error.exception, error.exception.__traceback__)
        assert "\x1b[" in shown or mode == "Minimal"
        if mode != "Minimal" or identifier not in ONLY_WITH_TRACEBACK:
            assert identifier in _first_ones(shown), shown[-800:]
        assert asking.ask(re.sub("\x1b", "", shown)).found == asking.ask(shown).found


MUTATIONS = {
    "P05": ("custom_objects={kind.__name__: kind}, compile=False", "compile=False"),
    "P06": ('"old.h5", compile=False', '"old.h5"'),
    "P09": ('keras.models.load_model("loss.keras", compile=False)', 'keras.models.load_model("loss.keras")'),
    "P10": ("_round_trip(Times)", "_round_trip(Forgetful)"),
    "P12": ("_round_trip(Built())", "_round_trip(Half())"),
    "P14": ("ready.optimizer.build(ready.trainable_variables)", "pass"),
    "P15": ("loaded.compile(", "dict("),
    "P19": ("    built(caught.BATCH)\n", ""),
    "P20": ("restart(initial_value_threshold=best)", "restart()"),
    "P24": ('(folder / "half.keras").write_bytes(content)', "pass"),
    "P36": (
        'artefact = tensorflow.saved_model.load("exported")',
        'artefact = keras.models.load_model("exported")',
    ),
    "L02": (", safe_mode=False)", ")"),
    "L05": ('"Times": Open', '"Times": Times'),
    "S03": ('key=lambda path: path.name == "saved_model.pb")', "key=str)[:1]"),
    "M01": ("references.append(0.7 * rows[:300])", "pass"),
    "M02": ('{"accuracy": share(candidate, features)}', '{"accuracy": share(candidate, harder)}'),
}
UNCURED = (AssertionError, ValueError, TypeError, UnboundLocalError)


@pytest.mark.parametrize("identifier", MUTATIONS)
def test_a_proof_without_its_cure_fails(identifier, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    proof = proofs.find(identifier)
    source = inspect.getsource(proof)
    old, new = MUTATIONS[identifier]
    assert old in source
    names = dict(inspect.getmodule(proof).__dict__)
    exec(source.replace(old, new), names)
    with caught.quiet(), pytest.raises((*UNCURED, versions.Refused, watcher.NothingReady)):
        names[identifier.lower()](tmp_path)


def test_an_error_that_does_not_come_fails_the_proof():
    with pytest.raises(AssertionError, match="no ValueError was raised"), caught.error(ValueError):
        pass
