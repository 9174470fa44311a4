"""Steady load: it asks on time whatever the service does, and notes what came of each request."""

import contextlib
import http.server
import json
import socket
import threading
import time

from helpers.lessons.lesson_13 import traffic
import numpy
import pytest

from tests.suite import patience

ROWS = numpy.eye(10, 64, dtype="float32")
LABELS = numpy.arange(10)


class _Server(http.server.ThreadingHTTPServer):
    """Takes all connections that 32 senders open at once; five, as usual, may be too few."""

    request_queue_size = 128


class _Handler(http.server.BaseHTTPRequestHandler):
    """Names the digit of the row; what else it does, the server's `mood` says."""

    protocol_version = "HTTP/1.1"

    def do_POST(self):
        (row,) = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["instances"]
        mood = self.server.mood
        self.server.asked.append(mood)
        if mood == "slow":
            time.sleep(0.5)
        if mood == "together" and not self.server.company.wait(patience.SECONDS):
            return
        if mood == "cut":
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        said = numpy.roll(row[:10], mood == "wrong").tolist()
        body = json.dumps({"predictions": [said]} if mood != "busy" else {"error": "busy"}).encode()
        self.send_response(503 if mood == "busy" else 200)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("X-Model-Version", "4")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *given):
        pass

    def handle(self):
        with contextlib.suppress(OSError):  # the connection was cut on purpose
            super().handle()


@pytest.fixture
def service():
    server = _Server(("127.0.0.1", 0), _Handler)
    server.mood, server.asked = "well", []
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    server.address = f"http://127.0.0.1:{server.server_port}/:predict"
    yield server
    server.shutdown()
    server.server_close()


def _requests(service, count: int = 20, each_second: float = 100) -> list[traffic.Request]:
    load = traffic.Load(service.address, ROWS, LABELS, each_second)
    assert patience.until(lambda: len(load.requests) >= count)
    return load.stop()


def test_each_answer_is_noted(service):
    requests = _requests(service)
    assert {(one.status, one.version, one.right) for one in requests} == {(200, 4, True)}
    assert all(one.wait > 0 for one in requests)
    assert requests == sorted(requests)


@pytest.mark.parametrize(
    ("mood", "wanted"), [("wrong", (200, 4, False)), ("busy", (503, 0, False)), ("cut", (0, 0, False))]
)
def test_what_goes_wrong_is_noted_too(service, mood, wanted):
    service.mood = mood
    assert {(one.status, one.version, one.right) for one in _requests(service)} == {wanted}


def test_it_asks_on_while_answers_are_late(service):
    service.mood, service.company = "together", threading.Event()
    load = traffic.Load(service.address, ROWS, LABELS, each_second=100)
    try:
        # None is answered before the eleventh has come: a load that waits for answers would stop at one.
        assert patience.until(lambda: len(service.asked) > 10)
    finally:
        service.company.set()
        requests = load.stop()
    assert {one.status for one in requests} == {200}


def test_a_stop_waits_for_what_is_under_way_and_sends_no_more(service):
    service.mood = "slow"
    load = traffic.Load(service.address, ROWS, LABELS, each_second=100)
    assert patience.until(lambda: service.asked)
    requests = list(load.stop())
    assert {one.status for one in requests} == {200}
    # Each that reached the service was waited for, and none came after the stop.
    assert len(service.asked) == len(requests) == len(load.requests)
