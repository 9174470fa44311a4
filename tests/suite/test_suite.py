"""The plugin that prepares the test suite: environment, choice and order of notebooks, number of workers."""

import os
import pathlib

from helpers.authoring.measure import resources
from helpers.authoring.notebooks import execute, page
from helpers.core import scratch
import psutil
import pytest

from tests.authoring import samples
from tests.suite import kernel_provisioner
from tests.suite import plugin as suite

pytest_plugins = ["pytester"]

NOTEBOOKS = ["-p", "tests.suite.plugin", "-p", "nbval.plugin", "--nbval", "--nbval-current-env"]
WORKERS = ["-p", "tests.suite.plugin", "-p", "xdist.plugin"]


@pytest.fixture
def course(pytester, monkeypatch):
    """A folder to run pytest in; the plugin is found although the course is not installed there."""
    monkeypatch.setenv("PYTHONPATH", str(scratch.COURSE))
    # Each process loads only the plugins it is about, which takes half the time.
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    # Its notebooks do not import TensorFlow, so nothing that has done so is needed.
    monkeypatch.setenv(kernel_provisioner.VARIABLE, "plain")
    return pytester


def notebook(path: pathlib.Path, *sources: str) -> None:
    """Write a notebook that has run and printed nothing."""
    cells = [samples.code(f"cell-{number}", source) for number, source in enumerate(sources)]
    page.write(path, samples.finished(cells))


def test_workers_share_a_scratch_folder_that_is_gone_afterwards(course, monkeypatch):
    monkeypatch.setenv("COURSE_SCRATCH", "/somewhere/else")
    monkeypatch.setenv("COLUMNS", "40")
    for name in ("one", "two"):
        course.makepyfile(
            **{
                f"test_{name}": f"""
                import os, pathlib
                def test():
                    folder = pathlib.Path(os.environ["COURSE_SCRATCH"])
                    assert folder.is_dir()
                    assert os.environ["COURSE_PROGRESS"] == "off"
                    assert "COLUMNS" not in os.environ
                    pathlib.Path("{name}.txt").write_text(f"{{folder}} {{os.environ['PYTEST_XDIST_WORKER']}}")
                """
            }
        )
    course.runpytest_subprocess(*WORKERS, "-n2", "--dist=loadfile").assert_outcomes(passed=2)
    seen = [(course.path / f"{name}.txt").read_text(encoding="utf-8").split() for name in ("one", "two")]
    assert [worker for _, worker in sorted(seen, key=lambda one: one[1])] == ["gw0", "gw1"]
    (folder,) = {folder for folder, _ in seen}
    assert folder != "/somewhere/else"
    assert not pathlib.Path(folder).exists()


def test_a_run_leaves_the_environment_as_it_was(course, monkeypatch):
    monkeypatch.setenv("COURSE_SCRATCH", "/somewhere/else")
    before = dict(os.environ)
    course.makepyfile("import os\ndef test(): assert os.environ['COURSE_SCRATCH'] != '/somewhere/else'")
    course.runpytest_inprocess("-p", "tests.suite.plugin", "-p", "no:cacheprovider").assert_outcomes(passed=1)
    assert {name: value for name, value in os.environ.items() if name != "PYTEST_CURRENT_TEST"} == {
        name: value for name, value in before.items() if name != "PYTEST_CURRENT_TEST"
    }


def test_notebooks_outside_the_three_folders_are_not_tested(course):
    for folder in ("notebooks", "solutions"):
        notebook(course.path / folder / "01_first.ipynb", "1")
    for place in ("", "scratch", "notebooks/.ipynb_checkpoints", "notebooks/data", "docs", "wheels"):
        notebook(course.path / place / "stray.ipynb", "1")
    (course.path / "scratch" / "test_stray.py").write_text("def test(): assert False", encoding="utf-8")
    found = course.runpytest_subprocess(
        *NOTEBOOKS, "--collect-only", "-q", "--override-ini=norecursedirs=.git", "."
    )
    names = sorted(line for line in found.outlines if "::" in line)
    assert names == ["notebooks/01_first.ipynb::Cell 0", "solutions/01_first.ipynb::Cell 0"]


def test_the_notebook_with_the_most_cells_comes_first(course):
    course.makepyfile(test_unit="def test_b(): pass\ndef test_a(): pass")
    notebook(course.path / "notebooks" / "01_first.ipynb", "1")
    notebook(course.path / "notebooks" / "02_second.ipynb", "1", "2", "3")
    notebook(course.path / "solutions" / "01_first.ipynb", "1")
    found = course.runpytest_subprocess(*NOTEBOOKS, "--collect-only", "-q")
    assert [line for line in found.outlines if "::" in line] == [
        *(f"notebooks/02_second.ipynb::Cell {number}" for number in range(3)),
        "notebooks/01_first.ipynb::Cell 0",
        "solutions/01_first.ipynb::Cell 0",
        "test_unit.py::test_b",
        "test_unit.py::test_a",
    ]


def test_workers_take_the_files_in_this_order(course):
    course.makepyfile(test_many="import pytest\n@pytest.mark.parametrize('n', range(9))\ndef test(n): pass")
    notebook(course.path / "notebooks" / "01_first.ipynb", "a = 1")
    result = course.runpytest_subprocess(*WORKERS, *NOTEBOOKS, "-n1", "--dist=loadscope", "-v")
    result.assert_outcomes(passed=10)
    ran = [line for line in result.outlines if "PASSED" in line]
    assert "01_first" in ran[0]


@pytest.mark.parametrize("name", suite.WORKSHOP)
def test_what_the_first_command_leaves_out_is_run_by_a_later_one(name):
    stages = (scratch.COURSE / ".ci" / "run").read_text(encoding="utf-8")
    assert (scratch.COURSE / name).exists() and name in stages.split()


def test_the_bytes_of_pictures_in_html_are_not_compared_but_their_words_are(course):
    source = "display({'text/html': '<img alt=\"A line\" src=\"data:image/png;base64,AA+/\">'}, raw=True)"
    path = course.path / "notebooks" / "01_first.ipynb"

    def compare(html: str) -> pytest.RunResult:
        page.write(path, samples.finished([samples.code("one", source, samples.shown({"text/html": html}))]))
        return course.runpytest_subprocess(*NOTEBOOKS, "notebooks")

    compare('<img alt="A line" src="data:image/png;base64,BBBBBB==">').assert_outcomes(passed=1)
    compare('<img alt="A bar" src="data:image/png;base64,AA+/">').assert_outcomes(failed=1)


def test_kernels_find_the_helpers_before_anything_else(monkeypatch, tmp_path):
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(["/theirs", str(scratch.COURSE)]))
    variables = execute.for_kernels(tmp_path)
    assert variables["PYTHONPATH"] == os.pathsep.join([str(scratch.COURSE), "/theirs"])
    assert variables["COURSE_SCRATCH"] == str(tmp_path)


@pytest.mark.parametrize(
    ("cores", "gigabytes", "expected"),
    [(8, 32, 12), (8, 4.3, 2), (8, 3.9, 1), (2, 64, 3), (1, 64, 1), (8, 0.1, 1)],
)
def test_workers_are_as_many_as_cores_and_memory_allow(monkeypatch, cores, gigabytes, expected):
    monkeypatch.setattr(resources, "cores", lambda: cores)
    monkeypatch.setattr(resources, "free_memory", lambda: gigabytes * 1e9)
    assert resources.workers() == expected
    monkeypatch.delenv("PYTEST_XDIST_AUTO_NUM_WORKERS", raising=False)
    assert suite.pytest_xdist_auto_num_workers() == expected
    said = suite.pytest_report_header() or ""
    assert said.startswith(f"{gigabytes:.1f} GB of memory are free, less than 4") == (gigabytes < 4)
    monkeypatch.setenv("PYTEST_XDIST_AUTO_NUM_WORKERS", "5")
    assert suite.pytest_xdist_auto_num_workers() is None


def test_auto_starts_that_many_workers(course, monkeypatch):
    monkeypatch.delenv("PYTEST_XDIST_AUTO_NUM_WORKERS", raising=False)
    wanted = 2 if psutil.cpu_count(logical=False) == 1 else 1  # not the number pytest-xdist would choose
    course.makepyfile(
        fixed=f"from helpers.authoring.measure import resources\nresources.workers = lambda: {wanted}",
        test_one="def test(): pass",
    )
    result = course.runpytest_subprocess("-p", "fixed", *WORKERS, "-n", "auto", "-v")
    result.stdout.fnmatch_lines([f"created: {wanted}/{wanted} worker*"])


LIMITS = {
    "version 2": {"cpu.max": "150000 100000\n", "memory.max": "3000000\n", "memory.current": "1000000\n"},
    "version 1": {
        "cpu/cpu.cfs_quota_us": "150000\n",
        "cpu/cpu.cfs_period_us": "100000\n",
        "memory/memory.limit_in_bytes": "3000000\n",
        "memory/memory.usage_in_bytes": "1000000\n",
    },
}
UNLIMITED = {
    "version 2": {"cpu.max": "max 100000\n", "memory.max": "max\n", "memory.current": "1000000\n"},
    "version 1": {"cpu/cpu.cfs_quota_us": "-1\n", "cpu/cpu.cfs_period_us": "100000\n"},
    "none": {},
}


def groups(folder: pathlib.Path, files: dict[str, str]) -> pathlib.Path:
    """The control-group files of a container."""
    for name, content in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(content, encoding="utf-8")
    return folder


@pytest.mark.parametrize("version", LIMITS)
def test_the_limits_of_a_container_count(tmp_path, version):
    limited = groups(tmp_path, LIMITS[version])
    assert resources.share(limited) == 1.5
    assert resources.cores(limited) <= 2
    assert resources.free_memory(limited) == 2_000_000


@pytest.mark.parametrize("version", UNLIMITED)
def test_without_limits_the_machine_counts(tmp_path, version):
    free = groups(tmp_path, UNLIMITED[version])
    assert resources.share(free) == float("inf")
    assert resources.cores(free) >= 1
    assert resources.free_memory(free) > 1e6


def test_a_full_container_still_gets_one_worker(tmp_path):
    full = groups(tmp_path, {"memory.max": "1000", "memory.current": "2000"})
    assert resources.free_memory(full) == 0
