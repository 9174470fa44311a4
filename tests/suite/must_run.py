"""A pytest plugin for continuous integration: what was skipped, or never found, is a failure there.

A test skips itself where the machine lacks what it needs. That is right for a learner, and would hide in
`.ci/run` that something was never run. The variable COURSE_MUST_RUN says what must run: `all`, or
`python-alone`. Without it this plugin does nothing.
"""

import os

import pytest

# What needs more than `uv run pytest` installs: a browser, a C compiler, Node.js, the builder of the website.
MAY_SKIP = {
    "all": (),
    "python-alone": (
        "tests/browser",
        "tests/authoring/test_site.py",
        "tests/authoring/test_slides.py",
        "tests/lessons/test_c_program.py",
        "tests/lessons/test_outside.py",
    ),
}


def pytest_configure(config: pytest.Config) -> None:
    """Switch the plugin on where COURSE_MUST_RUN says so; the workers of pytest-xdist only report."""
    # Taken out of the environment, so that a test which runs pytest itself is judged by its own rules.
    wish = os.environ.pop("COURSE_MUST_RUN", "")
    if not wish or hasattr(config, "workerinput"):
        return
    if wish not in MAY_SKIP:
        raise pytest.UsageError(f"COURSE_MUST_RUN is {wish!r}; it can be {' or '.join(MAY_SKIP)}.")
    given = config.args_source is config.ArgsSource.ARGS
    # pytest leaves a folder of testpaths out without a word when it does not exist.
    folders = config.args if given else config.getini("testpaths")
    config.pluginmanager.register(MustRun(folders, MAY_SKIP[wish]))


class MustRun:
    """Counts what passed in each folder and keeps what was skipped."""

    def __init__(self, folders: list[str], may_skip: tuple[str, ...]) -> None:
        self.passed = {folder.split("::")[0].strip("/"): 0 for folder in folders}
        self.may_skip = may_skip
        self.skipped: dict[str, str] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note what one test did."""
        if report.when == "call" and report.passed:
            for folder in self.passed:
                self.passed[folder] += inside(report.nodeid, folder)
        self.note_skip(report)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Note a whole file that skipped itself."""
        self.note_skip(report)

    def note_skip(self, report: pytest.TestReport | pytest.CollectReport) -> None:
        """Keep a skip with its reason, unless it is one that may be."""
        expected_failure = hasattr(report, "wasxfail")
        if (
            report.skipped
            and not expected_failure
            and not any(inside(report.nodeid, f) for f in self.may_skip)
        ):
            reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
            self.skipped[report.nodeid] = reason

    def complaints(self) -> list[str]:
        """Return one line for each thing that should have run and did not."""
        skips = [f"{nodeid} was skipped. {reason}" for nodeid, reason in self.skipped.items()]
        return skips + [f"No test passed in {folder}." for folder, count in self.passed.items() if not count]

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Make the run fail when something did not run."""
        if self.complaints() and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Say what did not run."""
        if self.complaints():
            terminalreporter.section("must run, and did not", red=True)
            terminalreporter.write_line("\n".join(self.complaints()))


def inside(nodeid: str, folder: str) -> bool:
    """Tell whether a test belongs to a folder or a file."""
    return nodeid.split("::")[0] == folder or nodeid.startswith(f"{folder}/")
