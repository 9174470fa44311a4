"""The prediction service: good rows reach the model, everything else gets a sentence."""

import json
import os
import signal
import subprocess
import sys
import textwrap

from fastapi import testclient
from helpers.core import errors, processes, scratch
from helpers.tools.serving import local_server, service
import httpx
import hypothesis
from hypothesis import strategies
import numpy
import psutil
import pytest

from tests.suite import kinds, patience

ROW = [0.5] * 4


@pytest.fixture(scope="module")
def client():
    seen = []

    def predict(rows: numpy.ndarray) -> numpy.ndarray:
        seen.append(rows)
        return rows.sum(axis=1, keepdims=True)

    client = testclient.TestClient(service.application("adder", predict, width=4))
    client.seen = seen
    return client


def _post(client, body: bytes | str) -> httpx.Response:
    return client.post("/v1/models/adder:predict", content=body)


def test_rows_reach_the_model_as_float32_and_come_back(client):
    reply = _post(client, json.dumps({"instances": [ROW, [1, 2, 3, 4]], "signature_name": "serving_default"}))
    assert reply.status_code == 200
    assert reply.json() == {"predictions": [[2.0], [10.0]]}
    assert client.seen[-1].dtype == numpy.float32


@pytest.mark.parametrize(
    ("body", "status", "sentence"),
    [
        ('{"instances": [[1, 2, 3]]}', 400, "Row 0 has 3 values. Expected: 4 in every row."),
        ('{"instances": [[1, 2, 3, 4], [1]]}', 400, "Row 1 has 1 values. Expected: 4 in every row."),
        ('{"instances": [1, 2, 3, 4]}', 400, "Row 0 is not a list."),
        ('{"instances": []}', 400, '"instances" is empty.'),
        ('{"instances": [[NaN, 2, 3, 4]]}', 400, "Row 0 holds a value that is not a finite number."),
        ('{"instances": [[1e39, 2, 3, 4]]}', 400, "Row 0 holds a value that is not a finite number."),
        ('{"instances": [["1", 2, 3, 4]]}', 422, 'Row 0 holds "1". Expected: numbers only.'),
        ('{"instances": [[true, 2, 3, 4]]}', 422, "Row 0 holds true. Expected: numbers only."),
        ('{"instances": [[null, 2, 3, 4]]}', 422, "Row 0 holds null. Expected: numbers only."),
        ('{"instances": [[[1], 2, 3, 4]]}', 422, "Row 0 holds [1]. Expected: numbers only."),
        ('{"rows": [[1, 2, 3, 4]]}', 422, 'There is no list "instances" in the body.'),
        ('{"instances": {"a": 1}}', 422, 'There is no list "instances" in the body.'),
        ("[]", 422, 'There is no list "instances" in the body.'),
        ('{"instances": [[1', 422, "The body is not JSON."),
        ("", 422, "The body is not JSON."),
        (b"\xff\xfe{", 422, "The body is not JSON."),
        ("[" * 100_000, 422, "The body is not JSON."),
    ],
)
def test_what_cannot_be_a_batch_gets_a_sentence(client, body, status, sentence):
    before = len(client.seen)
    reply = _post(client, body)
    assert (reply.status_code, len(client.seen)) == (status, before)
    assert reply.json()["error"].startswith(sentence)
    assert "Expected" in reply.json()["error"]


def test_another_model_is_not_found(client):
    assert client.post("/v1/models/other:predict", json={"instances": [ROW]}).status_code == 404
    assert client.get("/v1/models/adder").json()["model_version_status"][0]["state"] == "AVAILABLE"


JSON = strategies.recursive(
    strategies.none()
    | strategies.booleans()
    | strategies.floats()
    | strategies.integers()
    | strategies.text(),
    lambda inner: (
        strategies.lists(inner, max_size=4) | strategies.dictionaries(strategies.text(), inner, max_size=3)
    ),
    max_leaves=12,
)


@hypothesis.given(body=strategies.binary(max_size=60) | JSON.map(lambda value: json.dumps(value).encode()))
@hypothesis.settings(deadline=None, derandomize=True, database=None)
def test_any_body_is_rows_or_a_bad_request(body):
    for content in (body, b'{"instances": ' + body + b"}"):
        try:
            rows, status = service.rows(content, 4), 200
        except service.BadRequest as reason:
            rows, status = numpy.zeros((1, 4)), reason.status
        assert status in {200, 400, 422}
        assert rows.shape[1:] == (4,)
        assert numpy.isfinite(rows).all()


@pytest.fixture
def module(tmp_path, monkeypatch):
    """A service file in the current folder; it is started in the way of this run."""
    monkeypatch.setattr(processes, "can_fork", lambda: kinds.FORKED)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "adder_service.py").write_text(
        "from helpers.tools.serving import service\n"
        "application = service.application('adder', lambda rows: rows.sum(axis=1), width=2)\n",
        encoding="utf-8",
    )
    (tmp_path / "broken_service.py").write_text("import nothing_of_this_name\n", encoding="utf-8")
    return "adder_service"


def test_a_server_answers_and_is_gone_after_stop(module):
    running = local_server.Server(module)
    try:
        assert running.address.startswith("http://127.0.0.1:")
        reply = httpx.post(f"{running.address}/v1/models/adder:predict", json={"instances": [[1, 2]]})
        assert reply.json() == {"predictions": [3.0]}
    finally:
        running.stop()
    running.stop()
    with pytest.raises(httpx.ConnectError):
        httpx.get(running.address)


def test_a_service_that_cannot_start_says_why(module):
    with pytest.raises(
        errors.Stop, match="'broken_service' did not start: ModuleNotFoundError: No module named"
    ):
        local_server.Server("broken_service")


def test_the_service_survives_an_interrupted_cell_and_ends_with_the_kernel(module):
    """An interrupt reaches the kernel's whole group of processes; a kill reaches the kernel alone."""
    code = """
        from helpers.tools.serving import local_server as server
        import httpx, time

        running = server.Server("adder_service")
        try:
            print(running._process.pid, flush=True)
            time.sleep(600)
        except KeyboardInterrupt:
            ask = {"instances": [[1, 2]]}
            print(httpx.post(f"{running.address}/v1/models/adder:predict", json=ask).text, flush=True)
            time.sleep(600)
    """
    kernel = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code)],
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
        env=os.environ | {"PYTHONPATH": str(scratch.COURSE)},
        encoding="utf-8",
    )
    try:
        service_process = psutil.Process(int(patience.line(kernel)))
        if os.name != "nt":
            os.killpg(kernel.pid, signal.SIGINT)
            assert json.loads(patience.line(kernel)) == {"predictions": [3.0]}
    finally:
        kernel.kill()
        kernel.communicate()
    gone, _ = psutil.wait_procs([service_process], timeout=30)
    assert gone or service_process.status() == psutil.STATUS_ZOMBIE
