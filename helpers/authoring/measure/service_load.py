"""`author load`: how many requests a second the service of `helpers.tools.serving` answers, and how soon."""

import argparse
import collections
import collections.abc
import concurrent.futures
import contextlib
import dataclasses
import itertools
import pathlib
import tempfile
import time

from helpers import digits, models
from helpers.tools import versions
from helpers.tools.serving import loading, local_server
import httpx
import numpy

RIGHT, REFUSED, FAILED = "right", "refused", "failed"
SERVICE = 'from helpers.tools import serving\n\napplication = serving.application("digits", "store")\n'


@dataclasses.dataclass(frozen=True)
class Measured:
    """What so many clients got, each asking again as soon as it is answered.

    Attributes:
        what: how the model was asked.
        rate: right answers a second, all clients together.
        middle, late: seconds for one of them, the median and the 99th percentile; NaN if none came.
        refused: refusals a second, because too many waited.
        failed: whatever else came.
    """

    what: str
    rate: float
    middle: float
    late: float
    refused: float
    failed: int


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of `author load` to a parser."""
    parser.add_argument("--clients", type=int, nargs="+", default=[1, 8, 32, 128], help="how many at once")
    parser.add_argument("--seconds", type=float, default=5, help="how long for each number of clients")


def run(arguments: argparse.Namespace) -> int:
    """Run `author load`; returns 1 if a request failed."""
    rows = measure(arguments.clients, arguments.seconds)
    heads = "".join(f" {head:>10}" for head in ("answers/s", "median", "p99", "refused/s"))
    print(f"{'one row of 64 numbers':<24}{heads} {'failed':>7}")
    for row in rows:
        print(
            f"{row.what:<24} {row.rate:>10.0f} {1000 * row.middle:>7.2f} ms {1000 * row.late:>7.2f} ms "
            f"{row.refused:>10.0f} {row.failed:>7}"
        )
    print("Clients and service share this machine's cores.")
    return 1 if any(row.failed for row in rows) else 0


def measure(clients: list[int], seconds: float) -> list[Measured]:
    """Ask one model in this process, then through the service with each number of clients."""
    row = digits.load().test_features[:1]
    with tempfile.TemporaryDirectory(prefix="course-") as name, contextlib.chdir(name):
        with versions.publish("store") as draft:
            models.trained(epochs=1).export(draft.folder, verbose=False)
        loaded = loading.load(pathlib.Path("store", "1").resolve())
        expected = loaded.predict(row)
        rows = [_asked("in this process", [lambda: RIGHT if len(loaded.predict(row)) else FAILED], seconds)]
        pathlib.Path("service_under_load.py").write_text(SERVICE, encoding="utf-8")
        running = local_server.Server("service_under_load")
        try:
            for count in clients:
                with contextlib.ExitStack() as stack:
                    asks = [
                        stack.enter_context(_client(running.address, row, expected)) for _ in range(count)
                    ]
                    what = f"service, {count} client{'s' if count > 1 else ''}"
                    rows.append(_asked(what, asks, seconds))
        finally:
            running.stop()
        return rows


@contextlib.contextmanager
def _client(
    address: str, row: numpy.ndarray, expected: numpy.ndarray
) -> collections.abc.Iterator[collections.abc.Callable[[], str]]:
    """A way to ask once over a connection that is kept; it tells what came."""
    with httpx.Client(base_url=address, timeout=60, trust_env=False) as client:

        def ask() -> str:
            reply = client.post("/v1/models/digits:predict", json={"instances": row.tolist()})
            if reply.status_code == 503:
                return REFUSED
            right = reply.status_code == 200 and numpy.allclose(
                reply.json()["predictions"], expected, atol=1e-5
            )
            return RIGHT if right else FAILED

        yield ask


def _asked(what: str, asks: list[collections.abc.Callable[[], str]], seconds: float) -> Measured:
    """Let every client ask for so many seconds."""
    for ask in asks:
        ask()  # the first request opens a connection
    started = time.perf_counter()

    def go_on(ask: collections.abc.Callable[[], str]) -> list[tuple[float, str]]:
        found = []
        while time.perf_counter() - started < seconds:
            begun = time.perf_counter()
            what_came = ask()
            found.append((time.perf_counter() - begun, what_came))
        return found

    with concurrent.futures.ThreadPoolExecutor(len(asks)) as pool:
        found = list(itertools.chain.from_iterable(pool.map(go_on, asks)))
    took = time.perf_counter() - started
    durations = [duration for duration, came in found if came == RIGHT]
    middle, late = numpy.quantile(durations or [numpy.nan], [0.5, 0.99])
    counts = collections.Counter(came for _, came in found)
    return Measured(
        what, len(durations) / took, float(middle), float(late), counts[REFUSED] / took, counts[FAILED]
    )
