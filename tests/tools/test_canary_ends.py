"""A canary ends itself for what it fails and the promoted version answers; for nothing that a client does."""

import contextlib
import pathlib

from fastapi import testclient
from helpers.tools import serving, versions
from helpers.tools.serving import canary, loading
from helpers.tools.versions import disk
import pytest
import tensorflow

from tests.suite import patience

PREDICT = "/v1/models/adder:predict"
ROW = [1.0, 2.0, 3.0, 4.0]
TRIED = canary.Canary(2, 0.5)
INSIDE = [f"user-{n}" for n in range(100) if TRIED.turn(f"user-{n}")]
OUTSIDE = [f"user-{n}" for n in range(100) if not TRIED.turn(f"user-{n}")]


def _sum(numbers):
    return {"sum": tensorflow.reduce_sum(numbers, axis=1)}


def _root(numbers):
    return {"root": tensorflow.sqrt(-tensorflow.reduce_sum(numbers, axis=1))}


def _asserts(numbers):
    with tensorflow.control_dependencies([tensorflow.debugging.assert_less(numbers, 1.0)]):
        return _sum(numbers)


def _looks_up(numbers):
    """Answers places from 0 to 4 and no others."""
    return {
        "sum": tensorflow.reduce_sum(
            tensorflow.gather(tensorflow.ones(5), tensorflow.cast(numbers, "int32")), 1
        )
    }


def _export(folder: pathlib.Path, answer, width: int = 4) -> None:
    module = tensorflow.Module()
    module.weight = tensorflow.Variable(1.0)  # else there is no variables.index
    specification = tensorflow.TensorSpec([None, width], name="numbers")
    module.answer = tensorflow.function(answer, input_signature=[specification])
    tensorflow.saved_model.save(module, str(folder), signatures=module.answer)


@contextlib.contextmanager
def _tried(store: pathlib.Path, first, second, width: int = 4):
    """A service whose promoted version 1 answers by `first`; half of the users meet version 2."""
    for answer, takes in ((first, 4), (second, width)):
        with versions.publish(store) as draft:
            _export(draft.folder, answer, takes)
    versions.promote(store, 1)
    serving.start_canary(store, 2, TRIED.share)
    with testclient.TestClient(serving.application("adder", store, seconds=0.05)) as client:
        yield client


def _ask(client: testclient.TestClient, user: str, row: object = ROW) -> int:
    return client.post(PREDICT, json={"instances": [row]}, headers={"X-User": user}).status_code


@pytest.mark.parametrize(
    ("second", "width", "status"),
    [(_root, 4, 500), (_asserts, 4, 400), (_sum, 3, 400)],
    ids=["not finite", "refuses the values", "takes another width"],
)
def test_a_canary_that_does_not_answer_what_the_promoted_one_does_ends_itself(
    tmp_path, caplog, second, width, status
):
    with _tried(tmp_path / "store", _sum, second, width) as client:
        assert {_ask(client, user) for user in OUTSIDE} == {200}
        seen = [_ask(client, user) for user in INSIDE]
    failed = seen.count(status)
    assert 1 < failed < 12 and seen == [status] * failed + [200] * (len(seen) - failed)
    assert patience.until(lambda: canary.read(tmp_path / "store") is None)
    assert "its canary ends" in caplog.text


def test_a_canary_that_raises_ends_itself_and_the_log_says_where(tmp_path, caplog, monkeypatch):
    ask = loading.Loaded.ask

    def raises(self, *arguments):
        if self.number == TRIED.version:
            raise RuntimeError("no such device")
        return ask(self, *arguments)

    with _tried(tmp_path / "store", _sum, _sum) as client:
        monkeypatch.setattr(loading.Loaded, "ask", raises)
        assert {_ask(client, user) for user in OUTSIDE} == {200}
        seen = [_ask(client, user) for user in INSIDE]
    assert 1 < seen.count(500) < 12 and set(seen[12:]) == {200}
    assert patience.until(lambda: canary.read(tmp_path / "store") is None)
    assert "RuntimeError: no such device" in caplog.text


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"",
        b'{"instances": [[1, 2, 3]]}',
        b'{"instances": [["1", 2, 3, 4]]}',
        b'{"instances": [[NaN, 2, 3, 4]]}',
        b'{"instances": [[1, 2, 3, 4]], "signature_name": "other"}',
        b'{"instances": [[1, 2, 3, 9]]}',  # the model of both versions refuses it
        b'{"instances": [' + b"[1, 2, 3, 4]," * 1001 + b"[1, 2, 3, 4]]}",
        b" " * 1_000_001,
    ],
    ids=["no JSON", "nothing", "width", "kind", "NaN", "signature", "value", "rows", "length"],
)
def test_users_who_send_what_nobody_can_answer_end_no_canary(tmp_path, shelf, body):
    with testclient.TestClient(serving.application("adder", shelf, seconds=0.05)) as client:
        assert {_ask(client, user) for user in OUTSIDE} == {200}
        for user in INSIDE:
            reply = client.post(PREDICT, content=body, headers={"X-User": user})
            assert 400 <= reply.status_code < 500
        assert canary.read(shelf) == TRIED
        assert (
            client.post(PREDICT, json={"instances": [ROW]}, headers={"X-User": INSIDE[0]}).headers[
                "x-model-version"
            ]
            == "2"
        )


@pytest.fixture(scope="module")
def shelf(tmp_path_factory) -> pathlib.Path:
    """A store with two equal versions, one of them a canary; no test changes it."""
    store = tmp_path_factory.mktemp("canary") / "store"
    with _tried(store, _looks_up, _looks_up):
        return store


def test_where_the_store_cannot_be_written_it_ends_in_this_process(tmp_path, caplog, monkeypatch):
    def unlink(self, missing_ok=False):
        raise PermissionError(13, "Permission denied", str(self))

    with _tried(tmp_path / "store", _sum, _root) as client:
        monkeypatch.setattr(pathlib.Path, "unlink", unlink)
        assert {_ask(client, user) for user in OUTSIDE} == {200}
        seen = [_ask(client, user) for user in INSIDE]
        keeper = client.app.state.keeper
        begun = keeper.looks
        assert patience.until(lambda: keeper.looks >= begun + 2)
        assert set(seen[12:]) == {200} == {_ask(client, user) for user in INSIDE}
        assert patience.until(lambda: "It has ended in this process all the same." in caplog.text)
        with pytest.raises(versions.VersionsError, match="Ending the canary did not work: Permission denied"):
            serving.end_canary(tmp_path / "store")
        monkeypatch.undo()
    assert canary.read(tmp_path / "store") == TRIED


def test_no_answer_waits_for_whoever_holds_the_lock(tmp_path, caplog):
    """A promotion holds the store while it checks: the canary ends here at once, and its file afterwards."""
    store = tmp_path / "store"
    with _tried(store, _sum, _root) as client, disk.held(store):
        assert {_ask(client, user) for user in OUTSIDE} == {200}
        seen = [_ask(client, user) for user in INSIDE]
        assert set(seen[12:]) == {200} and "its canary ends" in caplog.text
        assert canary.read(store) == TRIED, "who holds the lock finds what was there"
    assert patience.until(lambda: canary.read(store) is None)
