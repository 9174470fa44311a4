"""`author load`: what it measures is real, and a request that fails is counted."""

import argparse
import itertools
import os
import pathlib
import types

from helpers.authoring.measure import service_load
import pytest


def test_it_measures_the_service_against_the_model_in_the_process(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    rows = service_load.measure([1, 2], seconds=0.3)
    assert [row.what for row in rows] == ["in this process", "service, 1 client", "service, 2 clients"]
    assert all(row.rate > 0 and 0 < row.middle <= row.late and row.failed == 0 for row in rows)
    assert rows[0].middle < rows[1].middle, "no network is faster than a network"
    assert pathlib.Path(os.getcwd()) == tmp_path and not list(tmp_path.iterdir())


def test_answers_that_fail_or_are_refused_are_counted_apart(monkeypatch):
    ticks = itertools.count()  # a clock that goes on by being asked: the machine's speed does not matter
    monkeypatch.setattr(service_load, "time", types.SimpleNamespace(perf_counter=lambda: next(ticks)))
    came = itertools.cycle([service_load.RIGHT, service_load.FAILED, service_load.REFUSED])
    measured = service_load._asked("thirds", [lambda: next(came)], seconds=90)
    assert measured.failed == 10 and measured.middle == 1
    assert measured.rate == pytest.approx(measured.refused)


@pytest.mark.parametrize("failed", [0, 3])
def test_the_command_prints_a_table_and_returns(monkeypatch, capsys, failed):
    row = service_load.Measured("service, 1 client", 500.4, 0.002, 0.0101, 7.0, failed)
    monkeypatch.setattr(service_load, "measure", lambda clients, seconds: [row])
    assert service_load.run(argparse.Namespace(clients=[1], seconds=1)) == (1 if failed else 0)
    line = capsys.readouterr().out.splitlines()[1]
    assert line.split() == ["service,", "1", "client", "500", "2.00", "ms", "10.10", "ms", "7", str(failed)]
