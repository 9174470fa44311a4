"""Counts and times of the answers, for Prometheus: the names and the address are TensorFlow Serving's."""

import collections.abc
import http

import prometheus_client
import prometheus_client.core
import prometheus_client.registry

PATH = "/monitoring/prometheus/metrics"
CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_STATUSES = {200: "OK", 404: "NOT_FOUND", 503: "UNAVAILABLE"}  # as TensorFlow Serving calls them
_MICROSECONDS = [10.0 * 1.8**step for step in range(25)]  # 10 microseconds to 13 seconds


class Meter(prometheus_client.registry.Collector):
    """What one service has answered to requests for predictions."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._counts: collections.Counter[str] = collections.Counter()
        self._registry = prometheus_client.CollectorRegistry()
        self._latency = prometheus_client.Histogram(
            ":tensorflow:serving:request_latency",
            "Microseconds from the first byte of a request for predictions to its answer.",
            ["model_name", "API", "entrypoint"],
            buckets=_MICROSECONDS,
            registry=self._registry,
        ).labels(name, "predict", "REST")
        self._registry.register(self)

    def note(self, status: int, seconds: float) -> None:
        """Count one answer."""
        fault = "INTERNAL" if status >= http.HTTPStatus.INTERNAL_SERVER_ERROR else "INVALID_ARGUMENT"
        self._counts[_STATUSES.get(status, fault)] += 1
        self._latency.observe(1e6 * seconds)

    def collect(self) -> collections.abc.Iterator[prometheus_client.core.Metric]:
        """The counts; the library's own counter would add "_total" to the name."""
        said = "Requests for predictions, by what became of them."
        count = prometheus_client.core.UnknownMetricFamily(
            ":tensorflow:serving:request_count", said, labels=["model_name", "status"]
        )
        for status, number in sorted(self._counts.items()):
            count.add_metric([self._name, status], number)
        yield count

    def text(self) -> bytes:
        """All of it as Prometheus reads it."""
        return prometheus_client.generate_latest(self._registry)
