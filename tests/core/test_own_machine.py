"""A network with a proxy: what a lesson serves itself is asked without it."""

import http.server
import os
import threading

from helpers.core import localhost
import httpx
import pytest

PROXIES = ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy")


class _Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *given):
        pass


@pytest.fixture
def address():
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.fixture
def proxied(monkeypatch):
    """An environment whose proxy is nobody."""
    for variable in PROXIES:
        monkeypatch.setenv(variable, "http://127.0.0.1:9")
    for variable in ("NO_PROXY", "no_proxy"):
        monkeypatch.setenv(variable, "")


def test_a_proxy_is_passed_by(proxied, address):
    with pytest.raises(httpx.ConnectError):
        httpx.get(address)
    localhost.go_straight()
    assert httpx.get(address).status_code == 200


def test_no_proxy_at_all_stays_that(monkeypatch):
    for variable in ("NO_PROXY", "no_proxy"):
        monkeypatch.setenv(variable, "*")
    localhost.go_straight()
    assert os.environ["NO_PROXY"] == os.environ["no_proxy"] == "*"


def test_what_was_listed_stays_and_nothing_doubles(monkeypatch):
    for variable in ("NO_PROXY", "no_proxy"):
        monkeypatch.setenv(variable, "intranet.example,localhost")
    for _ in range(2):
        localhost.go_straight()
        assert os.environ["NO_PROXY"] == os.environ["no_proxy"] == "intranet.example,localhost,127.0.0.1"


@pytest.mark.parametrize("variable", localhost.PROXIES)
def test_a_proxy_that_cannot_be_used_does_not_keep_httpx_from_asking_this_machine(variable, monkeypatch):
    for name in localhost.PROXIES:
        monkeypatch.delenv(name, raising=False)
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.setenv(name, "")
    monkeypatch.setenv(variable, "socks5://127.0.0.1:9")
    with pytest.raises(ImportError, match="socksio"):
        httpx.Client().close()
    localhost.go_straight()
    httpx.Client().close()
