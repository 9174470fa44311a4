"""Attacks on the running service of a store: it refuses each with a sentence, and answers everybody else."""

import collections
import collections.abc
import concurrent.futures
import contextlib
import itertools
import os
import pathlib
import shutil
import socket
import threading

from helpers.tools import versions
from helpers.tools.serving import local_server
import httpx
import keras
import numpy
import pytest

from tests.suite import patience

PATH = "/v1/models/adder:predict"
HEAD = f"POST {PATH} HTTP/1.1\r\nhost: here\r\n".encode()
ROW = [1.0, 2.0, 3.0, 4.0]
SECONDS, MOST = 3, 40
SERVICE = f"""
from helpers.tools import serving
from helpers.tools.serving import connections

connections.SECONDS, connections.MOST = {SECONDS}, {MOST}
application = serving.application("adder", "store", seconds=0.05)
"""
# A machine may be so busy that a request waits for seconds; this service answers it late and refuses none.
PATIENT = f"""
from helpers.tools import serving
from helpers.tools.serving import door

bounds = door.Limits(patience={patience.SECONDS})
application = serving.application("adder", "store", bounds, seconds=0.05)
"""


def _publish(store: pathlib.Path, factor: float) -> int:
    model = keras.Sequential([keras.Input((4,), name="numbers"), keras.layers.Dense(1)])
    model.set_weights([numpy.full((4, 1), factor), numpy.zeros(1)])
    with versions.publish(store) as draft:
        model.export(draft.folder, verbose=False)
    return draft.number


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> collections.abc.Iterator[pathlib.Path]:
    """The folder in which the service runs; its store has the versions 1 and 2, the first promoted."""
    folder, before = tmp_path_factory.mktemp("attacks"), os.getcwd()
    for factor in (1, 2):
        _publish(folder / "store", factor)
    versions.promote(folder / "store", 1)
    (folder / "attacked_service.py").write_text(SERVICE, encoding="utf-8")
    os.chdir(folder)
    yield folder
    os.chdir(before)


@pytest.fixture(scope="module")
def address(folder) -> collections.abc.Iterator[str]:
    running = local_server.Server("attacked_service")
    yield running.address
    running.stop()


@pytest.fixture
def patient(folder) -> collections.abc.Iterator[str]:
    """The address of a second service of the same store, which waits where the first one refuses."""
    (folder / "patient_service.py").write_text(PATIENT, encoding="utf-8")
    running = local_server.Server("patient_service")
    yield running.address
    running.stop()


@pytest.fixture(autouse=True)
def others_are_answered(address) -> collections.abc.Iterator[None]:
    """After every attack the service answers as before, and has noted no fault."""
    yield
    assert patience.until(lambda: _answered(address))
    assert not local_server.logs()


def _answered(address: str) -> bool:
    """Whether a decent client is answered; its connection may be the one that has to go for a crowd."""
    with contextlib.suppress(httpx.TransportError):
        reply = httpx.post(
            address + PATH, json={"instances": [ROW]}, timeout=patience.SECONDS, trust_env=False
        )
        return (reply.status_code, reply.json()) == (200, {"predictions": [[10.0]]})
    return False


def _connect(address: str, sent: bytes = b"") -> socket.socket:
    host, _, port = address.removeprefix("http://").partition(":")
    found = socket.create_connection((host, int(port)), timeout=patience.SECONDS)
    found.sendall(sent)
    return found


def _rest(connection: socket.socket) -> bytes:
    """What comes until the service closes."""
    text = b""
    with connection, contextlib.suppress(ConnectionResetError):
        while part := connection.recv(65536):
            text += part
    return text


@pytest.mark.parametrize(
    ("begin", "piece"),
    [
        (b"", b""),
        (HEAD, b"x"),
        (HEAD + b"x-slow: ", b"y"),
        (HEAD + b"content-length: 900000\r\n\r\n", b" "),
        (HEAD + b"transfer-encoding: chunked\r\n\r\n", b"1\r\n \r\n"),
    ],
    ids=["nothing", "a name", "a head", "a body", "chunks"],
)
def test_a_slow_crowd_is_sent_away_and_the_others_are_answered_meanwhile(address, begin, piece):
    crowd, ended = [_connect(address, begin) for _ in range(MOST // 2)], threading.Event()

    def drip() -> None:
        while piece and not ended.wait(0.1):
            for one in crowd:
                with contextlib.suppress(OSError):
                    one.sendall(piece)

    with concurrent.futures.ThreadPoolExecutor() as pool:
        dripping = pool.submit(drip)
        try:
            assert patience.until(lambda: _answered(address))
            # Who sends on after the refusal may lose its text, and never the end of the connection.
            said = {_rest(one)[:12] for one in crowd}
        finally:
            ended.set()
        dripping.result()
    assert said <= {b"HTTP/1.1 408", b""} and (piece or said == {b"HTTP/1.1 408"})


@pytest.mark.parametrize("chunked", [False, True], ids=["length", "chunked"])
def test_an_endless_body_is_cut_off(address, chunked):
    piece = b" " * 50_000
    begin = b"transfer-encoding: chunked\r\n\r\n" if chunked else b"content-length: 999999999999\r\n\r\n"
    pieces = itertools.repeat(b"%x\r\n%s\r\n" % (len(piece), piece) if chunked else piece)
    with _connect(address, HEAD + begin) as connection, pytest.raises(ConnectionError):
        collections.deque(map(connection.sendall, pieces), maxlen=0)


def test_a_body_a_byte_too_long_hears_why(address):
    reply = httpx.post(address + PATH, content=b" " * 1_000_001, timeout=patience.SECONDS, trust_env=False)
    assert (reply.status_code, list(reply.json())) == (413, ["error"])


def test_a_body_of_a_hundred_thousand_pieces_is_one_body(address):
    body = b'{"instances": [[1, 2, 3, 4]]}'.ljust(100_000)
    sent = b"".join(b"1\r\n%c\r\n" % one for one in body) + b"0\r\n\r\n"
    with _connect(address, HEAD + b"connection: close\r\ntransfer-encoding: chunked\r\n\r\n") as connection:
        threading.Thread(target=connection.sendall, args=[sent], daemon=True).start()
        assert b'{"predictions":[[10.0]]}' in _rest(connection)


_GOOD = '"instances": [[1, 2, 3, 4]]'


@pytest.mark.parametrize(
    "body",
    [
        "[" * 400_000,
        '{"a":' * 150_000,
        '{"instances": ' + "[" * 5_000 + "1" + "]" * 5_000 + "}",
        *(
            f'{{"instances": [[{one}, 2, 3, 4]]}}'
            for one in ("NaN", "Infinity", "-Infinity", "1e400", "-1e39")
        ),
        '{"instances": [[' + "9" * 100_000 + ", 2, 3, 4]]}",
        *(f'{{"instances": [[{one}, 2, 3, 4]]}}' for one in ('"1"', "true", "null", "{}", '{"b64": "AAAA"}')),
        f"{{{_GOOD}, " + _GOOD.replace("instances", "inputs") + "}",
        *(
            f'{{{_GOOD}, "signature_name": {one}}}'
            for one in ('"other"', "7", "0", "[]", "null", "false", '"\\ud800"', '"' + "x" * 10**5 + '"')
        ),
        '{"Instances": [[1, 2, 3, 4]]}',
        '{"instances": {"numbers": [1, 2, 3, 4]}}',
        '{"instances": [{"numbers": [1, 2, 3, 4], "more": 1}]}',
        '{"inputs": {"numbers": [[1, 2, 3, 4]], "more": [[1]]}}',
        '{"inputs": {"numbers": [[1, 2, 3]]}}',
        f'{{"instances": [{", ".join(["[1, 2, 3, 4]"] * 1001)}]}}',
        b"\x1f\x8b\x08\x00",
        b"\xff\xfe\x00",
        b"\x00" * 1000,
    ],
    ids=lambda body: str(body[:40]),
)
def test_a_hostile_body_gets_the_one_form_of_an_error(address, body):
    reply = httpx.post(address + PATH, content=body, timeout=patience.SECONDS, trust_env=False)
    assert reply.status_code in {400, 422}, reply.text
    assert list(reply.json()) == ["error"] and reply.json()["error"].endswith(".")
    assert len(reply.text) < 1000


def test_a_version_that_is_swapped_and_removed_while_requests_run_loses_none(patient, folder):
    """Number 3 is published, promoted, exchanged for another model by a rename, rolled back and removed."""
    store, replies, done = folder / "store", [], threading.Event()

    def ask() -> None:
        with httpx.Client(base_url=patient, timeout=patience.SECONDS, trust_env=False) as client:
            while not done.is_set():
                replies.append(client.post(PATH, json={"instances": [ROW]}))

    def until_answered_by(number: int) -> None:
        seen = len(replies)
        assert patience.until(
            lambda: str(number) in {reply.headers.get("x-model-version") for reply in replies[seen:]}
        )

    def known() -> dict[str, str]:
        rows = httpx.get(patient + "/v1/models/adder", trust_env=False).json()["model_version_status"]
        return {row["version"]: row["state"] for row in rows}

    with concurrent.futures.ThreadPoolExecutor() as pool:
        asking = [pool.submit(ask) for _ in range(3)]
        try:
            assert _publish(store, 3) == 3
            assert patience.until(lambda: known().get("3") == "AVAILABLE")
            versions.promote(store, 3)
            until_answered_by(3)
            _publish(folder / "aside", 7)
            (store / "3").rename(folder / "before")
            (folder / "aside" / "1").rename(store / "3")
            until_answered_by(3)
            versions.roll_back(store)
            until_answered_by(1)
            shutil.rmtree(store / "3")
            assert patience.until(lambda: "3" not in known())
            until_answered_by(1)
        finally:
            done.set()
        for one in asking:
            one.result()
    assert {reply.status_code for reply in replies} == {200}
    answers = {(reply.headers["x-model-version"], reply.json()["predictions"][0][0]) for reply in replies}
    assert answers <= {("1", 10.0), ("3", 30.0), ("3", 70.0)}
