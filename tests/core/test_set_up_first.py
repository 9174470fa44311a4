"""A kernel whose page has not run its set-up cell says so, and no other kernel does."""

import os
import pathlib

from helpers.core import jupyterlab, scratch, set_up_first, texts
import jupyter_client
import pytest

PAGE = "02_save_and_load.ipynb"
LIMIT = 120  # seconds
SETTINGS = jupyterlab.SETTINGS.parent / "ipython" / "ipython_kernel_config.json"


@pytest.fixture
def kernel(request, tmp_path):
    """A function that runs a cell in a plain kernel and returns what stands below it."""
    folder, notebook = request.param
    (tmp_path / folder).mkdir()
    own = {"IPYTHONDIR": str(tmp_path / "ipython"), "JPY_SESSION_NAME": notebook}
    manager = jupyter_client.KernelManager()
    # Given by hand, as the environment holds a copy of the file that may be of another day.
    manager.start_kernel(
        cwd=str(tmp_path / folder),
        env=os.environ | own | {"PYTHONPATH": str(scratch.COURSE)},
        extra_arguments=[f"--config={SETTINGS}"],
    )
    client = manager.client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=LIMIT)

        def run(source: str) -> str:
            seen = []

            def note(message: dict) -> None:
                content = message["content"]
                if message["msg_type"] in {"stream", "error"}:
                    seen.append(content.get("text") or "\n".join(content.get("traceback", [])))

            client.execute_interactive(source, output_hook=note, timeout=LIMIT, stop_on_error=False)
            return "".join(seen)

        yield run
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


@pytest.mark.parametrize("kernel", [("notebooks", f"course/notebooks/{PAGE}")], indirect=True)
def test_a_page_without_its_set_up_says_what_to_run_first(kernel):
    for late in ("keras.Sequential()", "%%fresh\nprint(1)", 'quiz.ask("02.predict.optimizer")'):
        assert kernel(late) == texts.words("set_up_first") + "\n"
    assert "ZeroDivisionError" in kernel("1 / 0")
    assert kernel("import sys; print('keras' in sys.modules)") == "False\n"


@pytest.mark.parametrize("kernel", [("notebooks", f"course/notebooks/{PAGE}")], indirect=True)
def test_after_the_set_up_errors_are_those_of_python(kernel):
    kernel("import helpers.lesson")
    assert "name 'odel' is not defined" in kernel("odel")
    assert "`%%frsh` not found" in kernel("%%frsh\n1")


@pytest.mark.parametrize(
    "kernel", [("notebooks", "notebooks/my_own.ipynb"), ("mine", f"mine/{PAGE}")], indirect=True
)
def test_a_notebook_of_the_learners_own_is_left_alone(kernel):
    assert "name 'keras' is not defined" in kernel("keras.Sequential()")


@pytest.mark.parametrize(
    ("folder", "notebook", "expected"),
    [
        ("exercises", "exercises/02_save_and_load-Copy1.ipynb", True),
        ("exercises", "", False),
        ("elsewhere", "", False),
    ],
)
def test_a_page_is_known_by_its_folder_and_name(tmp_path: pathlib.Path, folder, notebook, expected):
    assert set_up_first.is_page(tmp_path / folder, notebook) is expected


def test_without_a_name_the_folder_decides():
    assert set_up_first.is_page(scratch.COURSE / "notebooks", "")
