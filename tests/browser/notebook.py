"""A notebook in JupyterLab, used the way a learner does."""

import re
import shutil
import time
import typing

from helpers.core import scratch
import nbformat

from tests.browser import server

# Imported when a test runs: collecting the tests then needs no Playwright.
if typing.TYPE_CHECKING:
    from playwright import sync_api

WAIT = 120_000  # milliseconds for one thing to appear
RUN_LIMIT = 300_000  # milliseconds for a whole notebook
ERRORS = '[data-mime-type="application/vnd.jupyter.error"]'


def expect(locator: "sync_api.Locator") -> "sync_api.LocatorAssertions":
    """Playwright's assertions, which wait until they hold or the time is up."""
    from playwright import sync_api

    sync_api.expect.set_options(timeout=WAIT)
    return sync_api.expect(locator)


def sessions(page: "sync_api.Page", jupyter: server.Server) -> list[dict]:
    """What the server says of its open notebooks and their kernels."""
    return page.request.get(f"{jupyter.url}api/sessions", params={"token": jupyter.token}).json()


def end_kernels(page: "sync_api.Page", jupyter: server.Server) -> None:
    """End the kernels that a test has started."""
    for session in sessions(page, jupyter):
        page.request.delete(f"{jupyter.url}api/sessions/{session['id']}", params={"token": jupyter.token})


class Notebook:
    """One notebook on the page. Its cells go by their ids."""

    def __init__(
        self, page: "sync_api.Page", jupyter: server.Server, name: str, application: str = "lab/tree"
    ) -> None:
        self.page, self.jupyter, self.path = page, jupyter, f"{name}.ipynb"
        self.address = f"{jupyter.url}{application}/{self.path}?token={jupyter.token}&reset"
        self.cells = nbformat.read(scratch.COURSE / self.path, as_version=4).cells
        self.ids = [cell.id for cell in self.cells]
        self.code_ids = [cell.id for cell in self.cells if cell.cell_type == "code"]
        self.errors = page.locator(ERRORS)

    def open(self) -> None:
        """Open a fresh copy."""
        shutil.copyfile(scratch.COURSE / self.path, self.jupyter.folder / self.path)
        self.show()

    def show(self) -> None:
        """Show the file, and wait for its kernel: before that, running a cell asks which one to use."""
        self.page.goto(self.address)
        expect(self.page.locator(".jp-Notebook .jp-Cell")).to_have_count(len(self.ids))
        self.wait_until_idle()

    def wait_until_idle(self) -> None:
        """Wait until the server says that the kernel has nothing to do; the page alone says so too early."""
        deadline = time.monotonic() + WAIT / 1000
        while [one["kernel"]["execution_state"] for one in sessions(self.page, self.jupyter)] != ["idle"]:
            assert time.monotonic() < deadline, f"The kernel of {self.path} does not become idle."
            self.page.wait_for_timeout(100)

    def cell(self, identifier: str) -> "sync_api.Locator":
        """A cell on the page."""
        return self.page.locator(f'.jp-Notebook [data-windowed-list-index="{self.ids.index(identifier)}"]')

    def output(self, identifier: str) -> "sync_api.Locator":
        """Everything below a cell."""
        return self.cell(identifier).locator(".jp-OutputArea")

    def prompt(self, identifier: str) -> "sync_api.Locator":
        """What stands beside a code cell: [*] while it waits or runs, then its number."""
        return self.cell(identifier).locator(".jp-InputPrompt")

    def run_all(self) -> None:
        """Choose Run All Cells, and wait until the last code cell has run or been given up."""
        last = self.prompt(self.code_ids[-1])
        before = last.inner_text()
        self.page.get_by_role("menuitem", name="Run", exact=True).click()
        self.page.locator("#jp-mainmenu-run").get_by_text("Run All Cells", exact=True).click()
        # Not "[*]:", which a quick page shows for a moment only, and a busy machine may not be looking then.
        expect(last).not_to_have_text(before)
        expect(last).not_to_have_text("[*]:", timeout=RUN_LIMIT)

    def write(self, identifier: str, source: str) -> None:
        """Put another text into a cell, at one go: typed letters would be completed and indented."""
        self.cell(identifier).locator(".cm-content").click()
        self.page.keyboard.press("ControlOrMeta+a")
        self.page.keyboard.insert_text(source)

    def run(self, identifier: str) -> None:
        """Click into a cell and press Ctrl+Enter."""
        self.cell(identifier).locator(".cm-content").click()
        self.page.keyboard.press("Control+Enter")

    def restart(self) -> None:
        """Choose Restart Kernel, confirm, and wait for the new kernel."""
        self.kernel_menu("Restart Kernel")
        with self.page.expect_response(lambda answer: answer.url.partition("?")[0].endswith("/restart")):
            self.page.locator(".jp-Dialog .jp-mod-accept").click()
        self.wait_until_idle()

    def interrupt(self) -> None:
        """Choose Interrupt Kernel."""
        self.kernel_menu("Interrupt Kernel")

    def kernel_menu(self, entry: str) -> None:
        """Choose an entry of the menu Kernel by the beginning of its name."""
        self.page.get_by_role("menuitem", name="Kernel", exact=True).click()
        self.page.locator("#jp-mainmenu-kernel").get_by_text(re.compile(rf"^{entry}(…|\.\.\.)?$")).click()

    def save(self) -> None:
        """Press Ctrl+S, and wait until the server has written the file."""
        with self.page.expect_response(lambda answer: answer.request.method == "PUT" and answer.ok):
            self.page.keyboard.press("ControlOrMeta+s")

    def expect_all_run(self) -> None:
        """Expect a number beside every code cell, and no error below any."""
        expect(self.errors).to_have_count(0)  # the cells after an error have no number, and it says why
        for identifier in self.code_ids:
            expect(self.prompt(identifier)).to_have_text(re.compile(r"^\[\d+\]:$"))
        expect(self.errors).to_have_count(0)
