"""A pytest plugin: the kernels of tested notebooks, which notebooks are tested, in which order.

pyproject.toml loads it with `-p tests.suite`; the workers of pytest-xdist load it too.
"""

import os
import pathlib
import shutil
import signal
import sys
import tempfile

from helpers.authoring.measure import resources
from helpers.authoring.notebooks import course, execute
from helpers.core import scratch
import pytest

from tests.suite import kernel_provisioner

# jsonschema, which nbval needs, would build the grammar of international addresses: a second for each
# process of the tests, for a format that notebooks do not use. It does without where it cannot import it.
sys.modules.setdefault("rfc3987_syntax", None)

# Tests of tests, and of what only the people who write the course run. `.ci/run` runs them too, and so does
# whoever names the file, or sets COURSE_TESTS=all.
WORKSHOP = (
    "tests/suite",
    "tests/claims/test_claims_can_fail.py",
    "tests/claims/test_faults.py",
    "tests/authoring/test_authoring_benchmark.py",
    "tests/authoring/test_authoring_execute.py",
    "tests/authoring/test_authoring_load.py",
    "tests/authoring/test_elsewhere.py",
    "tests/authoring/test_rules.py",
    "tests/authoring/test_rules_unstable.py",
    "tests/authoring/test_seats.py",
    "tests/authoring/test_wheels.py",
)
_LEAVES_OUT = "COURSE_LEAVES_OUT"
PICTURES = pathlib.Path(__file__).with_name("pictures.cfg")


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Set the environment before the first worker starts: workers and kernels inherit it."""
    if hasattr(config.option, "nbval_sanitize_with") and not config.option.nbval_sanitize_with:
        config.option.nbval_sanitize_with = str(PICTURES)
    if hasattr(config, "workerinput"):
        _choose_kernels(config)
        return
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        # A shell starts what it runs in the background so, and the processes under test would inherit it.
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if hasattr(config.option, "loadscopereorder"):
        config.option.loadscopereorder = False  # the order below is the better one
    folder = pathlib.Path(tempfile.mkdtemp(prefix="course-")).resolve()
    patch = pytest.MonkeyPatch()
    config.add_cleanup(lambda: shutil.rmtree(folder, ignore_errors=True))
    config.add_cleanup(patch.undo)
    named = config.args_source is config.ArgsSource.ARGS  # only the first process knows; workers inherit
    patch.setenv(_LEAVES_OUT, "" if named or os.environ.get("COURSE_TESTS") == "all" else "workshop")
    for name, value in execute.for_kernels(folder).items():
        patch.setenv(name, value)
    for name, value in scratch.usable_home().items():
        patch.setenv(name, value)
    for name in execute.REMOVED:
        patch.delenv(name, raising=False)
    _choose_kernels(config)


def _choose_kernels(config: pytest.Config) -> None:
    kernel_provisioner.choose()
    config.add_cleanup(kernel_provisioner.stop)


@pytest.hookimpl(tryfirst=True, optionalhook=True)
def pytest_xdist_auto_num_workers() -> int | None:
    """As many as cores and free memory allow for `auto`, unless pytest-xdist's own variable says how many."""
    return None if os.environ.get("PYTEST_XDIST_AUTO_NUM_WORKERS") else resources.workers()


def pytest_report_header() -> str | None:
    """Say it where memory is short and the workers were to be as many as fit."""
    return None if os.environ.get("PYTEST_XDIST_AUTO_NUM_WORKERS") else resources.short() or None


def pytest_ignore_collect(collection_path: pathlib.Path, config: pytest.Config) -> bool | None:
    """Test no notebook outside the three folders, and look for no tests among scratch files."""
    if collection_path == config.rootpath / "scratch":
        return True
    if _left_to_the_workshop(collection_path, config):
        return True
    folders = [config.rootpath / name for name in course.FOLDERS]
    return True if collection_path.suffix == ".ipynb" and collection_path.parent not in folders else None


def _left_to_the_workshop(path: pathlib.Path, config: pytest.Config) -> bool:
    """Whether this run leaves a file of tests out: one of the workshop's, in a run of everything."""
    if os.environ.get(_LEAVES_OUT) != "workshop" or not path.is_relative_to(config.rootpath):
        return False
    return path.relative_to(config.rootpath).as_posix() in WORKSHOP


def pytest_collection_finish() -> None:
    """Everything is imported, and no test has run: this is the environment that kernels are forked in."""
    kernel_provisioner.remember()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Notebooks first, those with the most cells before others: a long one begun last would be waited for."""
    cells = {}
    for item in items:
        if item.path.suffix == ".ipynb":
            cells[item.path] = cells.get(item.path, 0) + 1
    for item in items:
        if hasattr(item, "output_timeout"):
            item.output_timeout = 60  # nbval waits five seconds for an output, which a busy machine may need
    # Sorting is stable, so cells stay in order, and equally long notebooks do not mix.
    items.sort(key=lambda item: (-cells.get(item.path, 0), str(item.path) if item.path in cells else ""))
