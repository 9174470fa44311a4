"""The door to another process: where it forks, and what it says of one that has ended, forked or not."""

import sys

from helpers import fresh
from helpers.core import processes
import pytest

ENDS = "import os\nos._exit({0})"


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux forks")
def test_linux_forks():
    """Where this says no, every test of the fork server skips, and nothing would look wrong."""
    assert processes.can_fork()


@pytest.mark.parametrize(
    "fork",
    [
        pytest.param(
            True, marks=pytest.mark.skipif(sys.platform != "linux", reason="only Linux forks"), id="forked"
        ),
        pytest.param(False, id="plain"),
    ],
)
@pytest.mark.parametrize("status", [0, 3])
def test_the_status_of_a_process_that_ended_is_told(fork, status):
    assert processes.run(ENDS.format(status), fork=fork).status == status


def test_a_process_that_ends_in_time_is_no_timeout(capsys):
    assert fresh.run_cell("print('done')", fork=False) == 0
    assert capsys.readouterr().out == "done\n"
