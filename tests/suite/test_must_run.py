"""The plugin that makes `.ci/run` fail when something was skipped."""

import pytest

pytest_plugins = ["pytester"]

SKIPPED = "import pytest\n\n@pytest.mark.skip(reason='no compiler here')\ndef test_it():\n    pass\n"
FILE_SKIPPED = "import pytest\n\npytest.importorskip('no_such_module')\n\ndef test_it():\n    pass\n"
PASSED = "def test_it():\n    pass\n"
EXPECTED_TO_FAIL = "import pytest\n\n@pytest.mark.xfail\ndef test_it():\n    assert False\n"


EVERYTHING = {
    "notebooks/test_notebook.py": PASSED,
    "tests/test_passed.py": PASSED,
    "tests/test_expected_to_fail.py": EXPECTED_TO_FAIL,
    "tests/test_skipped.py": SKIPPED,
    "tests/test_file_skipped.py": FILE_SKIPPED,
    "tests/browser/test_page.py": FILE_SKIPPED,
}


@pytest.fixture
def suite(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest):
    """Return a function that runs pytest, with the plugin, on the files it is given."""

    def run(files: dict[str, str], must_run: str | None, *options: str) -> pytest.RunResult:
        for name, content in files.items():
            path = pytester.path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, encoding="utf-8")
        (pytester.path / "pytest.ini").write_text("[pytest]\ntestpaths = tests notebooks\n", encoding="utf-8")
        monkeypatch.setenv("PYTHONPATH", str(request.config.rootpath))
        # The other plugins take seconds to import and have no part in this.
        monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
        monkeypatch.delenv("COURSE_MUST_RUN", raising=False)
        if must_run:
            monkeypatch.setenv("COURSE_MUST_RUN", must_run)
        return pytester.runpytest_subprocess("-p", "tests.suite.must_run", *options)

    return run


def not_run(result: pytest.RunResult) -> list[str]:
    """Return the files or folders that the plugin complains of."""
    skipped = [line.split("::")[0].split()[0] for line in result.outlines if " was skipped. " in line]
    start = "No test passed in "
    empty = [line.removeprefix(start).rstrip(".") for line in result.outlines if line.startswith(start)]
    return sorted(skipped + empty)


def test_a_learner_may_skip_anything(suite):
    result = suite(EVERYTHING, None)
    assert result.ret == 0
    assert not_run(result) == []


@pytest.mark.parametrize("workers", [(), ("-p", "xdist", "--numprocesses=2")])
def test_every_skip_fails_where_all_must_run(suite, workers):
    result = suite(EVERYTHING, "all", *workers)
    assert result.ret == 1
    skipped = ["tests/browser/test_page.py", "tests/test_file_skipped.py", "tests/test_skipped.py"]
    assert not_run(result) == skipped
    result.stdout.fnmatch_lines(["tests/test_skipped.py::test_it was skipped. *no compiler here*"])


def test_the_browser_tests_may_be_left_out(suite):
    result = suite(EVERYTHING, "python-alone")
    assert result.ret == 1
    assert not_run(result) == ["tests/test_file_skipped.py", "tests/test_skipped.py"]


def test_a_folder_in_which_nothing_passed_fails(suite):
    result = suite({"tests/test_passed.py": PASSED}, "all")
    assert result.ret == 1
    assert not_run(result) == ["notebooks"]
    result = suite(EVERYTHING, "python-alone", "tests/browser", "tests/test_passed.py")
    assert result.ret == 1
    assert not_run(result) == ["tests/browser"]


def test_no_test_at_all_stays_a_failure(suite):
    assert suite({"tests/empty.py": ""}, "all").ret == pytest.ExitCode.NO_TESTS_COLLECTED


def test_an_unknown_wish_is_refused(suite):
    result = suite({"tests/test_passed.py": PASSED}, "everything")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*it can be all or python-alone*"])
