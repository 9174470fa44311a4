"""Whatever is given to the version store, it raises nothing but its own errors, and it keeps its books."""

import contextlib
import hashlib
import json
import os
import pathlib
import shutil
import tempfile

from helpers.tools import versions
from helpers.tools.versions import sidecar
import hypothesis
from hypothesis import stateful, strategies
import numpy
import pytest

SETTINGS = hypothesis.settings(max_examples=100, deadline=None, derandomize=True, database=None)
QUICK = hypothesis.settings(SETTINGS, max_examples=400)

# No separators and no dots: a text can be a path, and these tests stay in their own folder.
hostile = strategies.sampled_from(["current", "\0", "\ud800", "x" * 300, "file", "folder", "", "é\udc80"])
texts = hostile | strategies.text(
    strategies.characters(codec=None, exclude_characters='./\\:~*?"<>|', exclude_categories=()), max_size=8
)
scalars = (
    strategies.none()
    | strategies.booleans()
    | strategies.integers()
    | strategies.integers(-2, 4)
    | strategies.floats()
    | strategies.complex_numbers()
    | texts
    | strategies.binary(max_size=8)
    | strategies.builds(object)
    | strategies.sampled_from(
        [numpy.float32(0.5), numpy.int8(1), numpy.bool_(True), numpy.nan, numpy.datetime64("2026-01-01")]
    )
    | strategies.sampled_from([numpy, Ellipsis, pathlib.Path("folder"), pathlib.Path("file")])
    | strategies.sampled_from([numpy.zeros((2, 0)), numpy.arange(3), numpy.array([None]), numpy.array("a")])
)
anything = strategies.recursive(
    scalars,
    lambda inner: (
        strategies.lists(inner, max_size=3)
        | strategies.tuples(inner, inner)
        | strategies.dictionaries(texts | strategies.integers(), inner, max_size=3)
    ),
    max_leaves=5,
)
json_like = strategies.recursive(
    strategies.none()
    | strategies.booleans()
    | strategies.integers()
    | strategies.floats()
    | strategies.text(),
    lambda inner: strategies.lists(inner, max_size=3) | strategies.dictionaries(strategies.text(), inner),
    max_leaves=6,
)


@pytest.fixture(scope="module", autouse=True)
def place():
    """One folder for all examples, and no waiting for the disk or for git."""
    with (
        tempfile.TemporaryDirectory() as folder,
        contextlib.chdir(folder),
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.setattr(os, "fsync", lambda handle: None)
        patch.setattr(sidecar, "_git", lambda *command: None)
        pathlib.Path("file").write_bytes(b"a file")
        pathlib.Path("folder").mkdir()
        for accuracy in (0.5, 0.6, 0.7):
            publish(metrics={"accuracy": accuracy})
        versions.promote("store", 1)
        versions.promote("store", 2)
        shutil.copytree("store", "spare")
        yield


def publish(store="store", **facts):
    with versions.publish(store, **facts) as draft:
        (draft.folder / "model.bin").write_bytes(b"weights")
        (draft.folder / "model.keras").write_bytes(b"no model")
    return draft.number


def only_own_errors(function, *given, **named):
    with contextlib.suppress(versions.VersionsError):
        function(*given, **named)


@QUICK
@hypothesis.given(strategies.data())
def test_publish_raises_only_its_own_errors(data):
    names = ["name", "metrics", "data", "code", "golden", "tolerance", "imports", "notes"]
    chosen = data.draw(strategies.sets(strategies.sampled_from(names), max_size=2))
    only_own_errors(publish, "odd", **{name: data.draw(anything, label=name) for name in chosen})


@QUICK
@hypothesis.given(anything, anything)
def test_golden_pairs_raise_only_their_own_errors(batch, answers):
    only_own_errors(publish, "odd", golden=(batch, answers))


@QUICK
@hypothesis.given(anything)
def test_odd_stores_raise_only_their_own_errors(store):
    # Each example has a folder of its own: an empty text is the current folder, as it is for pathlib, and
    # what one example publishes there the next would find.
    with tempfile.TemporaryDirectory(dir=".") as folder, contextlib.chdir(folder):
        for function in (versions.listing, versions.current, versions.history, versions.path):
            only_own_errors(function, store)
        for function in (versions.side_car, versions.check, versions.roll_back, versions.sweep):
            only_own_errors(function, store)
        only_own_errors(versions.promote, store, 1)
        only_own_errors(versions.keep, store, 1)
        assert {*os.listdir()} <= {".lock"}
        only_own_errors(publish, store)


@QUICK
@hypothesis.given(anything, anything, anything, anything, anything, anything)
def test_odd_arguments_raise_only_their_own_errors(number, metric, tolerance, higher, margin, floor):
    for function in (versions.path, versions.side_car, versions.check, versions.promote):
        only_own_errors(function, "store", number)
    only_own_errors(versions.promote, "store", 1, metric, tolerance, higher)
    only_own_errors(versions.promote, "store", 3, "accuracy", tolerance, higher)
    only_own_errors(versions.promote, "store", 3, "accuracy", 0, True, None, margin, floor)
    only_own_errors(versions.sweep, "store", number)
    # 3 versions are there, and fewer would be removed.
    if not (isinstance(number, int | numpy.integer) and number < 3):
        only_own_errors(versions.keep, "store", number)


def everything(store):
    """Call each function on a store that may be damaged."""
    for function in (versions.listing, versions.current, versions.history, versions.path, versions.check):
        only_own_errors(function, store)
    for number in (1, 2, 3):
        only_own_errors(versions.check, store, number)
        only_own_errors(versions.promote, store, number, "accuracy")
    for function in (versions.roll_back, versions.sweep, publish):
        only_own_errors(function, store)
    only_own_errors(versions.keep, store, 1)


@contextlib.contextmanager
def damaged():
    shutil.copytree("spare", "damaged")
    try:
        yield pathlib.Path("damaged")
    finally:
        shutil.rmtree("damaged")


def as_json(content):
    return json.dumps(content).encode()


@SETTINGS
@hypothesis.given(strategies.binary() | json_like.map(as_json), strategies.data())
def test_any_record_raises_only_our_own_errors(content, data):
    with damaged() as store:
        record = json.loads((store / "current.json").read_bytes())
        if data.draw(strategies.booleans(), label="a record with one odd field"):
            name = data.draw(strategies.sampled_from(["number", "when", "before", "action"]))
            record["history"][data.draw(strategies.integers(0, 1))][name] = data.draw(json_like)
            content = as_json(record)
        (store / "current.json").write_bytes(content)
        everything(store)


@SETTINGS
@hypothesis.given(strategies.binary() | json_like.map(as_json), strategies.data())
def test_any_side_car_raises_only_our_own_errors(content, data):
    with damaged() as store:
        version = store / "2"
        facts = json.loads((version / "version.json").read_bytes())
        if data.draw(strategies.booleans(), label="a side-car with one odd field"):
            place = data.draw(strategies.sampled_from([facts, facts["metrics"], *facts["files"].values()]))
            place[data.draw(strategies.sampled_from(sorted(place)))] = data.draw(json_like)
            content = as_json(facts)
        (version / "version.json").write_bytes(content)
        if data.draw(strategies.booleans(), label="sealed again"):
            seal = f"{hashlib.sha256(content).hexdigest()}  version.json\n"
            (version / "version.json.sha256").write_bytes(seal.encode())
        everything(store)


class Books(stateful.RuleBasedStateMachine):
    """A store beside a plain model of it: versions with their accuracy, and the line of promotions."""

    def __init__(self):
        super().__init__()
        self.store = tempfile.mkdtemp(dir=".")
        self.accuracy = {}  # of each version that is there
        self.intact = {}  # whether it still is what was published
        self.line = []  # of promotions that were not rolled back
        self.promoted = set()  # ever
        self.rolled_back_from = set()  # since the last promotion
        self.left = set()  # by killed processes

    def teardown(self):
        shutil.rmtree(self.store)

    def back(self):
        """The version a roll-back goes to, or None."""
        others = [number for number in self.line if number in self.accuracy and number != self.line[-1]]
        return others[-1] if others else None

    def best(self, candidate):
        """The highest accuracy of the versions that led to the current one and can be read."""
        return max(
            self.accuracy[number] for number in self.line if number != candidate and number in self.accuracy
        )

    @stateful.rule(accuracy=strategies.integers(0, 5), name=strategies.none() | strategies.integers(1, 40))
    def publish(self, accuracy, name):
        number = publish(self.store, name=name, metrics={"accuracy": accuracy})
        assert number == max([name or 1, *(taken + 1 for taken in {*self.accuracy, *self.promoted})])
        self.accuracy[number], self.intact[number] = accuracy, True

    @stateful.rule()
    def publish_and_fail(self):
        with pytest.raises(ZeroDivisionError), versions.publish(self.store):
            _ = 1 / 0

    @stateful.rule(
        data=strategies.data(), compared=strategies.booleans(), tolerance=strategies.integers(0, 2)
    )
    def promote(self, data, compared, tolerance):
        number = data.draw(strategies.sampled_from([*self.accuracy, 77]), label="number")
        current = self.line[-1] if self.line else None
        passes = self.intact.get(number, False)
        if passes and compared and current not in (None, number):
            passes = self.intact.get(current) is not None and (
                self.accuracy[number] >= self.best(number) - tolerance
            )
        options = {"metric": "accuracy", "tolerance": tolerance} if compared else {}
        if not passes:
            with pytest.raises(versions.VersionsError):
                versions.promote(self.store, number, **options)
            return
        versions.promote(self.store, number, **options)
        if number != current:
            self.line.append(number)
            self.promoted.add(number)
            self.rolled_back_from = set()

    @stateful.rule()
    def roll_back(self):
        number = self.back()
        if number is None or not self.intact[number]:
            with pytest.raises(versions.VersionsError):
                versions.roll_back(self.store)
            return
        assert versions.roll_back(self.store) == number
        self.rolled_back_from.add(self.line.pop())
        while self.line[-1] != number:
            self.line.pop()

    @stateful.rule(count=strategies.integers(1, 4))
    def keep(self, count):
        stay = {*sorted(self.accuracy)[-count:], self.back(), *self.line[-1:], *self.rolled_back_from}
        assert versions.keep(self.store, count) == sorted(self.accuracy.keys() - stay)
        self.accuracy = {number: self.accuracy[number] for number in self.accuracy.keys() & stay}

    @stateful.precondition(lambda self: self.intact)
    @stateful.rule(data=strategies.data())
    def damage(self, data):
        present = sorted(self.accuracy)
        number = data.draw(strategies.sampled_from(present), label="number")
        pathlib.Path(self.store, str(number), "model.bin").write_bytes(b"Weights")
        self.intact[number] = False

    @stateful.precondition(lambda self: self.line and self.line[-1] in self.accuracy)
    @stateful.rule()
    def remove_the_current_one_by_hand(self):
        shutil.rmtree(pathlib.Path(self.store, str(self.line[-1])))
        del self.accuracy[self.line[-1]], self.intact[self.line[-1]]

    @stateful.rule(mark=strategies.integers(0, 3))
    def a_process_is_killed(self, mark):
        from helpers.tools.versions import publication

        for name in (
            f".staging-{publication._host()}-{9_999_999_990 + mark}-1-{'0' * 8}",
            f".removed-{mark}",
        ):
            pathlib.Path(self.store, name, "variables").mkdir(parents=True, exist_ok=True)
            self.left.add(name)

    @stateful.rule()
    def sweep(self):
        assert set(versions.sweep(self.store)) == self.left
        self.left.clear()

    @stateful.invariant()
    def the_books_agree(self):
        assert versions.current(self.store) == (self.line[-1] if self.line else None)
        rows = versions.listing(self.store)
        assert {row.number: row.metrics["accuracy"] for row in rows} == self.accuracy
        assert [row.number for row in rows] == sorted(self.accuracy)
        for row in rows:
            expected = "promoted before" if row.number in self.promoted else "never promoted"
            assert row.status == ("current" if self.line[-1:] == [row.number] else expected)
        ours = {".lock", "current.json"}
        assert set(os.listdir(self.store)) - ours == {*map(str, self.accuracy), *self.left}


TestBooks = Books.TestCase
TestBooks.settings = hypothesis.settings(SETTINGS, max_examples=60, stateful_step_count=30)
