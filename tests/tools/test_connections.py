"""Connections of the service: bounded in number and time, and every refusal has the one form of an error."""

import asyncio
import contextlib
import json
import os
import pathlib
import signal
import socket
import subprocess
import sys
import threading

from helpers.core import scratch
from helpers.tools import serve_command
from helpers.tools.serving import connections, local_server
import httpx
import pytest

from tests.suite import patience

SERVICE = """
from helpers.tools.serving import connections, service

connections.SECONDS = {seconds}
connections.IDLE_SECONDS = {idle}
connections.MOST = {most}
application = service.application("adder", lambda rows: rows.sum(axis=1), width=2)
"""
GOOD = b'{"instances": [[1, 2]]}'
HEAD = b"POST /v1/models/adder:predict HTTP/1.1\r\nhost: here\r\n"
WHOLE = HEAD + b"content-length: %d\r\n\r\n%s" % (len(GOOD), GOOD)


@contextlib.contextmanager
def _running(folder: pathlib.Path, monkeypatch, seconds=300.0, idle=300, most=500):
    monkeypatch.chdir(folder)
    source = SERVICE.format(seconds=seconds, idle=idle, most=most)
    (folder / "bounded_service.py").write_text(source, encoding="utf-8")
    running = local_server.Server("bounded_service")
    try:
        yield running.address
    finally:
        running.stop()


def _connect(address: str, sent: bytes = b"") -> socket.socket:
    host, _, port = address.removeprefix("http://").partition(":")
    found = socket.create_connection((host, int(port)), timeout=patience.SECONDS)
    found.sendall(sent)
    return found


def _said(connection: socket.socket) -> tuple[int, dict]:
    """Status and content of what comes until the other side closes."""
    with connection:
        text = b""
        with contextlib.suppress(ConnectionResetError):
            while part := connection.recv(65536):
                text += part
    head, _, body = text.partition(b"\r\n\r\n")
    return int(head.split()[1]), json.loads(body)


@pytest.mark.parametrize("sent", [b"", b"POST /v1", HEAD, HEAD + b"content-length: 9\r\n\r\n{"])
def test_a_request_that_does_not_arrive_is_ended(tmp_path, monkeypatch, sent):
    with _running(tmp_path, monkeypatch, seconds=0.3) as address:
        status, content = _said(_connect(address, sent))
        assert (status, content["error"]) == (408, "The request did not arrive within 0.3 seconds.")


def test_a_connection_is_kept_after_an_answer_and_closed_when_it_is_idle(tmp_path, monkeypatch):
    with _running(tmp_path, monkeypatch, idle=1) as address:
        status, content = _said(_connect(address, WHOLE))
        assert (status, content) == (200, {"predictions": [3.0]})


def test_the_longest_idle_connection_goes_for_a_new_one(tmp_path, monkeypatch):
    with _running(tmp_path, monkeypatch, most=3) as address:
        idle = [_connect(address) for _ in range(3)]
        fresh = _connect(address, WHOLE)
        assert fresh.recv(12) == b"HTTP/1.1 200"
        with contextlib.suppress(ConnectionResetError):
            assert idle[0].recv(1) == b""
        idle[1].sendall(WHOLE)
        assert idle[1].recv(12) == b"HTTP/1.1 200"
        for one in [*idle, fresh]:
            one.close()


def test_a_request_begins_the_idle_time_anew(tmp_path, monkeypatch):
    with _running(tmp_path, monkeypatch, most=2) as address:
        first, second = _connect(address), _connect(address)
        for one in (
            first,
            second,
            first,
        ):  # each answer is waited for, so the service has seen them in this order
            one.sendall(WHOLE)
            text = b""
            while b'{"predictions":[3.0]}' not in text:
                text += one.recv(65536)
        fresh = _connect(address, WHOLE)
        assert fresh.recv(12) == b"HTTP/1.1 200"
        with contextlib.suppress(ConnectionResetError):
            assert second.recv(1) == b""  # it has waited longest, although the first is older
        first.sendall(WHOLE)
        assert first.recv(12) == b"HTTP/1.1 200"
        for one in (first, second, fresh):
            one.close()


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400),  # TLS
        (b"no HTTP at all\r\n\r\n", 400),
        (HEAD + b"content-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n", 400),
        (HEAD + b"content-length: x\r\n\r\n", 400),
        (HEAD + b"x: " + b"y" * 70_000, 431),
        (b"GET /" + b"y" * 70_000, 431),
    ],
)
def test_what_is_no_http_gets_the_one_form_of_an_error(tmp_path, monkeypatch, sent, status):
    with _running(tmp_path, monkeypatch) as address:
        seen, content = _said(_connect(address, sent))
        assert (seen, list(content)) == (status, ["error"])
        assert httpx.post(f"{address}/v1/models/adder:predict", content=GOOD).status_code == 200


def test_pipelined_requests_are_answered_in_turn(tmp_path, monkeypatch):
    with _running(tmp_path, monkeypatch) as address, _connect(address) as connection:
        # More than is read at once, so that a reading ends within a head.
        threading.Thread(target=connection.sendall, args=[WHOLE * 3000], daemon=True).start()
        text = b""
        while text.count(b'{"predictions":[3.0]}') < 3000:
            part = connection.recv(65536)
            assert part
            text += part


def test_the_number_of_connections_is_half_of_what_may_be_open():
    resource = pytest.importorskip("resource")
    allowed, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    assert 8 <= connections.most() <= 500
    assert allowed == resource.RLIM_INFINITY or connections.most() <= max(8, allowed // 2)


def test_each_part_of_an_answer_is_sent_at_once():
    """Otherwise the second part waits for the client's receipt of the first, 40 milliseconds a request."""
    taken = []

    class Taking(asyncio.Protocol):
        def connection_made(self, transport):
            taken.append(
                transport.get_extra_info("socket").getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
            )
            transport.close()

    async def connect() -> None:
        listener = connections.listener("127.0.0.1", 0)
        async with await asyncio.get_running_loop().create_server(Taking, sock=listener):
            reader, writer = await asyncio.open_connection(*listener.getsockname())
            assert await reader.read() == b""
            writer.close()

    asyncio.run(connect())
    assert taken == [1]


def test_a_fault_of_a_service_is_in_its_log_and_shown(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "faulty_service.py").write_text(
        "import os\nfrom helpers.tools.serving import service\n"
        "def predict(rows):\n"
        "    return os._exit(3) if rows[0, 0] == 7 else {}['nothing']\n"
        "application = service.application('adder', predict, width=2)\n",
        encoding="utf-8",
    )
    running = local_server.Server("faulty_service")
    try:
        assert httpx.post(f"{running.address}/v1/models/adder:predict", content=GOOD).status_code == 500
        assert patience.until(lambda: "KeyError: 'nothing'" in running.log)
        assert "KeyError" in local_server.logs()
        with pytest.raises(httpx.HTTPError):
            httpx.post(f"{running.address}/v1/models/adder:predict", json={"instances": [[7, 2]]})
        running._listener.join(patience.SECONDS)
        shown = capsys.readouterr().err
        assert "The service faulty_service failed:" in shown and "faulty_service ended by itself." in shown
    finally:
        running.stop()
    assert "KeyError" not in local_server.logs()


class TestCommand:
    def test_it_serves_until_a_signal_and_answers_what_is_under_way(self, tmp_path):
        (tmp_path / "store").mkdir()
        environment = os.environ | {"PYTHONPATH": str(scratch.COURSE), "PYTHONUNBUFFERED": "1"}
        process = subprocess.Popen(
            [sys.executable, "-m", "helpers", "--serve", "store", "--name", "adder", "--port", "0"],
            cwd=tmp_path,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        try:
            said = patience.line(process)
            assert said.startswith("store is served at http://127.0.0.1:") and said.endswith("Ctrl-C.")
            address = said.split()[4].rstrip(".")
            assert patience.until(lambda: httpx.get(address, timeout=patience.SECONDS).status_code == 200)
            process.send_signal(signal.SIGINT)
            assert process.wait(patience.SECONDS) == 0
            assert "Traceback" not in process.stderr.read()
        finally:
            process.kill()
            process.communicate()

    @pytest.mark.parametrize(
        ("store", "others", "sentence"),
        [
            ("nothing", [], "There is no folder 'nothing'."),
            ("a b", [], "'a b' is no name for a model in an address."),
            (".", ["--name", "a/b"], "'a/b' is no name for a model"),
            (".", ["--name", "a", "--port", "99999"], "Nothing can listen at 127.0.0.1:99999"),
        ],
    )
    def test_what_cannot_be_served_is_a_sentence(
        self, capsys, tmp_path, monkeypatch, store, others, sentence
    ):
        monkeypatch.chdir(tmp_path)
        assert serve_command.main(store, others) == 2
        assert capsys.readouterr().err.startswith(sentence)

    def test_a_taken_port_is_a_sentence(self, capsys, tmp_path):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = str(taken.getsockname()[1])
            assert serve_command.main(str(tmp_path), ["--name", "a", "--port", port]) == 2
        assert f"Nothing can listen at 127.0.0.1:{port}" in capsys.readouterr().err

    def test_a_typo_is_answered_without_tensorflow(self, tmp_path):
        code = (
            "import sys; from helpers import launch; code = launch.main(['--serve', 'nothing']); "
            "print(code, 'tensorflow' in sys.modules)"
        )
        done = subprocess.run(
            [sys.executable, "-c", code],
            cwd=tmp_path,
            env=os.environ | {"PYTHONPATH": str(scratch.COURSE)},
            capture_output=True,
            encoding="utf-8",
        )
        assert done.stdout.split() == ["2", "False"], done.stderr
        assert done.stderr.startswith("There is no folder 'nothing'.")
