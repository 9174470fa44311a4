"""Whatever is done to a saved model, or written in its place: an answer or a sentence, and nothing worse.

Damage of more than one bit is chosen near the beginning of a file as often as anywhere, because structure
lies there and numbers fill the rest.
"""

import pathlib
import shutil
import tracemalloc

from helpers.tools import anatomy
import hypothesis
from hypothesis import strategies
import pytest

from tests.suite import kinds
from tests.tools import anatomy_shelf

# The run with plain kernels, which `.ci/run` adds, is the one that looks long.
EXAMPLES = 12 if kinds.FORKED else 60
SETTINGS = hypothesis.settings(max_examples=EXAMPLES, deadline=None, derandomize=True, database=None)
FEW = hypothesis.settings(SETTINGS, max_examples=EXAMPLES // 3)
MOST_MEMORY = 32 * 2**20  # bytes that Python may take for an artefact of some 130,000
CHECKED = {
    "keras": ("trained.keras", ""),
    "checkpoint index": ("kept", "ckpt-1.index"),
    "checkpoint data": ("kept", "ckpt-1.data-00000-of-00001"),
    "export index": ("exported", "variables/variables.index"),
    "export data": ("exported", "variables/variables.data-00000-of-00001"),
}
UNCHECKED = {
    "export graph": ("exported", "saved_model.pb"),
    "graph of several": ("several", "saved_model.pb"),
    "graph with optimizer": ("saved", "saved_model.pb"),
}
HDF5 = {"h5": ("trained.h5", ""), "weights": ("trained.weights.h5", "")}
BEGINNINGS = (
    b"",
    b"PK\x03\x04",
    b"\x89HDF\r\n\x1a\n",
    b"\x80\x04",
    b"(",
    b"\x93NUMPY",
    b"\x08\x07",
    b"\n\x10",
    b"<html",
)

changes = strategies.lists(
    strategies.tuples(
        strategies.floats(0, 1, exclude_max=True) | strategies.floats(0, 0.02),
        strategies.integers(1, 255),
        strategies.sampled_from([1, 1, 1, 2, 8]),
    ),
    min_size=1,
    max_size=6,
)


@pytest.fixture(scope="module")
def shelf(tmp_path_factory) -> pathlib.Path:
    folder = tmp_path_factory.mktemp("shelf")
    anatomy_shelf.fill(folder)
    for name in anatomy_shelf.ALL:  # what is imported on the way is no memory of the artefact
        anatomy.read(folder / name)
    return folder


class Bench:
    """One copy of an artefact, of which one file is written anew for each example."""

    def __init__(self, shelf: pathlib.Path, folder: pathlib.Path, name: str, part: str) -> None:
        self.root, self.before = folder / name, anatomy.read(shelf / name).rows
        if (shelf / name).is_dir():
            shutil.copytree(shelf / name, self.root, dirs_exist_ok=True)
        else:
            shutil.copyfile(shelf / name, self.root)
        self.file = self.root / part if part else self.root
        self.content = self.file.read_bytes()

    def rows(self, content: bytes) -> tuple | None:
        """What anatomy finds with this content, None for a sentence; everything else fails the test."""
        self.file.write_bytes(content)
        try:
            return anatomy.read(self.root).rows
        except anatomy.Unreadable as reason:
            said = str(reason)
            assert said.endswith(".") and len(said) < 1200, said
            assert anatomy.UNFORESEEN not in said
            assert str(self.root.parent) not in said
            said.encode()
            return None

    def memory(self, content: bytes) -> int:
        """The most bytes that Python takes while this content is read."""
        tracemalloc.start()
        self.rows(content)
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most


def changed(content: bytes, places: list[tuple[float, int, int]]) -> bytes:
    """Bytes with some of them changed: (where, from 0 to 1, what to add, how many in a row)."""
    result = bytearray(content)
    for where, added, width in places:
        start = int(where * len(result))
        for place in range(start, min(start + width, len(result))):
            result[place] = (result[place] + added) % 256
    return bytes(result)


@pytest.mark.parametrize("case", CHECKED)
def test_a_flipped_bit_is_told_or_changes_no_finding(shelf, tmp_path_factory, case):
    bench = Bench(shelf, tmp_path_factory.mktemp("bench"), *CHECKED[case])

    @SETTINGS
    @hypothesis.given(strategies.integers(0, 8 * len(bench.content) - 1))
    def check(bit: int) -> None:
        content = bytearray(bench.content)
        content[bit // 8] ^= 1 << bit % 8
        assert bench.rows(bytes(content)) in (None, bench.before)

    check()


@pytest.mark.parametrize("case", CHECKED)
def test_more_damage_is_told_or_changes_no_finding(shelf, tmp_path_factory, case):
    bench = Bench(shelf, tmp_path_factory.mktemp("bench"), *CHECKED[case])

    @SETTINGS
    @hypothesis.given(changes)
    def check(places: list[tuple[float, int, int]]) -> None:
        assert bench.rows(changed(bench.content, places)) in (None, bench.before)

    check()


@pytest.mark.parametrize("case", UNCHECKED)
def test_a_damaged_graph_is_a_finding_or_a_sentence(shelf, tmp_path_factory, case):
    bench = Bench(shelf, tmp_path_factory.mktemp("bench"), *UNCHECKED[case])

    @SETTINGS
    @hypothesis.given(changes)
    def check(places: list[tuple[float, int, int]]) -> None:
        rows = bench.rows(changed(bench.content, places))
        assert rows is None or [aspect for aspect, _ in rows] == list(anatomy.ASPECTS)
        assert all(len(line) <= 100 for line in anatomy.table(bench.root).split("\n"))

    check()


@pytest.mark.parametrize("case", ["keras", "checkpoint index", "export graph"])
def test_damage_takes_no_memory_beyond_reason(shelf, tmp_path_factory, case):
    bench = Bench(shelf, tmp_path_factory.mktemp("bench"), *{**CHECKED, **UNCHECKED}[case])

    @FEW
    @hypothesis.given(changes)
    def check(places: list[tuple[float, int, int]]) -> None:
        assert bench.memory(changed(bench.content, places)) < MOST_MEMORY

    check()


@pytest.mark.parametrize("case", HDF5)
def test_a_damaged_hdf5_file_is_a_finding_or_a_sentence(shelf, tmp_path_factory, case):
    bench = Bench(shelf, tmp_path_factory.mktemp("bench"), *HDF5[case])

    @SETTINGS
    @hypothesis.given(changes)
    def check(places: list[tuple[float, int, int]]) -> None:
        rows = bench.rows(changed(bench.content, places))
        assert rows is None or [aspect for aspect, _ in rows] == list(anatomy.ASPECTS)

    check()


@pytest.mark.parametrize("case", {**CHECKED, **HDF5})
def test_a_file_cut_short_is_always_told(shelf, tmp_path_factory, case):
    bench = Bench(shelf, tmp_path_factory.mktemp("bench"), *{**CHECKED, **HDF5}[case])

    @SETTINGS
    @hypothesis.given(strategies.integers(0, len(bench.content) - 1))
    def check(length: int) -> None:
        assert bench.rows(bench.content[:length]) is None

    check()


@pytest.mark.parametrize("case", UNCHECKED)
def test_a_graph_cut_short_is_a_finding_or_a_sentence(shelf, tmp_path_factory, case):
    bench = Bench(shelf, tmp_path_factory.mktemp("bench"), *UNCHECKED[case])

    @FEW
    @hypothesis.given(strategies.integers(0, len(bench.content) - 1))
    def check(length: int) -> None:
        bench.rows(bench.content[:length])

    check()


@pytest.mark.parametrize("name", ["model.keras", "model.h5", "model", "model.index", "checkpoint"])
def test_any_bytes_under_any_name_are_told(tmp_path_factory, name):
    path = tmp_path_factory.mktemp("any") / name

    @SETTINGS
    @hypothesis.given(strategies.sampled_from(BEGINNINGS), strategies.binary(max_size=200))
    @hypothesis.example(b"\x89HDF\r\n\x1a\n", b"")
    def check(beginning: bytes, rest: bytes) -> None:
        path.write_bytes(beginning + rest)
        with pytest.raises(anatomy.Unreadable) as refused:
            anatomy.read(path)
        assert anatomy.UNFORESEEN not in str(refused.value) and f"'{name}'" in str(refused.value)

    check()


@SETTINGS
@hypothesis.given(
    strategies.text(max_size=40) | strategies.binary(max_size=40) | strategies.none() | strategies.integers()
)
def test_any_path_at_all_gets_an_answer(path):
    answer = anatomy.table(path)
    assert answer and anatomy.UNFORESEEN not in answer
