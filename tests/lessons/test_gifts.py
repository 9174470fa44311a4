"""The stranger's files of lesson 10 do what they say, and no more; what was seen is noted as it was."""

import pathlib

from helpers import figures
from helpers.lessons.lesson_10 import strange_files
from helpers.tools import anatomy
import keras
import matplotlib.pyplot as pyplot
from packaging import specifiers
import pytest
import tensorflow


@pytest.fixture(autouse=True)
def _here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(strange_files, "_notes", {})


def _code(path: str) -> str:
    return anatomy.read(path).finding("code it would run")


def test_a_plain_file_does_nothing():
    strange_files.plain("ada.keras")
    assert _code("ada.keras") == "none"
    keras.models.load_model("ada.keras").predict(tensorflow.ones([1, 64]), verbose=0)
    assert [entry.name for entry in pathlib.Path().iterdir()] == ["ada.keras"]


def test_a_file_with_bytecode_runs_only_when_allowed():
    strange_files.bytecode("ben.keras")
    assert "load_model refuses it unless safe_mode=False" in _code("ben.keras")
    assert not strange_files.MARKER.exists(), "making it leaves no trace"
    with pytest.raises(ValueError, match="Requested the deserialization of a `Lambda`"):
        keras.models.load_model("ben.keras")
    assert not strange_files.MARKER.exists()
    keras.models.load_model("ben.keras", safe_mode=False)
    assert strange_files.MARKER.exists()


def test_a_curious_file_writes_what_it_finds(monkeypatch):
    strange_files.curious("surprise.keras")
    assert [entry.name for entry in pathlib.Path().iterdir()] == ["surprise.keras"]
    for value, found in (("a token", "a token"), (None, "nothing")):
        monkeypatch.setenv("API_TOKEN", value) if value else monkeypatch.delenv("API_TOKEN")
        keras.models.load_model("surprise.keras", safe_mode=False)
        assert pathlib.Path(strange_files.FOUND).read_text(encoding="utf-8") == found


@pytest.mark.parametrize(
    ("make", "code", "loaded", "called"),
    [
        (strange_files.on_load, "WriteFile: writes files on load", True, False),
        (strange_files.on_call, "WriteFile: writes files on call", False, True),
        (strange_files.harmless, "none: its operations only compute", False, False),
    ],
)
def test_a_graph_writes_at_its_moment(make, code, loaded, called, capsys):
    make("gift")
    assert _code("gift") == code
    strange_files.note("gift", "runs when made")
    artefact = tensorflow.saved_model.load("gift")
    strange_files.note("gift", "runs when loaded")
    artefact.serve(tensorflow.ones([1, 64]))
    strange_files.note("gift", "runs when called")
    assert strange_files.table() == {
        "gift": {"runs when made": False, "runs when loaded": loaded, "runs when called": called}
    }
    assert capsys.readouterr().out.splitlines()[-1] == f"gift, runs when called: {called}"


def test_a_gift_may_be_sent_again():
    strange_files.harmless("gift")
    strange_files.harmless("gift", scale=3.0)
    artefact = tensorflow.saved_model.load("gift")
    assert float(artefact.serve(tensorflow.ones([1, 64]))[0, 0]) == 3.0


def test_the_drawing_says_what_was_noted(capsys):
    strange_files.add("a", "runs when loaded", True)
    strange_files.add("b", "refused", True)
    strange_files.add("b", "runs when loaded", False)
    shown = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            strange_files.figures,
            "marks",
            lambda table, rows, alt, dangers: shown.append((table, rows, alt, dangers)),
        )
        strange_files.draw({"first\nfile": "a", "second": "b"})
        with pytest.raises(KeyError):
            strange_files.draw({"third": "c"})
    ((table, rows, alt, dangers),) = shown
    assert table == {
        "first\nfile": {"refused": False, "runs when loaded": True, "runs when called": None},
        "second": {"refused": True, "runs when loaded": False, "runs when called": None},
    }
    assert rows == strange_files.ROWS and dangers == rows[1:]
    assert alt == (
        "What is noted of each file. first file: runs when loaded (not tried: runs when called); "
        "second: refused (not tried: runs when called)."
    )


def test_what_was_not_tried_is_drawn_as_a_dash(monkeypatch):
    signs = []
    monkeypatch.setattr(
        figures, "show", lambda figure, alt: signs.extend(text.get_text() for text in figure.axes[0].texts)
    )
    figures.marks({"a": {"x": True, "y": False, "z": None}}, ["x", "y", "z", "missing"], alt="words")
    pyplot.close("all")
    assert signs == ["yes", "no", "–", "no"]


def test_blue_is_good_in_a_row_of_dangers_too(monkeypatch):
    colors = []
    monkeypatch.setattr(
        figures,
        "show",
        lambda figure, alt: colors.extend(patch.get_facecolor() for patch in figure.axes[0].patches),
    )
    figures.marks({"a": {"refused": True, "runs": False}}, ["refused", "runs"], alt="words", dangers=["runs"])
    figures.marks({"a": {"refused": False, "runs": True}}, ["refused", "runs"], alt="words", dangers=["runs"])
    pyplot.close("all")
    assert colors[0] == colors[1] != colors[2] == colors[3]


def _touched(versions: str) -> tuple[str, str]:
    """The lowest and the highest release a range touches, among those there may be."""
    known = [f"2.{minor}.0" for minor in range(20)]
    known += [f"3.{minor}.{patch}" for minor in range(20) for patch in range(4)]
    inside = list(specifiers.SpecifierSet(versions).filter(known))
    return inside[0], inside[-1]


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("CVE-2024-3660", "2.0.0", "2.12.0"),
        ("CVE-2025-1550", "3.0.0", "3.8.3"),
        ("CVE-2025-8747", "3.0.0", "3.10.3"),
        ("CVE-2025-9905", "3.0.0", "3.11.2"),
        ("CVE-2025-49655", "3.11.0", "3.11.2"),
        ("CVE-2026-0897", "3.0.0", "3.13.0"),
        ("CVE-2026-1669", "3.0.0", "3.13.1"),
        ("CVE-2026-12480", "2.0.0", "3.13.3"),
        ("CVE-2026-12479", "3.14.0", "3.14.0"),
    ],
)
def test_the_ranges_touch_the_versions_that_are_named(name, first, last):
    assert _touched(strange_files.AFFECTED[name]) == (first, last)
